import { describe, expect, it } from 'vitest'
import { column, Quality, type QualityName } from '../../src/core/telemetry/reading.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'
import type { WindowRow } from '../../src/core/window/window.ts'
import type { TelemetryReader } from '../../src/ports/telemetry-reader.ts'

export interface ReadingStoreCase {
  write(effects: readonly DataEffect[], now: number): Promise<void> | void
  reader: TelemetryReader
}

export const NOON = 1_763_812_800_000
type Sample = [at: number, value: number | string, quality?: QualityName]

/** A pack as the pipeline writes it. Only good readings advance. */
export function pack(
  thing: string,
  receivedAt: number,
  position: number,
  measures: Record<string, Sample[]>,
): DataEffect {
  const columns = Object.entries(measures).map(([measure, samples]) => {
    const texts = samples.map(([, value]) => (typeof value === 'string' ? value : null))
    const made = column(
      measure,
      Float64Array.from(samples, ([at]) => NOON + at),
      Float64Array.from(samples, ([, value]) => (typeof value === 'string' ? NaN : value)),
      texts.some((t) => t !== null) ? texts : null,
    )
    made.quality.set(samples.map(([, , quality = 'good']) => Quality[quality]))
    made.advancing.set(samples.map(([, , quality = 'good']) => (quality === 'good' ? 1 : 0)))
    return made
  })
  return {
    kind: 'readings',
    batch: { thing, lane: 'telemetry', receivedAt: NOON + receivedAt, position: BigInt(position), columns },
    dirty: [],
  }
}

/** The same, put back after it had failed: whatever came later may be stored already, so nothing advances any more. */
function redriven(effect: DataEffect): DataEffect {
  if (effect.kind === 'readings') for (const { advancing } of effect.batch.columns) advancing.fill(0)
  return effect
}

const window = (over: Partial<WindowRow> = {}): DataEffect => ({
  kind: 'window',
  window: { thing: 'p', measure: 't', minute: NOON / 60_000, version: NOON, repaired: false, n: 2, sum: 3, m2: 0.5, min: 1, max: 2, first: 1, last: 2, ...over },
}) // prettier-ignore

