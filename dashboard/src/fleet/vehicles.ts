import type { Device } from '../api/types.ts'
import type { Alarm } from '../api/types.ts'
import { presenceOf, type Status } from '../data/presence.ts'
import type { Presence } from '../ui/parts.tsx'
import type { Position } from './fleet-positions.ts'

/** What a vehicle’s colour says: its alarm, else what it does. */
export type Tone = Alarm['severity'] | 'moving' | 'standing' | 'silent'

export interface Vehicle {
  device: Device
  /** Null before its first position. */
  position: Position | null
  /** Null while it is not known yet. */
  presence: Presence | null
  tone: Tone
}

const MOVING_KMH = 3

export function vehicleOf(
  device: Device,
  position: Position | undefined,
  statuses: ReadonlyMap<string, Status> | null,
  alarm: Alarm | undefined,
): Vehicle {
  const presence = statuses && presenceOf(device, statuses.get(device.thing))
  const moving = (position?.speedKmh ?? 0) > MOVING_KMH
  return {
    device,
    position: position ?? null,
    presence,
    tone:
      alarm?.severity ??
      (presence !== null && presence !== 'online' ? 'silent' : moving ? 'moving' : 'standing'),
  }
}
