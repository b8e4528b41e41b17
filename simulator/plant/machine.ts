import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { Process } from '../process.ts'
import type { Random } from '../random.ts'

/** How far each failure has gone: 0 is sound, 1 is as bad as it gets. */
export type Severities = (mode: string) => number

export interface Machine {
  /** The measures at this time, `seconds` after the call before. */
  advance(at: EpochMs, seconds: number, severity: Severities): Record<string, number>
}

export interface MachineSurroundings {
  random: Random
  /** Air temperature in °C, the same for the whole plant. */
  ambient: Process
  /** Usual share of the rated load, 0 to 1.2. */
  load: number
  /** Age at the start: 0 is new, 1 is due for overhaul. */
  wear: number
}

/** A sort of machine: what it measures, how it can fail, and where each failure shows. */
export interface MachineKind {
  kind: string
  measures: readonly string[]
  modes: Readonly<Record<string, { shows: readonly string[] }>>
  create(surroundings: MachineSurroundings): Machine
}
