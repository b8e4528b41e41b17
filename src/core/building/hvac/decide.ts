import type { LocalClock } from '../local-time.ts'
import type { SetPoints } from './plan-zone.ts'
import type { HorizonStep, ZonePlan } from './zone-plan.ts'

export interface ZoneDecision {
  zone: string
  /** Applied through the interlock, or only advised. */
  action: 'apply' | 'advise'
  method: ZonePlan['method']
  /** For each step of the horizon; the first is for now. */
  setPoints: SetPoints[]
  /** Over the horizon. */
  expectedKWh: number
  expectedCost: number
  scheduledKWh: number
  scheduledCost: number
  /** One sentence for a person. */
  why: string
}

export interface BuildingDecision {
  action: 'apply' | 'advise'
  /** What costs and saving cover: all that is planned, as heat of one day is paid for the next. */
  horizonHours: number
  expectedCost: number
  scheduledCost: number
  /** Share of the schedule's cost, negative where the plan costs more, and what it is at least with 80 % confidence. */
  saving: number
  savingLow: number
  zones: ZoneDecision[]
  left: ZoneLeft[]
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

/** A zone that is not steered now, and why, in a sentence. */
export interface ZoneLeft {
  zone: string
  why: string
}

export interface DecisionContext {
  horizon: readonly HorizonStep[]
  clock: LocalClock
  stepHours: number
  currency: string
  /** The last decision was applied. */
  inControl: boolean
  /** Its owner wants advice alone. */
  adviseOnly: boolean
}

/** Compares the building's plans with its schedule, applies them if they save more than a tenth, and says why. */
export function decideBuilding(
  plans: readonly ZonePlan[],
  left: readonly ZoneLeft[],
  context: DecisionContext,
): BuildingDecision {
  const plannedCost = sum(plans.map((p) => sum(p.planned.cost)))
  const saving = share(plannedCost, sum(plans.map((p) => sum(p.scheduled.cost))))
  const savingLow = saving - EIGHTY_PERCENT * spread(plans)
  const relief = sum(plans.map((p) => p.scheduled.discomfortKh - p.planned.discomfortKh))
  const reason: Reason = context.adviseOnly
    ? 'advice wanted'
    : saving > WORTH_APPLYING
      ? 'saves'
      : relief > WORTH_RELIEVING_KH
        ? 'relieves'
        : context.inControl && saving > WORTH_KEEPING
          ? 'kept'
          : 'too little'
  const action = reason === 'advice wanted' || reason === 'too little' ? 'advise' : 'apply'
  const zones = plans.map((plan): ZoneDecision => {
    const expected = { kWh: sum(plan.planned.kWh), cost: sum(plan.planned.cost) }
    return {
      zone: plan.zone,
      action,
      method: plan.method,
      setPoints: plan.setPoints,
      expectedKWh: expected.kWh,
      expectedCost: expected.cost,
      scheduledKWh: sum(plan.scheduled.kWh),
      scheduledCost: sum(plan.scheduled.cost),
      why: explain(plan, expected, { reason, saving, savingLow, relief }, context),
    }
  })
  return {
    action,
    horizonHours: hoursOf(context),
    expectedCost: sum(zones.map((z) => z.expectedCost)),
    scheduledCost: sum(zones.map((z) => z.scheduledCost)),
    saving,
    savingLow,
    zones,
    left: [...left],
  }
}

type Reason = 'saves' | 'relieves' | 'kept' | 'too little' | 'advice wanted'

const hoursOf = ({ horizon, stepHours }: DecisionContext): number => Math.round(horizon.length * stepHours)
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)
/** Nothing to pay means nothing to save. */
const share = (planned: number, scheduled: number): number => (scheduled > 1e-6 ? 1 - planned / scheduled : 0)

