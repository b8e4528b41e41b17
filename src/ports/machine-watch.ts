import type { DegradationPoint } from '../core/maintenance/degradation.ts'
import type { FeatureOptions } from '../core/maintenance/features.ts'
import type { HealthyPeriod } from '../core/maintenance/health-index.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'
import type { Fact } from '../core/telemetry/stage.ts'

export interface MachineQuestion extends FeatureOptions {
  thing: string
  /** The cut-off: nothing that lies after it, or came in after it, is looked at. */
  at: EpochMs
  installedAt: EpochMs | null
  /** When work on it was completed, ascending. */
  maintainedAt: readonly EpochMs[]
  /** Of the past: takes what was measured before the cut-off and came in later too, as imported history has. */
  asStored?: boolean
}

export interface MachineLook {
  features: Readonly<Record<string, number>>
  /** What it is like when it is well; null while that is not known. */
  healthy: HealthyPeriod | null
  /** Distance from the healthy state hour by hour over a week, time in hours since the epoch. */
  wear: readonly DegradationPoint[]
}

/** Reads a machine's history where it lies and gives what judging it takes: a sixtieth of a percent of what was read. */
export interface MachineWatch {
  /** As it is now, with the facts that make the next look cheap; null where nothing was measured in the last day. */
  look(question: MachineQuestion): Promise<(MachineLook & { facts: readonly Fact[] }) | null>
  /** The features as they could be known at a moment of the past; null where nothing was measured in the day before. */
  past(question: MachineQuestion): Promise<MachineLook['features'] | null>
}
