import { desiredBy, HVAC_SHADOW, zoneSetPoints } from '../../core/building/hvac/desired-set-points.ts'
import type { JsonObject } from '../../core/device/json.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SetPointDesk } from '../../ports/set-point-desk.ts'
import type { ShadowDesk, ShadowStore } from '../../ports/shadow-desk.ts'
import { isRefusal } from './shadow-desk.ts'

export interface ShadowSetPointsParts {
  shadows: Pick<ShadowDesk, 'update'>
  /** Without an answer to the device, that it did not ask for. */
  store: Pick<ShadowStore, 'read'>
  clock: Pick<Clock, 'now'>
}

/** Somebody else may write between reading and writing; so often in a row nobody does. */
const ATTEMPTS = 8

/** Set-points as desired state of the shadow `hvac` of each plant's thing, all zones of a thing in one update. */
export function shadowSetPoints({ shadows, store, clock }: ShadowSetPointsParts): SetPointDesk {
  async function applyTo(thing: string, orders: Parameters<SetPointDesk['apply']>[0]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const document = await store.read(thing, HVAC_SHADOW)
      const zones: JsonObject = {}
      for (const order of orders) {
        const wish = desiredBy(order, zoneSetPoints(document?.state.desired, order.zone), clock.now())
        if (wish !== null) zones[order.zone] = wish
      }
      if (Object.keys(zones).length === 0) return
      const answer = await shadows.update(thing, HVAC_SHADOW, {
        state: { desired: { zones } },
        ...(document && { version: document.version }),
      })
      if (!isRefusal(answer)) return
      if (answer.code !== 409 || attempt === ATTEMPTS)
        throw new Error(`the shadow of ${thing} refused set-points: ${answer.message}`)
    }
  }

  return {
    apply: async (orders) => {
      const things = Map.groupBy(orders, ({ thing }) => thing)
      for (const [thing, own] of things) await applyTo(thing, own)
    },
    standing: async (thing, zone) => {
      const document = await store.read(thing, HVAC_SHADOW)
      return {
        desired: zoneSetPoints(document?.state.desired, zone),
        reported: zoneSetPoints(document?.state.reported, zone),
      }
    },
  }
}
