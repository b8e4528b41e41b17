import { describe, expect, it } from 'vitest'
import { planText } from '../../src/cli/plan.ts'

const AT = Date.UTC(2026, 0, 5, 6)
const plan = {
  at: AT,
  action: 'apply' as const,
  saving: 0.214,
  horizonHours: 48,
  expectedCost: 7.5,
  scheduledCost: 9.54,
  currency: 'EUR',
  weather: 'HTTP forecast',
  zones: [
    { zone: 'south', action: 'apply', method: 'model', expectedKWh: 30, scheduledKWh: 38, why: 'heat south to 21.0 °C because people are there.' }, // prettier-ignore
  ],
  left: [{ zone: 'attic', why: 'attic is left to its own schedule because its temperature has not been measured for a day.' }], // prettier-ignore
  stepMs: 900_000,
  horizon: Array.from({ length: 8 }, (_, k) => ({ at: AT + k * 900_000, outdoorC: -1 + k / 4, price: 0.24 })),
  setPoints: { south: Array.from({ length: 8 }, (_, k) => ({ heatC: 20 + k / 10, coolC: 24 })) },
}

describe('planText', () => {
  it('says what is done, why, what is left alone, and each hour’s set-points', () => {
    expect(planText('hq', plan)).toBe(
      [
        'hq at 2026-01-05T06:00:00.000Z: applied, 7.50 EUR in 48 hours against 9.54 EUR by its schedule (saving 21 %); weather: HTTP forecast',
        'heat south to 21.0 °C because people are there.',
        'attic is left to its own schedule because its temperature has not been measured for a day.',
        '',
        'UTC               outdoor °C  price  south',
        '2026-01-05T06:00          -1   0.24  20.0–24.0 °C',
        '2026-01-05T07:00           0   0.24  20.4–24.0 °C',
      ].join('\n'),
    )
  })

  it('names no cost where no zone can be planned', () => {
    expect(
      planText('hq', {
        ...plan,
        action: 'advise',
        zones: [],
        setPoints: {},
        expectedCost: 0,
        scheduledCost: 0,
      }),
    ).toBe(
      [
        'hq at 2026-01-05T06:00:00.000Z: no zone can be planned; weather: HTTP forecast',
        'attic is left to its own schedule because its temperature has not been measured for a day.',
      ].join('\n'),
    )
  })
})
