import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { TelemetryReader } from '../../../ports/telemetry-reader.ts'

/** What the hot store answers. Facts are kept elsewhere: they outlive it (dynamo/dynamo-facts.ts). */
export type HotTelemetry = Omit<TelemetryReader, 'facts'>

/** A minute of a device. */
export interface DeviceMinute {
  thing: string
  minute: number
}

/** Where the last weeks' telemetry lies. Writing an effect twice changes nothing. */
export interface HotStore extends HotTelemetry {
  /** Writes readings and anomalies. Readings that do not advance may have been stored before, all others have not. */
  write(effects: readonly DataEffect[], now: EpochMs): Promise<void>
  /**
   * Writes windows by `replaces`, and gives the minutes of streamed ones that met a repaired one. Minutes from
   * `repairedUntil` on have never been repaired, so theirs need not be asked for.
   */
  writeWindows(windows: readonly WindowRow[], repairedUntil: number): Promise<DeviceMinute[]>
  /** Removes everything of a device; false where the store cannot, and forgets by age alone. */
  erase(thing: string): Promise<boolean>
}
