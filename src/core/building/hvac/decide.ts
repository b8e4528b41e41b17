import type { LocalClock } from '../local-time.ts'
import type { SetPoints } from './plan-zone.ts'
import { PRESENCE_MATTERS, type HorizonStep, type ZonePlan } from './zone-plan.ts'

export interface ZoneDecision {
  zone: string
  /** Applied through the interlock, or only advised. */
  action: 'apply' | 'advise'
  method: ZonePlan['method']
  /** For each step of the horizon; the first is for now. */
  setPoints: SetPoints[]
  expectedKWh: number
  expectedCost: number
  scheduledKWh: number
  scheduledCost: number
  /** One sentence for a person. */
  why: string
}

export interface BuildingDecision {
  action: 'apply' | 'advise'
  expectedCost: number
  scheduledCost: number
  /** Share of the schedule's cost, and what it is at least with 80 % confidence. */
  saving: number
  savingLow: number
  zones: ZoneDecision[]
}

/** Less than this is within what weather and people change from day to day: not worth taking control for. */
export const WORTH_APPLYING = 0.1
/**
 * What was heated ahead is paid for and no longer shows as a saving: control once taken is kept while the plan is no
 * dearer than the schedule, or it would be handed back and forth with the heat between.
 */
const WORTH_KEEPING = 0
/** Expected kelvin-hours of people whom the schedule leaves cold or hot: relieved even where that saves nothing. */
const WORTH_RELIEVING_KH = 0.5
/** One-sided 80 % of a normal distribution. */
const EIGHTY_PERCENT = 0.8416

/** Compares the building's plans with its schedule, applies them if they save more than a tenth, and says why. `inControl`: the last decision was applied. */
export function decideBuilding(
  plans: readonly ZonePlan[],
  horizon: readonly HorizonStep[],
  clock: LocalClock,
  currency: string,
  inControl: boolean,
): BuildingDecision {
  const expectedCost = sum(plans.map((p) => p.planned.cost))
  const scheduledCost = sum(plans.map((p) => p.scheduled.cost))
  const saving = share(expectedCost, scheduledCost)
  const savingLow = saving - EIGHTY_PERCENT * spread(plans)
  const relief = sum(plans.map((p) => p.scheduled.discomfortKh - p.planned.discomfortKh))
  const worth = saving > (inControl ? WORTH_KEEPING : WORTH_APPLYING)
  const action = worth || relief > WORTH_RELIEVING_KH ? 'apply' : 'advise'
  const zones = plans.map((plan): ZoneDecision => ({
    zone: plan.zone,
    action,
    method: plan.method,
    setPoints: plan.setPoints,
    expectedKWh: plan.planned.kWh,
    expectedCost: plan.planned.cost,
    scheduledKWh: plan.scheduled.kWh,
    scheduledCost: plan.scheduled.cost,
    why: explain(plan, horizon, clock, currency, { action, saving, savingLow }),
  }))
  return { action, expectedCost, scheduledCost, saving, savingLow, zones }
}

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)
/** Nothing to pay means nothing to save. */
const share = (planned: number, scheduled: number): number => (scheduled > 1e-6 ? 1 - planned / scheduled : 0)

/** Jackknife error of the saving over the folds of the zones' models (Efron 1982); a rule's guess is held to half of itself. */
function spread(plans: readonly ZonePlan[]): number {
  const folds = Math.min(...plans.map((p) => p.folds.length))
  if (!Number.isFinite(folds) || folds < 2) {
    return (
      0.5 * Math.abs(share(sum(plans.map((p) => p.planned.cost)), sum(plans.map((p) => p.scheduled.cost))))
    )
  }
  const savings = Array.from({ length: folds }, (_, k) =>
    share(sum(plans.map((p) => p.folds[k]!.planned)), sum(plans.map((p) => p.folds[k]!.scheduled))),
  )
  const mean = sum(savings) / folds
  return Math.sqrt(((folds - 1) / folds) * sum(savings.map((s) => (s - mean) ** 2)))
}

function explain(
  plan: ZonePlan,
  horizon: readonly HorizonStep[],
  clock: LocalClock,
  currency: string,
  verdict: { action: 'apply' | 'advise'; saving: number; savingLow: number },
): string {
  const { heatC, coolC } = plan.setPoints[0]!
  const now = plan.planned.plantKw[0]!
  const people = plan.presence.findIndex((p) => p > 0.3)
  const doing =
    now > 0.05
      ? `heat ${plan.zone} to ${heatC.toFixed(1)} °C`
      : now < -0.05
        ? `cool ${plan.zone} to ${coolC.toFixed(1)} °C`
        : `let ${plan.zone} drift between ${heatC.toFixed(1)} and ${coolC.toFixed(1)} °C`
  const because =
    people < 0
      ? 'nobody is expected within the horizon'
      : people === 0
        ? 'people are there'
        : `people are expected at ${wallTime(clock(horizon[people]!.at).minuteOfDay)} (${percent(plan.presence[people]!)})`
  const price = cheaperNow(horizon) && Math.abs(now) > 0.05 && plan.presence[0]! <= PRESENCE_MATTERS
  const basis = plan.method === 'model' ? '' : ', by rule, as the zone has no accepted model yet'
  const result =
    verdict.action === 'apply'
      ? `${verdict.saving > WORTH_APPLYING ? 'applied' : 'applied for comfort or kept in control'} as the building saves ${percent(verdict.saving)} against its schedule (at least ${percent(verdict.savingLow)} with 80 % confidence)`
      : `only advised because the building would save ${percent(verdict.saving)}, not more than ${percent(WORTH_APPLYING)}`
  return `${doing} because ${because}${price ? ' and electricity is cheaper now' : ''}${basis}; ${plan.planned.kWh.toFixed(1)} kWh for ${plan.planned.cost.toFixed(2)} ${currency} over the horizon; ${result}.`
}

const cheaperNow = (horizon: readonly HorizonStep[]): boolean =>
  horizon[0]!.price < 0.95 * (sum(horizon.map((s) => s.price)) / horizon.length)
const percent = (x: number): string => `${(100 * x).toFixed(0)} %`
const wallTime = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
