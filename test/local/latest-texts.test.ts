import { describe, expect, it } from 'vitest'
import { createLatestTexts, type TextAt } from '../../local/latest-texts.ts'
import { column, type Column } from '../../src/core/telemetry/reading.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'
import type { LatestValue } from '../../src/ports/telemetry-reader.ts'

function texts(...given: (string | null)[]): Column {
  const made = column(
    'mode',
    Float64Array.from(given, (_, i) => 100 + i),
    new Float64Array(given.length).fill(NaN),
    given,
  )
  made.advancing.fill(1)
  return made
}

const readings = (made: Column): DataEffect => ({
  kind: 'readings',
  batch: { thing: 'p1', lane: 'telemetry', receivedAt: 1, position: 1n, columns: [made] },
  dirty: [],
})

const latest = (at: number, value: number | null = null): { thing: string; values: LatestValue[] }[] => [
  { thing: 'p1', values: [{ measure: 'mode', at, value, trendPerMinute: null }] },
]

describe('createLatestTexts', () => {
  it('knows the newest text that moved its series, and asks for what another run has seen', async () => {
    const asked: TextAt[] = []
    const known = createLatestTexts(async (wanted) => {
      asked.push(...wanted)
      return wanted.map(({ at }) => (at === 77 ? 'old' : null))
    })
    known.note([readings(texts('auto', 'manual'))])
    const seen = latest(101)
    await known.complete(seen)
    expect(seen[0]!.values[0]!.text).toBe('manual')
    expect(asked).toEqual([])

    const before = latest(77)
    await known.complete(before)
    expect(before[0]!.values[0]!.text).toBe('old')
    expect(asked).toEqual([{ thing: 'p1', measure: 'mode', at: 77 }])
    const again = latest(77)
    await known.complete(again)
    expect([again[0]!.values[0]!.text, asked.length]).toEqual(['old', 1])
  })

  it('gives none to numbers, to what moved nothing, and where there is none', async () => {
    const known = createLatestTexts(async (wanted) => wanted.map(() => null))
    const late = texts('late')
    late.advancing.fill(0)
    known.note([readings(late)])
    for (const given of [latest(100), latest(100, 5)]) {
      await known.complete(given)
      expect(given[0]!.values[0]).not.toHaveProperty('text')
    }
  })
})
