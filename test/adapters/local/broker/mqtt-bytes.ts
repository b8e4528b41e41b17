/** MQTT 3.1.1 by hand, for streams that no client library would send. */
export const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

/** A control packet as MQTT 3.1.1, 2.2 lays it out. */
export function packet(firstByte: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length: number[] = []
  for (let rest = body.length; length.length === 0 || rest > 0; rest >>= 7)
    length.push((rest & 127) | (rest > 127 ? 128 : 0))
  return Buffer.concat([Buffer.from([firstByte, ...length]), body])
}

/** The stream in chunks that end at these places, taken around its end. */
export function chunksOf(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...new Set([...cuts.map((cut) => cut % stream.length), stream.length])].sort((a, b) => a - b)
  return ends.map((end, i) => stream.subarray(ends[i - 1] ?? 0, end)).filter((chunk) => chunk.length > 0)
}
