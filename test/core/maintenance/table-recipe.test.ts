import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findFormulas } from '../../../src/core/maintenance/derived-features.ts'
import { failureTargets, readLabels } from '../../../src/core/maintenance/failure-targets.ts'
import { bestLimits } from '../../../src/core/maintenance/limit.ts'
import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'
import { parseTable } from '../../../src/core/maintenance/table.ts'
import { learnRecipe } from '../../../src/core/maintenance/table-recipe.ts'

describe('bestLimits', () => {
  it('parts the values better than any other single limit', () => {
    const row = fc.record({ value: fc.integer({ min: 0, max: 20 }), one: fc.boolean() })
    const left = (rows: readonly { one: boolean }[]) => {
      const ones = rows.filter(({ one }) => one).length
      return rows.length === 0 ? 0 : (ones * (rows.length - ones)) / rows.length
    }
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const gainAt = (limit: number) =>
          left(rows) - left(rows.filter((r) => r.value < limit)) - left(rows.filter((r) => r.value >= limit))
        const [found] = bestLimits(rows.map((r) => r.value), [rows.map((r) => Number(r.one))]) // prettier-ignore
        const best = Math.max(0, ...rows.map((r) => gainAt(r.value)))
        expect(found!.gain).toBeCloseTo(best, 9)
        if (found!.gain > 0) expect(gainAt(found!.limit)).toBeCloseTo(best, 9)
      }),
    )
  })

  it('does not look at what is missing', () => {
    expect(bestLimits([1, NaN, 3, NaN, 5], [[0, 1, 0, 1, 1]])[0]).toMatchObject({ limit: 5, above: true })
    expect(bestLimits([NaN, NaN], [[0, 1]])[0]!.gain).toBe(0)
  })
})

describe('findFormulas', () => {
  it('finds the product that breaks, and nothing where chance labels', () => {
    const random = seededRandom(3)
    const columns = Object.fromEntries(
      ['force', 'length', 'colour'].map((name) => [name, Array.from({ length: 600 }, () => 1 + random())]),
    )
    const breaks = columns['force']!.map((f, i) => (f * columns['length']![i]! > 3 ? 1 : 0))
    expect(findFormulas(columns, columns, [breaks]).map(({ name }) => name)).toEqual(['force * length'])
    const chance = breaks.map(() => (random() < 0.1 ? 1 : 0))
    expect(findFormulas(columns, columns, [chance])).toEqual([])
  })
})

describe('failureTargets', () => {
  const table = (rows: string[]) => parseTable(['failure,twf,load,failure_type', ...rows].join('\n'))
  const targetsOf = (rows: string[]) => {
    const given = table(rows)
    return failureTargets(given, 'failure', readLabels(given, 'failure'))
  }
  const times = (n: number, row: string) => Array<string>(n).fill(row)

  it('makes a target of each mode of enough rows, and one of what is left', () => {
    const { modes, ones } = targetsOf([
      ...times(5, '1,1,9,'),
      ...times(6, '1,0,9,heat'),
      ...times(4, '1,0,9,'),
      ...times(2, '1,0,9,rare'),
      ...times(20, '0,0,1,'),
    ])
    expect(modes).toEqual(['twf', 'heat', 'other'])
    expect(ones.map((of) => of.reduce((a, b) => a + b))).toEqual([5, 6, 6])
  })

  it('takes no mode for one that shows without failure, and the label alone where there are none', () => {
    const { modes } = targetsOf([...times(5, '1,1,9,'), ...times(30, '0,1,1,')])
    expect(modes).toEqual(['failure'])
  })
})

describe('learnRecipe', () => {
  it('finds the load that each grade bears, and lets no outcome and no identifier in', () => {
    const random = seededRandom(5)
    const bears = { A: 40, B: 60, C: 80 }
    const rows = Array.from({ length: 1500 }, (_, i) => {
      const grade = ['A', 'B', 'C'][i % 3] as keyof typeof bears
      const load = Math.round(1000 * random()) / 10
      const failed = load > bears[grade] && random() < 0.9 ? 1 : 0
      return `${i},${grade},${load},7,${failed},${failed}`
    })
    const given = parseTable(['UDI,Grade,Load [kN],Constant,Failure,OSF', ...rows].join('\n'))
    const labels = readLabels(given, 'failure')
    const recipe = learnRecipe(given, 'failure', labels, [labels], [])
    expect([recipe.numeric, Object.keys(recipe.categories)]).toEqual([['load'], ['grade']])
    expect(recipe.categories['grade']).toEqual(['C', 'B', 'A'])
    const [{ feature, category, limits }] = recipe.graded as [(typeof recipe.graded)[0]]
    expect([feature, category]).toEqual(['load', 'grade'])
    for (const [grade, limit] of Object.entries(bears))
      expect(Math.abs(limits[grade]! - limit)).toBeLessThan(2)
  })
})
