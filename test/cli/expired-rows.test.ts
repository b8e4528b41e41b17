import { describe, expect, it } from 'vitest'
import { defaultRetention, type RetentionPolicy } from '../../src/core/retention/retention.ts'
import type { ApiClient } from '../../src/cli/support/api-client.ts'
import { expiredRows } from '../../src/cli/support/expired-rows.ts'

const DAY = 86_400_000
const NOW = 3_000 * DAY
const at = [10, 1_831, 1_829, 2].map((days) => NOW - days * DAY)
const column = (measure: string) => ({ measure, values: at, text: null })
const apiWith = (policy: RetentionPolicy | null): Pick<ApiClient, 'find'> => ({
  find: async <T>() => (policy === null ? null : ({ policy } as T)),
})
const vibrationAWeek: RetentionPolicy = {
  ...defaultRetention,
  classes: [
    ...defaultRetention.classes,
    {
      name: 'vibration',
      measures: ['vibration'],
      days: { readings: 7, windows: 30, quarters: 3_660, days: 7_320 },
    },
  ],
}

describe('rows that the installation will not keep', () => {
  it.each([
    ['older than five years, in any order', defaultRetention, ['temperature'], { rows: 1, keptDays: 1_830 }],
    ['of a measure kept for less', vibrationAWeek, ['temperature', 'vibration'], { rows: 3, keptDays: 7 }],
    [
      'of the default, where other measures are kept for less',
      vibrationAWeek,
      ['x'],
      { rows: 1, keptDays: 1_830 },
    ],
    ['unknown without a history', null, ['temperature'], null],
  ])('are those %s', async (_which, policy, measures, expected) => {
    const recording = { at, columns: measures.map(column) }
    expect(await expiredRows(apiWith(policy), recording as never, NOW)).toEqual(expected)
  })

  it('are not mentioned where there are none', async () => {
    const recent = { at: [NOW], columns: [column('temperature')] }
    expect(await expiredRows(apiWith(defaultRetention), recent as never, NOW)).toBeNull()
  })
})
