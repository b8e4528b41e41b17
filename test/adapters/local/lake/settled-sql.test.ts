import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settledSql } from '../../../../src/adapters/local/lake/settled-sql.ts'
import { settleStored, type StoredReading } from '../../../../src/core/history/settle-stored.ts'

const stored = fc
  .record({
    at: fc.integer({ min: 0, max: 40 }),
    value: fc.constantFrom(1, 2, NaN),
    text: fc.constantFrom(null, 'on'),
    quality: fc.integer({ min: 0, max: 3 }),
    receivedAt: fc.integer({ min: 0, max: 5 }),
    again: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ again, ...r }): StoredReading => ({ ...r, confirmedAt: again > 0 ? r.receivedAt + again : null }))

describe('settledSql', () => {
  it('says what settleStored says', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await fc.assert(
      fc.asyncProperty(fc.array(stored, { minLength: 1, maxLength: 120 }), async (copies) => {
        // A source holds each time once.
        const sources = new Map<number, number>()
        const rows = copies.map((c) => {
          const source = sources.get(c.at) ?? 0
          sources.set(c.at, source + 1)
          const value = Number.isNaN(c.value) ? 'NULL' : c.value
          const text = c.text === null ? 'NULL' : `'${c.text}'`
          return `('d', 'm', ${c.at}, ${value}::DOUBLE, ${text}::VARCHAR, ${c.quality}, ${c.receivedAt}, ${c.confirmedAt ?? 'NULL'}::INT, ${source})`
        })
        const relation = `(VALUES ${rows.join(', ')}) t(device, measure, ts, value, text, quality, received, confirmed, source)`
        const found = await connection.runAndReadAll(`SELECT * FROM (${settledSql(relation)}) ORDER BY ts`)
        expect(found.getRowObjects()).toEqual(
          settleStored(copies).map((r) => ({
            device: 'd',
            measure: 'm',
            ts: r.at,
            value: Number.isNaN(r.value) ? null : r.value,
            text: r.text,
            quality: r.quality,
            received: r.receivedAt,
            confirmed: r.confirmedAt,
          })),
        )
      }),
      { numRuns: 15 },
    )
  })
})
