import type { Site } from '../building/site.ts'
import type { Rule } from '../alarm/rule.ts'
import type { Severity } from '../alarm/transition.ts'
import type { EpochMs, Trade } from '../telemetry/reading.ts'
import type { ActuatorLimits } from './actuator.ts'

/** What a device type says of one measure. Limits are in `unit`, the canonical UCUM unit that is stored. */
export interface MeasureType {
  unit?: string
  /** gauge: any value. counter: rises, and a fall is a reset. */
  kind?: 'gauge' | 'counter' | 'state'
  /** Physical limits: outside is impossible or unsafe. */
  low?: number
  high?: number
  /** How far back inside a limit clears its alarm; default 2 % of the limits' span. */
  deadband?: number
  /** Largest credible change per second. */
  ratePerSecond?: number
  /** This many equal readings in a row mean a stuck sensor; 0 turns it off. */
  stuckAfter?: number
  /** Robust z-score beyond which a reading is a spike, and how many in a row raise an alarm; 0 turns it off. */
  zLimit?: number
  zRun?: number
  severity?: Partial<Record<'limit' | 'rate' | 'stuck' | 'z', Severity>>
}

/** A version of a device type. A measure is found by its full name, else by its name without `@instance`. */
export interface DeviceType {
  name: string
  trade: Trade
  version: number
  measures: Readonly<Record<string, MeasureType>>
  /** Expected time between messages; learned if absent. */
  expectedIntervalMs?: number
  /** Judged on each closed minute of every device of the type, by name. */
  rules?: Readonly<Record<string, Rule>>
  /** What commands of these names may ask for. */
  actuators?: Readonly<Record<string, ActuatorLimits>>
}

/** Limits of the actuator that a command of this name moves; null if it moves none. */
export const actuatorOf = (type: DeviceType | null, command: string): ActuatorLimits | null =>
  type?.actuators && Object.hasOwn(type.actuators, command) ? type.actuators[command]! : null

/** What jobs have learned of a series, for detectors that compare with the usual. */
export interface Learned {
  median: number
  spread: number
}

export type DeviceStatus = 'active' | 'suspended' | 'retired'

/** One device as the registry knows it. */
export interface Device {
  thing: string
  trade: Trade
  type: string
  status: DeviceStatus
  site?: string
  location?: { latitude: number; longitude: number }
  /** The gateway that may speak for this device. */
  gateway?: string
  attributes: Readonly<Record<string, string>>
  /** Measures of this one device that differ from its type's. */
  measures?: Readonly<Record<string, MeasureType>>
}

/** Everything that stages need to know of a device, in force at one moment. `version` changes whenever any part does. */
export interface DeviceProfile {
  version: number
  device: Device
  type: DeviceType
  learned: Readonly<Record<string, Learned>>
}

/**
 * The type's word on a measure, the device's own word first. Remembered with the profile; devices without words of their
 * own share their type's, so that what thousands of devices ask for each second lies in one place.
 */
export function measureType(profile: DeviceProfile, measure: string): MeasureType {
  const { device, type } = profile
  const owner = device.measures ? profile : type
  let known = remembered.get(owner)
  if (!known) remembered.set(owner, (known = new Map<string, MeasureType>()))
  let found = known.get(measure)
  if (!found) {
    const bare = measure.split('@', 1)[0]!
    found = { ...lookUp(type.measures, measure, bare), ...lookUp(device.measures ?? {}, measure, bare) }
    // Devices name measures, and a type outlives them: names that come and go must not fill the memory.
    if (known.size >= REMEMBERED_MEASURES) known.clear()
    known.set(measure, found)
  }
  return found
}
const remembered = new WeakMap<DeviceProfile | DeviceType, Map<string, MeasureType>>()
const REMEMBERED_MEASURES = 10_000

function lookUp(dictionary: Readonly<Record<string, MeasureType>>, full: string, bare: string): MeasureType {
  if (Object.hasOwn(dictionary, full)) return dictionary[full]!
  return Object.hasOwn(dictionary, bare) ? dictionary[bare]! : {}
}

/** A change of configuration. It holds for records received at or after `effectiveFrom`. */
export type Change = { effectiveFrom: EpochMs } & (
  | { kind: 'device'; key: string; value: Device | null }
  | { kind: 'type'; key: string; value: DeviceType }
  | { kind: 'learned'; key: string; value: Record<string, Learned> }
  | { kind: 'site'; key: string; value: Site | null }
)
