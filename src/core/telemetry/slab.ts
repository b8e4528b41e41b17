/**
 * Arrays cut from slabs, zeroed. V8 keeps up to 64 bytes of a typed array on its heap and asks malloc for anything
 * bigger, a microsecond each (`npm run -s bench -- decode`); a message needs a dozen of them. A slab lives as long as any
 * array in it, so this is for what is dropped with its message.
 */
const SLAB_BYTES = 64 * 1024
const ON_HEAP_BYTES = 64

let slab = new ArrayBuffer(SLAB_BYTES)
let used = 0

export function floats(n: number): Float64Array {
  const size = n * 8
  if (size <= ON_HEAP_BYTES || size > SLAB_BYTES / 4) return new Float64Array(n)
  const at = cut(size)
  return new Float64Array(slab, at, n)
}

export function bytes(n: number): Uint8Array {
  if (n <= ON_HEAP_BYTES || n > SLAB_BYTES / 4) return new Uint8Array(n)
  const at = cut(n)
  return new Uint8Array(slab, at, n)
}

/** Where the next `size` bytes begin, on an eight-byte boundary; the slab may be a new one afterwards. */
function cut(size: number): number {
  const padded = (size + 7) & ~7
  if (used + padded > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES)
    used = 0
  }
  const at = used
  used += padded
  return at
}
