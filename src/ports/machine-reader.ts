import type { HoursByMeasure } from '../core/maintenance/machine-hours.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'
import type { TelemetryReader } from './telemetry-reader.ts'

export interface HourQuery {
  thing: string
  /** Half-open, whole hours. */
  from: EpochMs
  to: EpochMs
  /** Leaves out minutes of which a reading was received later: what they held by then is not known any more. */
  knownBy?: EpochMs
}

/** What is stored of one machine, over all tiers. */
export interface MachineReader extends Pick<TelemetryReader, 'facts' | 'windows' | 'anomalies'> {
  /** Closed minutes of every measure, pooled by clock hours. */
  hours(query: HourQuery): Promise<HoursByMeasure>
}
