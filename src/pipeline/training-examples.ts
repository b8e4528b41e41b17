import type { DeviceExample } from '../core/maintenance/device-task.ts'
import { trainingMoments, type TrainingMoment, type TrainingPlan } from '../core/maintenance/training-plan.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'
import type { MachineWatch } from '../ports/machine-watch.ts'
import type { WorkOrders } from '../ports/work-orders.ts'
import type { Configuration } from './configuration.ts'
import { machineKind, machineQuestion } from './machine-profile.ts'
import { ordersOf } from './orders-of.ts'

export interface ExampleSources {
  configuration: Pick<Configuration, 'profile' | 'things'>
  orders: Pick<WorkOrders, 'list'>
  machines: Pick<MachineWatch, 'past'>
}

export interface ExampleQuestion extends TrainingPlan {
  /** Go on after this moment. */
  after?: { thing: string; at: EpochMs }
  /** Moments that are looked at for one page; some of them give no example, for nothing was measured then. */
  limit: number
  /** Ends a page early, after one moment at the least. Threat: minutes of many days from a slow lake outlast a request. */
  enough(): boolean
  /** See `MachineQuestion`. */
  asStored: boolean
  sees(thing: string): Promise<boolean>
}

export interface ExamplePage {
  examples: DeviceExample[]
  /** Where to go on; null at the end. */
  next: { thing: string; at: EpochMs } | null
  /** Moments in all, and how many of them precede a failure. */
  moments: number
  failures: number
}

const statuses = ['open', 'inProgress', 'done', 'cancelled'] as const

/** Features of machines at moments of the past, as they could be known then, with what came of them. */
export async function trainingExamples(
  { configuration, orders, machines }: ExampleSources,
  { after, limit, enough, asStored, sees, ...plan }: ExampleQuestion,
): Promise<ExamplePage> {
  const things: string[] = []
  for (const thing of configuration.things(plan.until)) {
    const profile = configuration.profile(thing, plan.until)
    if (profile && machineKind(profile) && (await sees(thing))) things.push(thing)
  }
  // Those that stand count too: what came before them is not known yet.
  const found = (await Promise.all(statuses.map(async (status) => ordersOf(orders, status)))).flat()
  const seen = new Set(things)
  const moments = trainingMoments(things, found.filter(({ thing }) => seen.has(thing)), plan) // prettier-ignore
  const rest = after ? moments.filter((moment) => follows(moment, after)) : moments
  const page = rest.slice(0, limit)
  const byThing = Map.groupBy(found, ({ thing }) => thing)
  const examples: DeviceExample[] = []
  let looked = 0
  for (const { thing, at, failed } of page) {
    if (looked > 0 && enough()) break
    looked++
    const profile = configuration.profile(thing, at) ?? configuration.profile(thing, plan.until)!
    const features = await machines.past({
      ...machineQuestion(profile, byThing.get(thing) ?? [], at),
      asStored,
    })
    if (features) examples.push({ thing, at, features, failed })
  }
  const last = page[looked - 1]
  return {
    examples,
    next: last && rest.length > looked ? { thing: last.thing, at: last.at } : null,
    moments: moments.length,
    failures: moments.filter(({ failed }) => failed === 1).length,
  }
}

const follows = (moment: TrainingMoment, after: { thing: string; at: EpochMs }): boolean =>
  moment.thing > after.thing || (moment.thing === after.thing && moment.at > after.at)
