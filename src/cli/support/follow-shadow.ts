import {
  HVAC_SHADOW,
  zoneSetPoints,
  type ZoneSetPoints,
} from '../../core/building/hvac/desired-set-points.ts'
import type { SetPoints } from '../../core/building/hvac/plan-zone.ts'
import { isJsonObject, type Json } from '../../core/device/json.ts'
import { shadowTopic } from '../../core/device/reserved-topic.ts'
import type { DeviceConnection } from './device-connection.ts'

/** A plant behind a connection: what its thermostats are told, and the time that leases run by. */
export interface ShadowedPlant {
  now(): number
  /** Set-points until their lease ends; null: back to the plant's own schedule now. */
  set(thing: string, zone: string, setPoints: (SetPoints & { until: number }) | null): void
}

/**
 * A zone's controller as the world sees it: follows the desired state of its shadow `hvac`, reports what it does, and
 * asks again whenever it has been away (docs/building.md). `ended` is called when a lease has run out.
 */
export async function followShadow(
  thing: string,
  connection: DeviceConnection,
  plant: ShadowedPlant,
): Promise<{ ended(zone: string): void }> {
  const base = shadowTopic(thing, HVAC_SHADOW)
  const held = new Map<string, ZoneSetPoints>()
  const told = new Map<string, string>()

  function report(zone: string, { mode, source, by, at, heatC, coolC, until }: ZoneSetPoints): void {
    const holds = mode === 'setpoints'
    const none = (value: number | undefined): number | null => (holds ? (value ?? null) : null)
    const entry = { mode, source: source ?? null, by: by ?? null, at: at ?? null, heatC: none(heatC), coolC: none(coolC), until: none(until) } // prettier-ignore
    const text = JSON.stringify({ state: { reported: { zones: { [zone]: entry } } } })
    if (told.get(zone) === text) return
    told.set(zone, text)
    connection.publish(`${base}/update`, text).catch(() => told.delete(zone))
  }

  /** A delta has only what differs, so that it is laid over what is known. */
  function take(section: Json | undefined): void {
    if (!isJsonObject(section) || !isJsonObject(section['zones'])) return
    for (const [zone, entry] of Object.entries(section['zones'])) {
      if (!isJsonObject(entry)) continue
      const known = held.get(zone) ?? { mode: 'schedule' as const }
      const wish = zoneSetPoints({ zones: { [zone]: { ...known, ...entry } } }, zone)
      if (wish === null) continue
      held.set(zone, wish)
      const { mode, heatC, coolC, until } = wish
      const holds = mode === 'setpoints' && heatC !== undefined && coolC !== undefined && until !== undefined && plant.now() < until // prettier-ignore
      plant.set(thing, zone, holds ? { heatC, coolC, until } : null)
      report(zone, holds ? wish : { ...wish, mode: 'schedule' })
    }
  }

  const heard = (topic: string, text: string): void => {
    const state = stateOf(text)
    if (topic === `${base}/update/delta`) take(state)
    if (topic === `${base}/get/accepted` && isJsonObject(state)) take(state['desired'])
  }
  await connection.subscribe(`${base}/update/delta`, heard)
  await connection.subscribe(`${base}/get/accepted`, () => {})
  connection.onConnect(() => void connection.publish(`${base}/get`, '{}').catch(() => {}))
  return {
    ended: (zone) => report(zone, { ...held.get(zone), mode: 'schedule' }),
  }
}

function stateOf(text: string): Json | undefined {
  try {
    const message = JSON.parse(text) as Json
    return isJsonObject(message) ? message['state'] : undefined
  } catch {
    return undefined
  }
}
