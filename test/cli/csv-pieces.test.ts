import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvPieces } from '../../src/cli/support/csv-pieces.ts'
import { parseCsv } from '../../src/core/table/csv.ts'

const cell = fc.oneof(
  fc.constantFrom('a', '1.5', '5" pipe', ''),
  fc.constantFrom('"x, y"', '"two\nlines"', '"a ""quoted"" word"'),
)

describe('csvPieces', () => {
  it('cuts between rows only, and counts what a parser finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (rows, size, lineEnd, ended) => {
          const text = `h1,h2,h3${lineEnd}${rows.map((r) => r.join(',')).join(lineEnd)}${ended ? lineEnd : ''}`
          async function* chunks() {
            for (let i = 0; i < text.length; i += 7) yield text.slice(i, i + 7)
          }
          const found: string[][] = []
          for await (const piece of csvPieces(chunks(), size)) {
            const [header, ...more] = parseCsv(piece.text, ',')
            expect(header).toEqual(['h1', 'h2', 'h3'])
            expect(more).toHaveLength(piece.rows)
            found.push(...more)
          }
          expect(found).toEqual(parseCsv(text, ',').slice(1))
        },
      ),
    )
  })
})
