/** Just enough MQTT 3.1.1 to load a broker: frames are written by hand so that the generator costs little. */

export function connectFrame(clientId: string): Buffer {
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 0]), text(clientId)])
  return Buffer.concat([Buffer.from([0x10]), remaining(body.length), body])
}

export function publishFrame(topic: string, payload: Uint8Array, packetId: number): Buffer {
  const length = 2 + Buffer.byteLength(topic) + 2 + payload.length
  const head = Buffer.concat([Buffer.from([0x32]), remaining(length), text(topic)])
  const frame = Buffer.allocUnsafe(head.length + 2 + payload.length)
  head.copy(frame)
  frame.writeUInt16BE(packetId, head.length)
  frame.set(payload, head.length + 2)
  return frame
}

/** Counts whole packets of a type in a stream of small ones (CONNACK and PUBACK have four bytes). */
export function createAckReader(
  onAck: (packetId: number) => void,
  onConnack: (code: number) => void,
): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    const data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let at = 0
    while (data.length - at >= 4) {
      const type = data[at]! >> 4
      if (type === 4) onAck(data.readUInt16BE(at + 2))
      else if (type === 2) onConnack(data[at + 3]!)
      at += 2 + data[at + 1]!
    }
    rest = data.subarray(at)
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const out = Buffer.allocUnsafe(2 + bytes.length)
  out.writeUInt16BE(bytes.length)
  bytes.copy(out, 2)
  return out
}

function remaining(length: number): Buffer {
  const bytes: number[] = []
  do {
    bytes.push((length & 0x7f) | (length > 0x7f ? 0x80 : 0))
    length >>>= 7
  } while (length > 0)
  return Buffer.from(bytes)
}
