/** What the generator sends: ten measures a device, and times that only go forward. */
export const measures = [
  'temperature',
  'vibration',
  'current',
  'pressure',
  'flow',
  'rpm',
  'load',
  'torque',
  'level',
  'humidity',
]

export type PayloadKind = 'pack50' | 'single'

export const readingsPerMessage: Record<PayloadKind, number> = { pack50: 50, single: 1 }

/** Samples of one measure in one message, a millisecond apart. */
const SAMPLES = 10
const VARIANTS = 64

/**
 * Payloads made once, with the time as thirteen digits to be written in place. A pack holds five measures of ten
 * samples, alternating between a device's first and last five.
 */
export function payloadTemplates(
  kind: PayloadKind,
  rng: () => number,
): { payload: Buffer; timeAt: number }[] {
  return Array.from({ length: VARIANTS * 2 }, (_, i) => {
    const body =
      kind === 'single'
        ? { [measures[i % measures.length]!]: walk(1, rng)[0] }
        : Object.fromEntries(
            measures.slice(i % 2 === 0 ? 0 : 5, i % 2 === 0 ? 5 : 10).map((m) => [m, walk(SAMPLES, rng)]),
          )
    const text =
      kind === 'single'
        ? `{"at":1000000000000,"measures":${JSON.stringify(body)}}`
        : `{"at":1000000000000,"step":1,"measures":${JSON.stringify(body)}}`
    return { payload: Buffer.from(text), timeAt: text.indexOf('1000000000000') }
  })
}

/** The next time a device may use: after everything it has sent. */
export const spanMs: Record<PayloadKind, number> = { pack50: SAMPLES, single: 1 }

function walk(n: number, rng: () => number): number[] {
  let v = 20 + rng() * 60
  return Array.from({ length: n }, () => Math.round((v += rng() - 0.5) * 100) / 100)
}

/** Mulberry32. */
export function seeded(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
