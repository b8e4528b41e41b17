import { number, text, type Dynamo, type Item } from '../../src/adapters/aws/dynamo/item.ts'
import { getAll } from '../../src/adapters/aws/dynamo/read-all.ts'
import { readStates } from '../../src/adapters/aws/dynamo/dynamo-state-store.ts'
import { nearest, type Placed } from '../../src/core/device/nearest.ts'
import type { Device } from '../../src/core/device/profile.ts'
import type { DeviceCondition } from '../../src/core/device/status.ts'
import { receiptOf, type DeviceState } from '../../src/core/telemetry/device-state.ts'
import { trades } from '../../src/core/telemetry/reading.ts'
import { devicePlace } from '../../src/pipeline/device-place.ts'
import { isAskedAbout } from '../../src/pipeline/devices/is-asked-about.ts'
import { tradeLayout } from '../../src/pipeline/trade-layouts.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { DeviceDesk, DeviceStatusView, StatusQuery } from '../../src/ports/device-desk.ts'
import { newsOf } from '../middleware/presence-snapshot.ts'
import type { Standing } from './standing.ts'

export interface DeskStatusParts {
  dynamo: Dynamo
  stateTable: string
  presenceTable: string
  standing(): Promise<Standing>
  clock: Pick<Clock, 'now'>
}

/** Positions are a minute old where candidates are chosen: by then a vehicle at 200 km/h is elsewhere, and so was another. */
const MOVED_M = 7_000
const SPARE_CANDIDATES = 50

/**
 * Who is how, and where, on AWS: chosen by what the last sweep found, a minute ago at most, and then looked at again by
 * the items of presence and state of just those devices. No request reads a table through.
 */
export function deskStatus(parts: DeskStatusParts): Pick<DeviceDesk, 'status' | 'nearest'> {
  const { dynamo, stateTable, presenceTable, standing, clock } = parts
  const layouts = trades.map(tradeLayout)
  const statesOf = async (things: readonly string[]): Promise<DeviceState[]> =>
    readStates(dynamo, stateTable, things, layouts)

  /** What has been heard since the sweep counts, too. */
  async function views({ watch }: Standing, things: readonly string[]): Promise<DeviceStatusView[]> {
    const now = clock.now()
    const [links, states] = await Promise.all([
      getAll(dynamo, presenceTable, things.map((thing): Item => ({ thing: { S: thing } }))), // prettier-ignore
      statesOf(things),
    ])
    for (const item of links) {
      const link = { thing: text(item, 'thing'), connected: item['connected']?.BOOL === true, at: number(item, 'at') } // prettier-ignore
      watch.news(link.thing, newsOf(link), now)
    }
    for (const state of states) if (receiptOf(state) > 0) watch.heard(state.thing, receiptOf(state))
    return things.map((thing) => ({ thing, ...watch.status(thing, now) }))
  }

  function* devicesOf(
    { configuration, things }: Standing,
    query: StatusQuery,
    after = '',
  ): Generator<Device> {
    const now = clock.now()
    for (const thing of things) {
      if (thing <= after) continue
      const device = configuration.profile(thing, now)?.device
      if (device && isAskedAbout(device, query)) yield device
    }
  }

  function* placesOf(all: Standing, query: StatusQuery): Generator<Placed> {
    for (const { thing, location } of devicesOf(all, query)) {
      const place = all.places.get(thing) ?? location
      if (place) yield { thing, ...place }
    }
  }

  return {
    status: {
      of: async (thing) => (await views(await standing(), [thing]))[0]!,
      list: async ({ condition, cursor = '', limit, ...query }) => {
        const all = await standing()
        const found: DeviceStatusView[] = []
        let page: string[] = []
        const look = async (): Promise<void> => {
          const seen = await views(all, page)
          found.push(...seen.filter((view) => condition === undefined || view.condition === condition))
          page = []
        }
        for (const { thing } of devicesOf(all, query, cursor)) {
          if (condition !== undefined && all.condition(thing) !== condition) continue
          if (page.push(thing) + found.length >= limit) await look()
          if (found.length >= limit) break
        }
        if (page.length > 0) await look()
        return found
      },
      counts: async (query) => {
        const all = await standing()
        const counts: Record<DeviceCondition | 'suspended' | 'retired' | 'devices', number> = { devices: 0, never: 0, online: 0, silent: 0, offline: 0, suspended: 0, retired: 0 } // prettier-ignore
        for (const { thing, status } of devicesOf(all, query)) {
          counts.devices++
          counts[status === 'active' ? all.condition(thing) : status]++
        }
        return counts
      },
    },
    nearest: async ({ latitude, longitude, limit, withinM = Infinity, ...query }) => {
      const from = { latitude, longitude }
      const chosen = nearest(placesOf(await standing(), query), from, limit + SPARE_CANDIDATES, withinM + MOVED_M) // prettier-ignore
      const states = new Map((await statesOf(chosen.map((c) => c.thing))).map((state) => [state.thing, state])) // prettier-ignore
      const placed = chosen.map(({ thing, ...then }): Placed => {
        const state = states.get(thing)
        const now = (state && devicePlace(state)) ?? then
        return { thing, latitude: now.latitude, longitude: now.longitude }
      })
      return nearest(placed, from, limit, withinM)
    },
  }
}
