import type { DeviceState } from '../core/telemetry/device-state.ts'

/** Fast state by device. Reads are strongly consistent. */
export interface StateStore {
  /** States of these devices in the same order, fresh ones where none is stored. */
  load(things: readonly string[]): Promise<DeviceState[]> | DeviceState[]
  /**
   * Stores each state only if its stored version is still `state.version`, then raises `state.version` by one.
   * Gives the things that were refused because someone else committed first.
   */
  commit(states: readonly DeviceState[]): Promise<string[]> | string[]
}
