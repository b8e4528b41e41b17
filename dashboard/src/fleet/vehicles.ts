import type { Device, Latest } from '../api/types.ts'
import { worstByThing } from '../data/active-alarms.ts'
import { newestAt, presenceOf } from '../data/presence.ts'
import type { Presence } from '../ui/parts.tsx'

export interface Vehicle {
  device: Device
  /** Null before its first position. */
  place: { latitude: number; longitude: number } | null
  speedKmh: number | null
  fuelPercent: number | null
  at: number
  presence: Presence
  /** What its colour says. */
  tone: 'critical' | 'major' | 'minor' | 'warning' | 'moving' | 'standing' | 'silent'
}

const MOVING_KMH = 3

export function vehicleOf(device: Device, latest: Latest | undefined): Vehicle {
  const value = (measure: string): number | null =>
    latest?.values.find((found) => found.measure === measure)?.value ?? null
  const [latitude, longitude] = [value('latitude'), value('longitude')]
  const speedKmh = value('speed')
  const presence = presenceOf(device, latest)
  const alarm = worstByThing.value.get(device.thing)
  return {
    device,
    place: latitude === null || longitude === null ? null : { latitude, longitude },
    speedKmh,
    fuelPercent: value('fuelLevel'),
    at: newestAt(latest),
    presence,
    tone:
      alarm?.severity ??
      (presence !== 'reporting' ? 'silent' : (speedKmh ?? 0) > MOVING_KMH ? 'moving' : 'standing'),
  }
}
