import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchOf } from '../../src/cli/support/batch.ts'
import type { Recording } from '../../src/cli/support/recording.ts'
import { planReplay } from '../../src/cli/support/replay-plan.ts'
import type { Sample } from '../../src/core/telemetry/sample.ts'
import { decodeNativeText } from '../../src/core/telemetry/native-message.ts'
import { settle, type Copy } from '../../src/core/telemetry/identity.ts'
import { add, mean, momentsOf, std, type Moments } from '../../src/core/window/window.ts'

const START = Date.UTC(2026, 0, 1)
const facts = {
  rows: 0,
  timeHeading: null,
  indexColumn: false,
  skippedRows: 0,
  shortRows: 0,
  unusableCells: 0,
}
const recordingOf = (offsets: number[], columns: Record<string, (Sample | null)[]>): Recording => ({
  at: Float64Array.from(offsets, (offset) => START + offset),
  columns: Object.entries(columns).map(([measure, values]) => ({ measure, heading: measure, values })),
  facts,
})

const recordings = fc
  .array(
    fc.record({
      offset: fc.integer({ min: 0, max: 400_000 }),
      a: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { freq: 4 }),
      b: fc.option(fc.integer({ min: -3, max: 3 }), { freq: 3 }),
    }),
    { minLength: 1, maxLength: 200 },
  )
  .map((rows) =>
    recordingOf(
      rows.map((row) => row.offset),
      { a: rows.map((row) => (row.a === null ? null : row.a + 0)), b: rows.map((row) => row.b) },
    ),
  )

/** Every copy that the planned messages carry, as the platform's own decoder reads them. */
function copiesOf(recording: Recording, speed: number | null): Map<string, Copy[]> {
  const copies = new Map<string, Copy[]>()
  for (const [position, { payload }] of [...planReplay(recording, speed)].entries())
    for (const column of decodeNativeText(payload)) {
      const list = copies.get(column.measure) ?? []
      copies.set(column.measure, list)
      for (const [i, at] of column.at.entries())
        list.push({
          at,
          value: column.value[i]!,
          text: column.text?.[i] ?? null,
          quality: 0,
          receivedAt: position,
          position,
        })
    }
  return copies
}

describe('planReplay', () => {
  it('packs up to 50 rows', () => {
    const steady = recordingOf(Array.from({ length: 120 }, (_, i) => i * 1000), { v: Array.from({ length: 120 }, (_, i) => i) }) // prettier-ignore
    const packs = [...planReplay(steady, null)]
    expect(packs.map(({ from, to, samples }) => [from, to, samples])).toEqual([
      [0, 50, 50],
      [50, 100, 50],
      [100, 120, 20],
    ])
    expect(JSON.parse(packs[0]!.payload)).toMatchObject({ at: START, step: 1000 })
  })

  it('packs no more than a second of wall time', () => {
    const steady = recordingOf(Array.from({ length: 30 }, (_, i) => i * 1000), { v: Array.from({ length: 30 }, () => 1) }) // prettier-ignore
    expect([...planReplay(steady, 1)].every(({ from, to }) => to - from <= 2)).toBe(true)
    expect([...planReplay(steady, 10)][0]!.to).toBe(11)
  })

  it('stays within the limits of a message, however wide and long the rows', () => {
    const wide = Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`m${i}`, Array.from({ length: 60 }, () => 'x'.repeat(40))])) // prettier-ignore
    const packs = [...planReplay(recordingOf(Array.from({ length: 60 }, (_, i) => i), wide), null)] // prettier-ignore
    expect(
      packs.every(({ payload, samples }) => Buffer.byteLength(payload) <= 131_072 && samples <= 10_000),
    ).toBe(true)
    expect(packs.reduce((total, { samples }) => total + samples, 0)).toBe(256 * 60)
  })

  it('sends nothing for rows that hold nothing', () => {
    expect([...planReplay(recordingOf([0, 1], { v: [null, null] }), null)]).toEqual([])
  })
})

describe('batchOf', () => {
  it('agrees with the identity rule and the window core on whatever is planned, repeated and unordered times included', () => {
    fc.assert(
      fc.property(recordings, fc.constantFrom(null, 1, 50), (recording, speed) => {
        const batch = batchOf(recording)
        const copies = copiesOf(recording, speed)
        for (const [measure, wanted] of batch.readings) {
          const settled = settle(copies.get(measure) ?? [])
          expect(settled.map(({ at, value }) => [at, value])).toEqual([...wanted].sort((x, y) => x[0] - y[0]))
          const windows = new Map<number, Moments>()
          for (const { at, value } of settled) {
            const minute = Math.floor(at / 60_000) * 60_000
            const open = windows.get(minute)
            if (open) add(open, value)
            else windows.set(minute, momentsOf(value))
          }
          const computed = batch.windows.get(measure)!
          expect([...computed.keys()]).toEqual([...windows.keys()])
          for (const [minute, w] of windows) {
            const { n, min, max, first, last, ...rest } = computed.get(minute)!
            expect({ n, min, max, first, last }).toEqual({ n: w.n, min: w.min, max: w.max, first: w.first, last: w.last }) // prettier-ignore
            const size = Math.max(1, Math.abs(min), Math.abs(max)) * n
            for (const [a, b] of [
              [rest.sum, w.sum],
              [rest.mean, mean(w)],
              [rest.std, std(w)],
            ] as const)
              // prettier-ignore
              expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * size)
          }
        }
      }),
      { numRuns: 100, seed: 20_260_101 },
    )
  })

  it('keeps what the file says last of a time', () => {
    const { readings, readingCount } = batchOf(recordingOf([0, 1000, 0], { v: [1, 2, 3] }))
    expect([...readings.get('v')!.values()]).toEqual([3, 2])
    expect(readingCount).toBe(2)
  })

  it('makes no windows of texts', () => {
    expect(batchOf(recordingOf([0, 1000], { v: ['on', 'off'] })).windowCount).toBe(0)
  })
})
