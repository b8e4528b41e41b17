import type { Position } from '../../../core/telemetry/reading.ts'
import type { RawMessage, RawRecord } from '../../../ports/raw-record.ts'

/**
 * Raw messages side by side in one buffer, as a journal row holds them:
 * u32 payload length, f64 receipt, u16 lengths of topic, client and replayOf, then those four.
 */
const FIXED = 4 + 8 + 2 + 2 + 2

export function encodeFrames(messages: readonly RawMessage[]): Buffer {
  let bytes = 0
  for (const m of messages)
    bytes +=
      FIXED +
      m.payload.length +
      Buffer.byteLength(m.topic) +
      Buffer.byteLength(m.client) +
      (m.replayOf === undefined ? 0 : Buffer.byteLength(m.replayOf))
  const out = Buffer.allocUnsafeSlow(bytes)
  let at = 0
  for (const { topic, client, receivedAt, payload, replayOf } of messages) {
    const head = at
    at += FIXED
    const topicBytes = out.write(topic, at)
    at += topicBytes
    const clientBytes = out.write(client, at)
    at += clientBytes
    const replayBytes = replayOf === undefined ? 0 : out.write(replayOf, at)
    at += replayBytes
    out.set(payload, at)
    at += payload.length
    out.writeUInt32LE(payload.length, head)
    out.writeDoubleLE(receivedAt, head + 4)
    out.writeUInt16LE(topicBytes, head + 12)
    out.writeUInt16LE(clientBytes, head + 14)
    out.writeUInt16LE(replayBytes, head + 16)
  }
  return out
}

/** The records of one journal row; payloads are views into it. */
export function decodeFrames(row: Uint8Array, first: Position): RawRecord[] {
  const data = Buffer.from(row.buffer, row.byteOffset, row.byteLength)
  const records: RawRecord[] = []
  let position = first
  let at = 0
  while (at < data.length) {
    const payloadBytes = data.readUInt32LE(at)
    const receivedAt = data.readDoubleLE(at + 4)
    const topicEnd = at + FIXED + data.readUInt16LE(at + 12)
    const clientEnd = topicEnd + data.readUInt16LE(at + 14)
    const replayEnd = clientEnd + data.readUInt16LE(at + 16)
    const end = replayEnd + payloadBytes
    records.push({
      position: position++,
      topic: data.toString('utf8', at + FIXED, topicEnd),
      client: data.toString('utf8', topicEnd, clientEnd),
      receivedAt,
      payload: data.subarray(replayEnd, end),
      ...(replayEnd > clientEnd ? { replayOf: data.toString('utf8', clientEnd, replayEnd) } : {}),
    })
    at = end
  }
  return records
}
