import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { VehicleLabel } from './drive.ts'

/** What was found of a vehicle: a trip, a harsh event or a refuel. */
export interface FleetFinding {
  thing: string
  kind: VehicleLabel['kind']
  at: EpochMs
  until: EpochMs
  metres?: number
}

export interface KindScore {
  truth: number
  found: number
  findings: number
  falseFindings: number
}

export type FleetScore = Record<VehicleLabel['kind'], KindScore> & {
  /** Largest and mean deviation of the way of a found trip, percent. */
  distance: { worstPercent: number; meanPercent: number }
}

/** How far a finding's beginning may lie from the truth's (ms): trips begin when the vehicle is seen to move. */
const GRACE_MS = { trip: 120_000, harsh: 3000, refuel: 120_000 } as const

/** Holds what was found against what really happened; each finding counts for one label at most. */
export function scoreFleet(truth: readonly VehicleLabel[], findings: readonly FleetFinding[]): FleetScore {
  const deviations: number[] = []
  const scoreOf = (kind: VehicleLabel['kind']): KindScore => {
    const left = new Set(findings.filter((finding) => finding.kind === kind))
    const labels = truth.filter((label) => label.kind === kind)
    let found = 0
    for (const label of labels) {
      const near = (f: FleetFinding): boolean =>
        f.thing === label.thing &&
        f.at <= label.until + GRACE_MS[kind] &&
        f.until >= label.from - GRACE_MS[kind]
      const hit = [...left].find(near)
      if (!hit) continue
      found++
      left.delete(hit)
      if (label.kind === 'trip' && hit.metres !== undefined && label.metres > 0)
        deviations.push(Math.abs(hit.metres / label.metres - 1) * 100)
    }
    return { truth: labels.length, found, findings: found + left.size, falseFindings: left.size }
  }
  const [trip, harsh, refuel] = [scoreOf('trip'), scoreOf('harsh'), scoreOf('refuel')]
  const meanPercent = deviations.reduce((sum, d) => sum + d, 0) / Math.max(1, deviations.length)
  return { trip, harsh, refuel, distance: { worstPercent: Math.max(0, ...deviations), meanPercent } }
}
