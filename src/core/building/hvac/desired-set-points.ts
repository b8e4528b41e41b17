import { isJsonObject, type Json, type JsonObject } from '../../device/json.ts'
import type { EpochMs } from '../../telemetry/reading.ts'
import type { SetPoints } from './plan-zone.ts'

/** The named shadow of a plant's thing; zones stand in it side by side under `zones`. */
export const HVAC_SHADOW = 'hvac'

/** Who wants a zone's set-points. */
export interface SetPointOrder {
  thing: string
  zone: string
  source: 'plan' | 'operator'
  /** A person's name, or the plan's. */
  by: string
  /** When it was decided: an older order never replaces a newer one, however late it comes. */
  at: EpochMs
  /** Held until the lease ends, then the zone is its own again; null gives it back now. */
  setPoints: (SetPoints & { until: EpochMs }) | null
}

/** How a zone stands in its shadow, desired or reported. `schedule`: the plant runs by its own. */
export interface ZoneSetPoints {
  mode: 'setpoints' | 'schedule'
  source?: 'plan' | 'operator'
  by?: string
  at?: EpochMs
  heatC?: number
  coolC?: number
  until?: EpochMs
}

/** A zone's entry under `desired` or `reported`, whoever wrote it; null where there is none that makes sense. */
export function zoneSetPoints(section: Json | undefined, zone: string): ZoneSetPoints | null {
  const zones = isJsonObject(section) ? section['zones'] : undefined
  const entry = isJsonObject(zones) && Object.hasOwn(zones, zone) ? zones[zone] : undefined
  if (!isJsonObject(entry)) return null
  const { mode, source, by, at, heatC, coolC, until } = entry
  const number = (value: Json | undefined): value is number =>
    typeof value === 'number' && Number.isFinite(value)
  if (mode !== 'setpoints' && mode !== 'schedule') return null
  return {
    mode,
    ...((source === 'plan' || source === 'operator') && { source }),
    ...(typeof by === 'string' && { by }),
    ...(number(at) && { at }),
    ...(number(heatC) && { heatC }),
    ...(number(coolC) && { coolC }),
    ...(number(until) && { until }),
  }
}

/**
 * What an order changes of a zone's desired state; null where what stands there wins: an operator's set-points until they
 * end, a newer order of the same source, or the same order already (so that a repeated minute changes nothing).
 */
export function desiredBy(
  order: SetPointOrder,
  standing: ZoneSetPoints | null,
  now: EpochMs,
): JsonObject | null {
  const { source, by, at, setPoints } = order
  const held = standing?.mode === 'setpoints' && now < (standing.until ?? 0)
  if (source === 'plan' && held && standing.source === 'operator') return null
  if (standing?.source === source && (standing.at ?? 0) >= at) return null
  if (setPoints === null) {
    // A plan has nothing to give back of what is not its own, or has ended by itself.
    if (source === 'plan' && !held) return null
    return { mode: 'schedule', source, by, at, heatC: null, coolC: null, until: null }
  }
  const { heatC, coolC, until } = setPoints
  return { mode: 'setpoints', source, by, at, heatC: hundredths(heatC), coolC: hundredths(coolC), until }
}

const hundredths = (celsius: number): number => Math.round(100 * celsius) / 100
