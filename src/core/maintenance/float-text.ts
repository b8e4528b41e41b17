const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, ALPHABET.indexOf(String.fromCharCode(code)))) // prettier-ignore

/** Float32 numbers as base64 of their little-endian bytes (RFC 4648 section 4): a third of what their digits take. */
export function floatsToText(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(4 * values.length))
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true)
  const size = view.byteLength
  const byte = (i: number): number => (i < size ? view.getUint8(i) : 0)
  let text = ''
  for (let i = 0; i < size; i += 3) {
    const group = (byte(i) << 16) | (byte(i + 1) << 8) | byte(i + 2)
    for (let k = 0; k < 4; k++)
      text += k <= Math.min(3, size - i) ? ALPHABET[(group >> (18 - 6 * k)) & 63]! : '='
  }
  return text
}

/** The numbers of such a text. Throws if their bytes are not whole numbers of four. */
export function textToFloats(text: string): Float32Array {
  let characters = text.length
  while (characters > 0 && text.charCodeAt(characters - 1) === 61) characters--
  const size = Math.floor((characters * 3) / 4)
  if (size % 4 !== 0) throw new Error(`${size} bytes are no float32 numbers`)
  const bytes = new Uint8Array(size)
  for (let i = 0, at = 0; at < size; i += 4) {
    const group =
      (VALUES[text.charCodeAt(i) & 127]! << 18) |
      (VALUES[text.charCodeAt(i + 1) & 127]! << 12) |
      (VALUES[text.charCodeAt(i + 2) & 127]! << 6) |
      VALUES[text.charCodeAt(i + 3) & 127]!
    bytes[at++] = group >> 16
    if (at < size) bytes[at++] = (group >> 8) & 255
    if (at < size) bytes[at++] = group & 255
  }
  const view = new DataView(bytes.buffer)
  const values = new Float32Array(size / 4)
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true)
  return values
}
