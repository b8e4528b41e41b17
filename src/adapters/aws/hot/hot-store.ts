import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { TelemetryReader } from '../../../ports/telemetry-reader.ts'

/** What the hot store answers. Facts are kept elsewhere: they outlive it (dynamo/dynamo-facts.ts). */
export type HotTelemetry = Omit<TelemetryReader, 'facts'>

/** Where the last weeks' telemetry lies. Writing an effect twice changes nothing. */
export interface HotStore extends HotTelemetry {
  write(effects: readonly DataEffect[], now: EpochMs): Promise<void>
}
