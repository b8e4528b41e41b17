/** A stream of numbers in [0, 1). */
export type Random = () => number

/** xorshift128+ on 32-bit halves would be longer; this is sfc32 (Doty-Humphrey), period ≥ 2^32, seeded by one integer. */
export function seededRandom(seed: number): Random {
  let [a, b, c, counter] = [0, seed | 0, 0x9e3779b9 | 0, 1]
  const next: Random = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < 15; i += 1) next() // mixes the seed through all words
  return next
}
