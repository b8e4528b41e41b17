import { hoursOf } from '../core/maintenance/machine-hours.ts'
import type { MachineReader } from '../ports/machine-reader.ts'
import type { TelemetryReader } from '../ports/telemetry-reader.ts'
import { closedWindows } from './jobs/closed-windows.ts'

/** Hours by way of the minutes, where the planner is not at hand. */
export const windowHours =
  (reader: Pick<TelemetryReader, 'windows'>): MachineReader['hours'] =>
  async ({ thing, from, to, knownBy = Infinity }) => {
    const windows = await closedWindows(reader, thing, undefined, from, to)
    return hoursOf(windows.filter(({ version }) => version <= knownBy))
  }
