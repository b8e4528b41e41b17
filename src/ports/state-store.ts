import type { BirthTable } from '../core/telemetry/birth-table.ts'
import type { DeviceState } from '../core/telemetry/device-state.ts'

/** Fast state by device, and the birth tables of Sparkplug edge nodes. Reads are strongly consistent. */
export interface StateStore {
  /** States of these devices in the same order, fresh ones where none is stored. */
  load(things: readonly string[]): Promise<DeviceState[]> | DeviceState[]
  /**
   * Stores each state only if its stored version is still `state.version`, then raises `state.version` by one.
   * Gives the things that were refused because someone else committed first.
   */
  commit(states: readonly DeviceState[]): Promise<string[]> | string[]
  /** Every state held here: all of them on the box, none on AWS, where ticks name their device. */
  all(): Iterable<DeviceState>
  loadBirths(things: readonly string[]): Promise<Map<string, BirthTable>> | Map<string, BirthTable>
  saveBirths(births: ReadonlyMap<string, BirthTable>): Promise<void> | void
}
