import { describe, expect, it } from 'vitest'
import { calendarEdges } from '../../../src/core/history/calendar.ts'
import { momentsSql, readingsSql, runsOf } from '../../../src/core/history/lake-sql.ts'

const range = {
  things: ["o'neil"],
  measures: ['a', 'b'],
  from: Date.UTC(2026, 0, 1),
  to: Date.UTC(2026, 0, 2),
}

describe('readingsSql', () => {
  it('quotes names and gives times as timestamps', () => {
    expect(readingsSql(range)).toContain(
      "WHERE device = 'o''neil' AND measure IN ('a', 'b') AND ts >= TIMESTAMP '2026-01-01 00:00:00.000' AND ts < TIMESTAMP '2026-01-02 00:00:00.000'",
    )
  })
})

describe('momentsSql', () => {
  it('asks for parts of zone days by their lake day, and for their starts by the whole range', () => {
    const sql = momentsSql(
      'days',
      { ...range, starts: { from: range.from - 3_600_000, to: range.to } },
      { stepMs: 86_400_000 },
    )
    expect(sql).toContain("ts >= TIMESTAMP '2025-12-31 23:00:00.000'")
    expect(sql).toContain('part >= 20454 AND part <= 20454')
  })
})

describe('runsOf', () => {
  it('makes a year of days in a zone three or so runs', () => {
    const edges = calendarEdges('Europe/Oslo', 'day', Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1))
    const runs = runsOf(edges)
    expect(runs.length).toBeLessThanOrEqual(6)
    const again = runs.flatMap(({ start, end, step }) =>
      Array.from({ length: (end - start) / step }, (_, i) => start + i * step),
    )
    expect([...again, runs.at(-1)!.end]).toEqual(edges)
  })
})
