import type { Machine } from '../../core/maintenance/failure-modes.ts'
import { lifetimesOf } from '../../core/maintenance/lifetimes.ts'
import { fitWeibull, type Lifetime, type Weibull } from '../../core/maintenance/weibull.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { installedAt, machineKind } from '../machine-profile.ts'
import { ordersOf } from '../orders-of.ts'
import type { JobSources } from './job.ts'

/** How long machines of each kind live, by what mechanics found; null where too few have failed to tell. */
export async function lifetimesByKind(
  { configuration, orders }: Pick<JobSources, 'configuration' | 'orders'>,
  at: EpochMs,
): Promise<Map<Machine, Weibull | null>> {
  const byThing = Map.groupBy(await ordersOf(orders, 'done'), ({ thing }) => thing)
  if (byThing.size === 0) return new Map()
  const lives = new Map<Machine, Lifetime[]>()
  for (const thing of configuration.things(at)) {
    const profile = configuration.profile(thing, at)
    const machine = profile && machineKind(profile)
    if (!machine) continue
    const of = lives.get(machine) ?? []
    of.push(...lifetimesOf({ installedAt: installedAt(profile), orders: byThing.get(thing) ?? [] }, at))
    lives.set(machine, of)
  }
  return new Map([...lives].map(([machine, of]) => [machine, fitWeibull(of)]))
}
