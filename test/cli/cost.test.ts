import { describe, expect, it } from 'vitest'
import { costCommand } from '../../src/cli/cost.ts'

const run = (...args: string[]): string => {
  let text = ''
  costCommand((part) => (text += part)).parse(args, { from: 'user' })
  return text
}

describe('costCommand', () => {
  it('prints each component with its basis, and the date of its prices', () => {
    const text = run('--devices', '10000', '--rate', '10')
    for (const part of [
      'state',
      'lake',
      'hot store',
      'a million readings',
      'list prices of 20',
      'not measured',
    ])
      expect(text).toContain(part)
  })

  it('gives the same as JSON, with the question', () => {
    const answer = JSON.parse(
      run(
        '--devices',
        '500',
        '--measures',
        '4',
        '--rate',
        '2',
        '--readings-per-message',
        '20',
        '--retention-years',
        '7',
        '--json',
      ),
    ) as { question: object; dollars: number; lines: { dollars: number }[]; readings: number }
    expect(answer.question).toEqual({
      devices: 500,
      measures: 4,
      ratePerMinute: 2,
      readingsPerMessage: 20,
      retentionYears: 7,
      hotDays: 30,
      streams: 'onDemand',
      state: 'autoscaled',
    })
    expect(answer.readings).toBe(500 * 4 * 2 * 43_200)
    expect(answer.lines.reduce((sum, l) => sum + l.dollars, 0)).toBeCloseTo(answer.dollars, 6)
  })

  it('refuses what is not a number above zero', () => {
    const command = costCommand(() => undefined)
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
    expect(() => command.parse(['--devices', '-3'], { from: 'user' })).toThrow('must be a number above zero')
  })
})
