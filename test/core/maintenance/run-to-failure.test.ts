import { describe, expect, it } from 'vitest'
import { learnConditions, regimeOf, standardize } from '../../../src/core/maintenance/operating-conditions.ts'
import { learnRulKnowledge, rulFeatures } from '../../../src/core/maintenance/rul-features.ts'
import {
  looksLikeRuns,
  parseRemainingLives,
  parseRuns,
} from '../../../src/core/maintenance/run-to-failure.ts'
import { columnName, parseTable } from '../../../src/core/maintenance/table.ts'
import { fleetOfRuns } from './synthetic-runs.ts'

describe('parseRuns', () => {
  const { text } = fleetOfRuns({ seed: 1, units: 3, regimes: 1 })

  it('gives units and cycles ascending, whatever the order of the lines, for true lives come in the order of the units', () => {
    const lines = text.trimEnd().split('\n').reverse()
    const runs = parseRuns(`\n${lines.join('\r\n')}`)
    expect(runs.map(({ unit }) => unit)).toEqual([1, 2, 3])
    expect(runs).toEqual(parseRuns(text))
    expect(runs[0]!.cycles.slice(0, 3)).toEqual([1, 2, 3])
    expect([runs[0]!.settings.length, runs[0]!.sensors.length]).toEqual([3, 21])
  })

  it('names the line that is not 26 numbers', () => {
    expect(() => parseRuns(`${text}1 2 3\n`)).toThrow(/has 3 fields/)
    expect(() => parseRuns(text.replace(' 500', ' x'))).toThrow('line 1, field 6 is x, not a number')
    expect(() => parseRuns(text.replace(' 500', ' NaN'))).toThrow('line 1, field 6 is NaN')
    expect(() => parseRuns('\n \n')).toThrow(/empty/)
  })

  it('refuses units that are there twice: a life would be mixed of two', () => {
    expect(() => parseRuns(text + text)).toThrow('unit 1 has cycle 1 twice')
  })

  it('knows its form from a table', () => {
    expect(looksLikeRuns(text)).toBe(true)
    expect(looksLikeRuns(`\n  ${text}`)).toBe(true)
    expect(looksLikeRuns('a,b\n1,2\n')).toBe(false)
    expect(looksLikeRuns('')).toBe(false)
  })
})

describe('parseRemainingLives', () => {
  it('reads one number a line, blanks or not', () => {
    expect(parseRemainingLives('112 \n98 \r\n69')).toEqual([112, 98, 69])
    expect(() => parseRemainingLives('1\nx')).toThrow(/remaining life 2 is x/)
  })
})

describe('learnConditions', () => {
  it('takes the noise of a steady setting for no regime', () => {
    const runs = parseRuns(fleetOfRuns({ seed: 1, units: 3, regimes: 1 }).text)
    expect(Object.keys(learnConditions(runs).regimes)).toHaveLength(1)
  })

  it('finds six regimes, drops constant sensors, and reads an unseen regime as its neighbour', () => {
    const runs = parseRuns(fleetOfRuns({ seed: 1, units: 5, regimes: 6 }).text)
    const conditions = learnConditions(runs)
    expect(Object.keys(conditions.regimes)).toHaveLength(6)
    expect(conditions.sensors).not.toContain(0)
    const flat = standardize(conditions, runs[0]!)[0]!
    expect(Math.abs(flat.reduce((sum, z) => sum + z, 0) / flat.length)).toBeLessThan(0.5)
    const strange = { ...runs[0]!, settings: runs[0]!.settings.map((of) => of.map(() => 1e6)) }
    expect(Object.keys(conditions.regimes)).toContain(regimeOf(conditions, strange, 0))
  })
})

describe('rulFeatures', () => {
  it('computes a cycle from its past alone', () => {
    const runs = parseRuns(fleetOfRuns({ seed: 3, units: 2, regimes: 1 }).text)
    const knowledge = learnRulKnowledge(runs)
    const whole = rulFeatures([runs[0]!], knowledge)
    for (const cycles of [3, 20, 60]) {
      const cut = {
        ...runs[0]!,
        cycles: runs[0]!.cycles.slice(0, cycles),
        settings: runs[0]!.settings.map((of) => of.slice(0, cycles)),
        sensors: runs[0]!.sensors.map((of) => of.slice(0, cycles)),
      }
      const last = (matrix: typeof whole) => matrix.columns.map((column) => column[cycles - 1]!)
      expect(last(rulFeatures([cut], knowledge))).toEqual(last(whole))
    }
  })
})

describe('parseTable', () => {
  it('skips a byte-order mark, reads quotes, and finds the separator', () => {
    expect(parseTable('\uFEFFA [K];"B; ""x""";A (degC)\r\n1;"2;3";\r\n')).toEqual({
      names: ['a', 'b_x', 'a_2'],
      rows: 1,
      columns: { a: ['1'], b_x: ['2;3'], a_2: [''] },
      units: { a: 'K', a_2: 'degC' },
    })
  })

  it('passes over blank lines, also those of blanks', () => {
    expect(parseTable('a,b\r\n1,2\r\n\r\n   \r\n')).toMatchObject({ rows: 1, columns: { b: ['2'] } })
  })

  it('names a row that does not fit the header', () => {
    expect(() => parseTable('a,b\n1,2\n3\n')).toThrow(/row 2 has 1 fields/)
    expect(() => parseTable('')).toThrow(/empty/)
    expect(() => parseTable('a,b\n1,"2\n3,4\n')).toThrow(/quote .* never closed/)
  })
})

describe('columnName', () => {
  it('drops units and case', () => {
    expect(['Air temperature [K]', 'Machine_failure', ' RPM (1/min) '].map(columnName)).toEqual([
      'air_temperature',
      'machine_failure',
      'rpm',
    ])
  })
})