/** Jackknife error of the saving over the folds of the zones' models (Efron 1982); a rule's guess is held to half of itself. */
function spread(plans: readonly ZonePlan[]): number {
  const folds = Math.min(...plans.map((p) => p.folds.length))
  if (!Number.isFinite(folds) || folds < 2) {
    const costs = plans.map((p) => [sum(p.planned.cost), sum(p.scheduled.cost)] as const)
    return 0.5 * Math.abs(share(sum(costs.map(([planned]) => planned)), sum(costs.map(([, s]) => s))))
  }
  const savings = Array.from({ length: folds }, (_, k) =>
    share(sum(plans.map((p) => p.folds[k]!.planned)), sum(plans.map((p) => p.folds[k]!.scheduled))),
  )
  const mean = sum(savings) / folds
  return Math.sqrt(((folds - 1) / folds) * sum(savings.map((s) => (s - mean) ** 2)))
}

interface Verdict {
  reason: Reason
  saving: number
  savingLow: number
  relief: number
}

function explain(
  plan: ZonePlan,
  expected: { kWh: number; cost: number },
  verdict: Verdict,
  context: DecisionContext,
): string {
  const { horizon, clock, currency } = context
  const { heatC, coolC } = plan.setPoints[0]!
  const now = plan.planned.plantKw[0]!
  const doing =
    now > RUNNING_KW
      ? `heat ${plan.zone} to ${heatC.toFixed(1)} °C`
      : now < -RUNNING_KW
        ? `cool ${plan.zone} to ${coolC.toFixed(1)} °C`
        : `let ${plan.zone} drift between ${heatC.toFixed(1)} and ${coolC.toFixed(1)} °C`
  const running = Math.abs(now) > RUNNING_KW
  const price = running && cheaperNow(horizon) ? ' and electricity is cheaper now than later' : ''
  const basis = plan.method === 'model' ? '' : ', by rule, as the zone has no accepted model yet'
  return `${doing} because ${people(plan, horizon, clock)}${price}${basis}; ${expected.kWh.toFixed(1)} kWh for ${expected.cost.toFixed(2)} ${currency} over the next ${hoursOf(context)} h; ${result(verdict)}.`
}

const RUNNING_KW = 0.05

function people(
  { presence, occupied }: ZonePlan,
  horizon: readonly HorizonStep[],
  clock: LocalClock,
): string {
  const first = presence.findIndex((p) => p > 0.3)
  if (first < 0) return 'nobody is expected within the horizon'
  if (first === 0)
    return occupied > 0.5 ? 'people are there' : `people are expected now (${percent(presence[0]!)})`
  const { day, minuteOfDay } = clock(horizon[first]!.at)
  const days = day - clock(horizon[0]!.at).day
  const when = days === 0 ? 'at' : days === 1 ? 'tomorrow at' : 'in two days at'
  return `people are expected ${when} ${wallTime(minuteOfDay)} (${percent(presence[first]!)})`
}

function result({ reason, saving, savingLow, relief }: Verdict): string {
  const sure = `(at least ${percent(savingLow)} with 80 % confidence)`
  switch (reason) {
    case 'saves':
      return `applied as the building saves ${percent(saving)} against its schedule ${sure}`
    case 'relieves':
      return `applied for comfort, as the schedule would leave people ${relief.toFixed(1)} kelvin-hours too cold or too warm`
    case 'kept':
      return `kept in control, as going on costs ${percent(saving)} less than going back to the schedule`
    case 'too little':
      return `only advised because the building would save ${percent(saving)}, not more than ${percent(WORTH_APPLYING)}`
    case 'advice wanted':
      return `only advised, as the building is set to be; it would save ${percent(saving)} ${sure}`
  }
}

const cheaperNow = (horizon: readonly HorizonStep[]): boolean =>
  horizon[0]!.price < 0.95 * (sum(horizon.map((s) => s.price)) / horizon.length)
const percent = (x: number): string => `${(100 * x).toFixed(0)} %`
const wallTime = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
