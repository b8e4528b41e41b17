import { describe, expect, it } from 'vitest'
import { decideBuilding } from '../../../../src/core/building/hvac/decide.ts'
import type { Trajectory } from '../../../../src/core/building/hvac/plan-zone.ts'
import type { ZonePlan } from '../../../../src/core/building/hvac/zone-plan.ts'
import { localClock } from '../../../../src/core/building/local-time.ts'

const AT = Date.UTC(2026, 0, 5, 6)
const horizon = [0, 1, 2, 3].map((k) => ({
  at: AT + k * 900_000,
  outdoorC: 0,
  solarWm2: 0,
  price: k === 0 ? 0.1 : 0.3,
}))
const run = (cost: number, discomfortKh = 0, plantKw = [2, 0, 0, 0]): Trajectory => ({
  temperatures: [20, 20, 20, 20],
  plantKw,
  kWh: [cost * 4],
  cost: [cost],
  discomfortKh,
})
const plan = (over: Partial<ZonePlan> = {}): ZonePlan => ({
  zone: 'south',
  method: 'model',
  setPoints: horizon.map(() => ({ heatC: 20.5, coolC: 25 })),
  planned: run(8),
  scheduled: run(10),
  folds: [8, 8.2, 7.8, 8.1].map((planned) => ({ planned, scheduled: 10 })),
  presence: [0, 0, 0.9, 0.9],
  occupied: 0,
  biasKw: 0,
  ...over,
})
const decide = (plans: ZonePlan[], inControl = false, adviseOnly = false) =>
  decideBuilding(plans, [], { horizon, clock: localClock('UTC'), stepHours: 0.25, currency: 'EUR', inControl, adviseOnly }) // prettier-ignore

describe('decideBuilding', () => {
  it('says that people are there only where somebody was measured', () => {
    const now = { presence: [0.5, 0.5, 0.9, 0.9] }
    expect(decide([plan({ ...now, occupied: 0.9 })]).zones[0]!.why).toContain('because people are there')
    expect(decide([plan(now)]).zones[0]!.why).toContain('because people are expected now (50 %)')
  })

  it('applies what saves more than a tenth of the whole building, whatever a single zone does', () => {
    const poor = plan({ zone: 'north', planned: run(10.2) })
    expect(decide([plan(), poor])).toMatchObject({ action: 'advise' })
    const { action, saving, zones } = decide([plan({ planned: run(7) }), poor])
    expect(action).toBe('apply')
    expect(saving).toBeCloseTo(1 - 17.2 / 20, 12)
    expect(zones.map((z) => z.action)).toEqual(['apply', 'apply'])
  })

  it('keeps control while it costs nothing, and gives it back when it does', () => {
    const small = plan({ planned: run(9.8) })
    expect(decide([small], false).action).toBe('advise')
    expect(decide([small], true).action).toBe('apply')
    expect(decide([plan({ planned: run(10.1) })], true).action).toBe('advise')
  })

  it('relieves people whom the schedule leaves cold, even where that costs more', () => {
    const cold = plan({ planned: run(11), scheduled: run(10, 2) })
    expect(decide([cold]).action).toBe('apply')
  })

  it('promises less than it expects, by how much the model’s folds disagree', () => {
    const sure = decide([plan({ folds: [8, 8, 8, 8].map((planned) => ({ planned, scheduled: 10 })) })])
    const unsure = decide([plan()])
    expect(sure.savingLow).toBeCloseTo(sure.saving, 12)
    expect(unsure.savingLow).toBeLessThan(unsure.saving)
    const byRule = decide([plan({ method: 'rule', folds: [] })])
    expect(byRule.saving - byRule.savingLow).toBeCloseTo(0.8416 * 0.5 * 0.2, 6)
  })

  it('says nothing of a saving where there is nothing to pay', () => {
    expect(decide([plan({ planned: run(0), scheduled: run(0) })])).toMatchObject({
      saving: 0,
      action: 'advise',
    })
  })

  it('explains itself in one sentence with what, why, cost and verdict', () => {
    expect(decide([plan({ planned: run(7) })]).zones[0]?.why).toBe(
      'heat south to 20.5 °C because people are expected at 06:30 (90 %) and electricity is cheaper now than later; 28.0 kWh for 7.00 EUR over the next 1 h; applied as the building saves 30 % against its schedule (at least 28 % with 80 % confidence).',
    )
    const rule = plan({
      method: 'rule',
      folds: [],
      planned: run(9.9, 0, [0, 0, 0, 0]),
      presence: [0, 0, 0, 0],
    })
    expect(decide([rule]).zones[0]?.why).toContain(
      'let south drift between 20.5 and 25.0 °C because nobody is expected within the horizon, by rule',
    )
  })

  it('says why it took, kept or left control, and never that advice was applied', () => {
    const why = (plans: ZonePlan[], inControl = false, adviseOnly = false): string =>
      decide(plans, inControl, adviseOnly).zones[0]!.why
    const small = plan({ planned: run(9.8) })
    expect(why([small])).toContain('only advised because the building would save 2 %, not more than 10 %.')
    expect(why([small], true)).toContain('kept in control, as going on costs 2 % less')
    expect(why([plan({ planned: run(11), scheduled: run(10, 2) })])).toContain('2.0 kelvin-hours too cold or too warm') // prettier-ignore
    expect(why([plan({ planned: run(7) })], true, true)).toContain('only advised, as the building is set to be; it would save 30 %') // prettier-ignore
    expect(decide([plan({ planned: run(7) })], true, true).action).toBe('advise')
  })

  it('counts energy, money and their saving over the same hours, all that it plans', () => {
    const steps = (each: number) => Array.from({ length: 192 }, (_, k) => (k < 96 ? each : 1))
    const planned = { ...run(0), kWh: steps(3), cost: steps(3) }
    const scheduled = { ...run(0), kWh: steps(2), cost: steps(2).map((cost, k) => (k < 96 ? cost : 4)) }
    const { zones, expectedCost, scheduledCost, saving, horizonHours } = decide([
      plan({ planned, scheduled }),
    ])
    expect(zones[0]).toMatchObject({ expectedKWh: 384, scheduledKWh: 288, expectedCost: 384, scheduledCost: 576 }) // prettier-ignore
    expect(saving).toBeCloseTo(1 - expectedCost / scheduledCost, 12)
    expect(horizonHours).toBe(1)
  })
})
