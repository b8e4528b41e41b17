/** A block of LZ4 (lz4_Block_format.md): literals and matches of at least four bytes, into just so many bytes. */
export function decompressLz4Block(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length)
  let [i, o] = [0, 0]
  const lengthFrom = (nibble: number): number => {
    let sum = nibble
    if (nibble === 15)
      for (let byte = 255; byte === 255; sum += byte) {
        if (i >= input.length) throw new Error('an LZ4 block ends within a length')
        byte = input[i++]!
      }
    return sum
  }
  while (i < input.length) {
    const token = input[i++]!
    const literals = lengthFrom(token >> 4)
    if (i + literals > input.length || o + literals > length)
      throw new Error('an LZ4 block has more literals than room')
    output.set(input.subarray(i, i + literals), o)
    i += literals
    o += literals
    // The last sequence has no match.
    if (i === input.length) break
    const offset = input[i]! | (input[i + 1]! << 8)
    i += 2
    const match = 4 + lengthFrom(token & 15)
    if (!(offset >= 1 && offset <= o) || o + match > length)
      throw new Error('an LZ4 block refers to bytes that it does not have')
    // It may overlap what it writes.
    for (const end = o + match; o < end; o++) output[o] = output[o - offset]!
  }
  if (o !== length) throw new Error(`an LZ4 block has ${o} bytes instead of ${length}`)
  return output
}

/**
 * Parquet's deprecated codec LZ4: Hadoop's frames, each with the lengths of its block before and after, big-endian; or, as
 * some writers had it, a block alone (parquet-format, Compression.md).
 */
export function decompressLz4Hadoop(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const output = new Uint8Array(length)
  let [i, o] = [0, 0]
  while (i + 8 <= input.length) {
    const [plain, packed] = [view.getUint32(i), view.getUint32(i + 4)]
    if (i + 8 + packed > input.length || o + plain > length) break
    try {
      output.set(decompressLz4Block(input.subarray(i + 8, i + 8 + packed), plain), o)
    } catch {
      break
    }
    i += 8 + packed
    o += plain
  }
  return i === input.length && o === length ? output : decompressLz4Block(input, length)
}
