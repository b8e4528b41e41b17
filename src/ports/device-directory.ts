import type { Device, DeviceStatus, DeviceType } from '../core/device/profile.ts'
import type { EpochMs, Trade } from '../core/telemetry/reading.ts'

export interface DeviceQuery {
  trade?: Trade
  site?: string
  type?: string
  status?: DeviceStatus
  /** Children of this gateway only. */
  gateway?: string
  /** Members of this group only. */
  group?: string
  /** An attribute that must be there, with this value if one is given. */
  tag?: { name: string; value?: string }
  /** Part of the thing's name, its type, its site or an attribute's value, whatever the case. */
  text?: string
  /** Thing to go on after. */
  cursor?: string
  limit: number
}

/** Devices and types as they will be: what a change says is listed at once and holds from `effectiveFrom`. */
export interface DeviceDirectory {
  /** Ascending by thing, in the order of UTF-16 code units. */
  list(query: DeviceQuery): Promise<Device[]>
  get(thing: string): Promise<Device | null>
  /** Those of them that there are, by name. */
  getMany(things: readonly string[]): Promise<ReadonlyMap<string, Device>>
  /** Creates or replaces. */
  put(device: Device, by: string): Promise<{ effectiveFrom: EpochMs }>
  /** The same for many at once. A crash in between leaves some of them as they were. */
  putMany(devices: readonly Device[], by: string): Promise<{ effectiveFrom: EpochMs }>
  /** Forgets the device; what it sent stays. False if there was none. */
  remove(thing: string, by: string): Promise<boolean>
  /** The newest version of each, ascending by name. */
  types(): Promise<DeviceType[]>
  /** Every version of one type, oldest first; empty if there is no such type. */
  typeVersions(name: string): Promise<DeviceType[]>
  /** Creates or replaces; the directory counts the versions. */
  putType(
    type: Omit<DeviceType, 'version'>,
    by: string,
  ): Promise<{ type: DeviceType; effectiveFrom: EpochMs }>
}
