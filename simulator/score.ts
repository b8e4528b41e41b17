import type { EpochMs } from '../src/core/telemetry/reading.ts'
import type { FaultLabel } from './truth.ts'

/** Something that was noticed: an alarm raised, or an anomaly found. */
export interface Finding {
  thing: string
  at: EpochMs
  /** What it was noticed in; absent for what is said of the device as a whole. */
  measure?: string
}

export interface Score {
  faults: number
  found: number
  findings: number
  /** Findings that fall on no fault of their device. */
  falseFindings: number
  /** Share of findings that fall on a fault; null where there are none. */
  precision: number | null
  /** Share of faults on which a finding falls; null where there are none. */
  recall: number | null
  /** Harmonic mean of the two; null unless both are known. */
  f1: number | null
  /** From a fault's first sign to its first finding. */
  medianDelayS: number | null
  byFault: { thing: string; mode: string; from: EpochMs; delayS: number | null }[]
}

/**
 * How well findings match the truth. A finding belongs to a fault if it is of its device, in a measure in which the fault
 * shows, and within its time, or up to `graceMs` after its repair: machines cool slowly. All others are false.
 */
export function scoreFindings(
  truth: readonly FaultLabel[],
  findings: readonly Finding[],
  graceMs: number,
): Score {
  const covers = (label: FaultLabel, { thing, at, measure }: Finding): boolean =>
    label.thing === thing &&
    (measure === undefined || label.measures.includes(measure)) &&
    at >= label.from &&
    at < label.until + graceMs
  const byFault = truth.map((label) => {
    const hits = findings.filter((finding) => covers(label, finding)).map(({ at }) => at)
    return {
      thing: label.thing,
      mode: label.mode,
      from: label.from,
      delayS: hits.length === 0 ? null : (hits.reduce((a, b) => Math.min(a, b)) - label.from) / 1000,
    }
  })
  const delays = byFault.flatMap(({ delayS }) => (delayS === null ? [] : [delayS])).sort((a, b) => a - b)
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  const falseFindings = findings.filter((f) => !truth.some((label) => covers(label, f))).length
  const precision = share(findings.length - falseFindings, findings.length)
  const recall = share(delays.length, truth.length)
  const both = (precision ?? 0) + (recall ?? 0)
  return {
    faults: truth.length,
    found: delays.length,
    findings: findings.length,
    falseFindings,
    precision,
    recall,
    f1: precision === null || recall === null ? null : both === 0 ? 0 : (2 * precision * recall) / both,
    medianDelayS: median(delays),
    byFault,
  }
}

function median(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
