import type { EpochMs } from '../src/core/telemetry/reading.ts'
import { machineKinds } from './plant/kinds.ts'
import { isSensorMode } from './plant/sensor-faults.ts'
import type { PlannedFault, Scenario } from './scenario.ts'

/** What was really wrong, and where it shows. Half-open in time. */
export interface FaultLabel {
  thing: string
  mode: string
  measures: readonly string[]
  from: EpochMs
  until: EpochMs
}

/** The faults of a run that began at `start`, up to `end`, ascending by `from`. */
export function truthOf(scenario: Scenario, start: EpochMs, end: EpochMs): FaultLabel[] {
  const kinds = new Map(scenario.machines.map(({ thing, kind }) => [thing, machineKinds[kind]!]))
  const labels: FaultLabel[] = []
  for (const fault of scenario.faults) {
    const { thing, mode, measure, afterS, lastsS, repeatEveryS } = fault
    const measures = isSensorMode(mode) ? [measure!] : kinds.get(thing)!.modes[mode]!.shows
    const periodMs = repeatEveryS === undefined ? Number.POSITIVE_INFINITY : repeatEveryS * 1000
    for (let from = start + afterS * 1000; from < end; from += periodMs)
      labels.push({ thing, mode, measures, from, until: Math.min(end, from + lastsS * 1000) })
  }
  return labels.sort((a, b) => a.from - b.from)
}

/** How far a fault has gone at this time: 0 before and after, else exponentially from about 0.02 to 1. */
export function severityAt(fault: PlannedFault, start: EpochMs, at: EpochMs): number {
  const { afterS, growS, lastsS, repeatEveryS } = fault
  let since = (at - start) / 1000 - afterS
  if (since < 0) return 0
  if (repeatEveryS !== undefined) since %= repeatEveryS
  if (since >= lastsS) return 0
  return since >= growS ? 1 : Math.exp(STEEPNESS * (since / growS - 1))
}
const STEEPNESS = 4