/** What the API and the jobs rely on in every store of readings: identity, receipts, versions, order, pages. */
export function readingStoreContract(name: string, make: () => Promise<ReadingStoreCase>): void {
  const now = NOON + 60_000
  const later = NOON + 3_600_000
  const all = { from: 0, to: NOON + 86_400_000, limit: 1000 }

  describe(`reading store: ${name}`, () => {
    it('gives numbers, texts and their qualities back, ascending by time and measure', async () => {
      const { write, reader } = await make()
      await write([pack('p 1', 100, 1, { 't@b 2': [[0, 21], [1000, 21.25]], state: [[0, 'a "b"\\ c, d=é']], u: [[0, -0.1, 'outOfRange']] })], now) // prettier-ignore
      expect(await reader.readings({ thing: 'p 1', ...all })).toEqual([
        {
          measure: 'state',
          at: NOON,
          value: null,
          text: 'a "b"\\ c, d=é',
          quality: 'good',
          receivedAt: NOON + 100,
        },
        { measure: 't@b 2', at: NOON, value: 21, text: null, quality: 'good', receivedAt: NOON + 100 },
        { measure: 'u', at: NOON, value: -0.1, text: null, quality: 'outOfRange', receivedAt: NOON + 100 },
        {
          measure: 't@b 2',
          at: NOON + 1000,
          value: 21.25,
          text: null,
          quality: 'good',
          receivedAt: NOON + 100,
        },
      ])
      expect(await reader.readings({ thing: 'nobody', ...all })).toEqual([])
    })

    it('takes half-open ranges, wanted measures and pages', async () => {
      const { write, reader } = await make()
      await write([pack('p', 100, 1, { t: [[0, 1], [1000, 2], [2000, 3]], u: [[0, 4], [1000, 5], [2000, 6]] })], now) // prettier-ignore
      const values = async (range: object) => (await reader.readings({ thing: 'p', ...all, ...range })).map((r) => r.value) // prettier-ignore
      expect(await values({ from: NOON, to: NOON + 2000 })).toEqual([1, 4, 2, 5])
      expect(await values({ measures: ['u'] })).toEqual([4, 5, 6])
      expect(await values({ measures: ['none'] })).toEqual([])
      expect(await values({ limit: 3 })).toEqual([1, 4, 2])
      expect(await values({ limit: 2, after: { at: NOON + 1000, measure: 't' } })).toEqual([5, 3])
    })

    it('changes nothing when the same is written again', async () => {
      const { write, reader } = await make()
      const effects = [
        pack('p', 100, 1, {
          t: [
            [0, 1],
            [1000, 2],
          ],
        }),
        window(),
      ]
      await write(effects, now)
      const before = [
        await reader.readings({ thing: 'p', ...all }),
        await reader.windows({ thing: 'p', ...all }),
      ]
      await write(effects, now)
      await write(effects, later)
      expect([
        await reader.readings({ thing: 'p', ...all }),
        await reader.windows({ thing: 'p', ...all }),
      ]).toEqual(before)
    })

    it('lets the newer receipt win, whichever is written first', async () => {
      const { write, reader } = await make()
      await write([pack('p', 200, 2, { t: [[0, 9]] })], now)
      await write([redriven(pack('p', 100, 1, { t: [[0, 1]] }))], later)
      await write([pack('q', 100, 1, { t: [[0, 1]] })], now)
      await write([pack('q', 200, 2, { t: [[0, 9, 'late']] })], now)
      for (const thing of ['p', 'q']) expect(await reader.readings({ thing, ...all })).toMatchObject([{ value: 9, receivedAt: NOON + 200 }]) // prettier-ignore
    })

    it('keeps first receipt and quality of an equal value', async () => {
      const { write, reader } = await make()
      await write([pack('p', 100, 1, { t: [[0, 1]] })], now)
      await write([pack('p', 200, 2, { t: [[0, 1, 'duplicate']] })], now)
      await write([pack('p', 300, 3, { t: [[0, 1, 'duplicate']], u: [[0, 5]] })], now)
      expect(await reader.readings({ thing: 'p', ...all })).toMatchObject([
        { measure: 't', quality: 'good', receivedAt: NOON + 100 },
        { measure: 'u', value: 5, receivedAt: NOON + 300 },
      ])
    })

    it('tells a text from the number that it replaced', async () => {
      const { write, reader } = await make()
      await write([pack('p', 100, 1, { t: [[0, 1]] })], now)
      await write([pack('p', 200, 2, { t: [[0, 'broken', 'late']] })], now)
      expect(await reader.readings({ thing: 'p', ...all })).toMatchObject([{ value: null, text: 'broken' }])
    })

    it('keeps the newer window, and a repaired one before a streamed one', async () => {
      const { write, reader } = await make()
      await write([window({ repaired: true, sum: 7 })], now)
      await write([window({ sum: 3 })], later)
      await write([window({ measure: 'u', version: NOON + 5, sum: 8 })], now)
      await write([window({ measure: 'u', version: NOON + 4, sum: 1 })], later)
      await write([window({ measure: 'v', version: NOON + 5, sum: 1 }), window({ measure: 'v', version: NOON + 4, repaired: true, sum: 9 })], now) // prettier-ignore
      expect((await reader.windows({ thing: 'p', ...all })).map((w) => [w.measure, w.sum, w.repaired])).toEqual([['t', 7, true], ['u', 8, false], ['v', 9, true]]) // prettier-ignore
    })

    it('keeps anomalies and the newest version of a fact', async () => {
      const { write, reader } = await make()
      const anomaly = {
        thing: 'p',
        measure: 't',
        at: NOON,
        detector: 'z',
        score: 4.5,
        observed: 9,
        expected: { high: 5 },
      }
      const later = { ...anomaly, at: NOON + 1000, detector: 'rate' }
      const fact = {
        type: 'trip',
        thing: 'p',
        key: 'k"1',
        at: NOON,
        until: NOON + 10,
        version: NOON + 2,
        value: { km: 1.5, to: 'A "b"' },
      }
      await write(
        [
          { kind: 'anomaly', anomaly: later },
          { kind: 'anomaly', anomaly },
          { kind: 'fact', fact },
          // Of the same type and moment: only the key tells them apart.
          { kind: 'fact', fact: { ...fact, key: 'k2' } },
          { kind: 'fact', fact: { ...fact, thing: 'q', at: NOON + 5, until: Number.MAX_SAFE_INTEGER } },
        ],
        now,
      )
      await write(
        [{ kind: 'fact', fact: { ...fact, version: NOON + 3, until: NOON + 20, value: { km: 2 } } }],
        now,
      )
      await write([{ kind: 'fact', fact: { ...fact, version: NOON + 1, value: { km: 9 } } }], now)
      expect(await reader.anomalies({ ...all, thing: 'p' })).toEqual([anomaly, later])
      expect(await reader.anomalies({ ...all, limit: 1 })).toEqual([anomaly])
      const found = await reader.facts({ ...all, type: 'trip', thing: 'p' })
      expect(found.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
        { ...fact, version: NOON + 3, until: NOON + 20, value: { km: 2 } },
        { ...fact, key: 'k2' },
      ])
      const longer = { type: 'trip', to: NOON + 10 * 86_400_000, limit: 10 }
      expect((await reader.facts({ ...all, ...longer })).map((f) => f.at - NOON)).toEqual([0, 0, 5])
      expect((await reader.facts({ ...longer, from: NOON + 9 * 86_400_000 })).map((f) => f.thing)).toEqual([
        'q',
      ])
      expect(await reader.facts({ ...longer, from: 0, startingFrom: NOON + 6 })).toEqual([])
      expect(await reader.facts({ ...all, type: 'stop' })).toEqual([])
    })
  })
}
