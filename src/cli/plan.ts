import type { Command } from 'commander'
import { CliFailure } from './exit-codes.ts'
import { inPath, openApi } from './support/api-client.ts'
import { withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { isoTime, present, table } from './support/output.ts'

interface PlanOptions extends BoxOptionValues {
  show?: boolean
}

interface ShownPlan {
  at: number
  action: 'apply' | 'advise'
  saving: number
  horizonHours: number
  expectedCost: number
  scheduledCost: number
  currency: string | null
  weather: string
  zones: {
    zone: string
    action: string
    method: string
    expectedKWh: number
    scheduledKWh: number
    why: string
  }[]
  left: { zone: string; why: string }[]
  stepMs: number
  horizon: { at: number; outdoorC: number; price: number }[]
  setPoints: Record<string, { heatC: number; coolC: number }[]>
}

/** `plan`: plans a building's heating and cooling now, or shows the newest plan. */
export function plan(program: Command): void {
  withBoxOptions(
    program
      .command('plan <site>')
      .description('plan heating and cooling of a building now, instead of at the next quarter'),
  )
    .option('--show', 'only show the newest plan')
    .action(run)
}

async function run(site: string, options: PlanOptions): Promise<void> {
  const api = openApi(options)
  const path = `/v1/buildings/${inPath(site)}/plan`
  const { plan: made, why } =
    options.show === true ? await api.get<Answer>(path) : await api.send<Answer>('POST', path)
  if (made === null) throw new CliFailure('failed', why ?? `there is no plan for ${site}`)
  present(options.json, made, () => planText(site, made))
}

interface Answer {
  plan: ShownPlan | null
  why?: string
}

const HOUR = 3_600_000

export function planText(site: string, plan: ShownPlan): string {
  const { at, saving, horizonHours, expectedCost, scheduledCost, currency, weather } = plan
  const money = (cost: number): string => `${cost.toFixed(2)} ${currency ?? 'kWh'}`
  const sums = `${plan.action === 'apply' ? 'applied' : 'advice only'}, ${money(expectedCost)} in ${horizonHours} hours against ${money(scheduledCost)} by its schedule (saving ${(100 * saving).toFixed(0)} %)` // prettier-ignore
  const head = `${site} at ${isoTime(at)}: ${plan.zones.length === 0 ? 'no zone can be planned' : sums}; weather: ${weather}`
  const zones = Object.keys(plan.setPoints)
  const every = Math.max(1, Math.round(HOUR / plan.stepMs))
  const rows = plan.horizon.flatMap((step, k) =>
    k % every === 0
      ? [[isoTime(step.at).slice(0, 16), step.outdoorC, step.price, ...zones.map((zone) => rangeOf(plan.setPoints[zone]![k]))]] // prettier-ignore
      : [],
  )
  return [
    head,
    ...plan.zones.map(({ why }) => why),
    ...plan.left.map(({ why }) => why),
    ...(zones.length === 0 ? [] : ['', table(['UTC', 'outdoor °C', 'price', ...zones], rows)]),
  ].join('\n')
}

const rangeOf = (setPoints: { heatC: number; coolC: number } | undefined): string =>
  setPoints === undefined ? '–' : `${setPoints.heatC.toFixed(1)}–${setPoints.coolC.toFixed(1)} °C`
