import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { TelemetryReader } from '../../../ports/telemetry-reader.ts'

/** Where the last weeks' telemetry lies. Writing an effect twice changes nothing. */
export interface HotStore extends TelemetryReader {
  write(effects: readonly DataEffect[], now: EpochMs): Promise<void>
}
