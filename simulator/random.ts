/** A seeded source of numbers. Equal seeds give equal numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** A source of its own, so that what one part draws never shifts another's numbers. */
  fork(name: string): Random
}

/** sfc32 (Doty-Humphrey, PractRand), seeded through FNV-1a of the text. */
export function createRandom(seed: string): Random {
  let a = fnv1a(seed)
  let b = fnv1a(`${seed}/b`)
  let c = fnv1a(`${seed}/c`)
  let counter = 1
  let spare = Number.NaN

  function next(): number {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let i = 0; i < 12; i++) next()

  const uniform = (): number => next() / 0x1_0000_0000
  /** Marsaglia's polar method: square root and logarithm only. */
  function normal(): number {
    if (spare === spare) {
      const kept = spare
      spare = Number.NaN
      return kept
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const s = x * x + y * y
      if (s >= 1 || s === 0) continue
      const scale = Math.sqrt((-2 * Math.log(s)) / s)
      spare = y * scale
      return x * scale
    }
  }
  return { uniform, normal, fork: (name) => createRandom(`${seed}/${name}`) }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
