import { failureModes, type FailureMode, type Machine } from './failure-modes.ts'

export interface Deviation {
  /** `<measure>.<statistic>.<horizon>` as features are named, or a bare measure. */
  feature: string
  sigmas: number
}

export interface Diagnosis {
  mode: FailureMode
  /** Share of the mode's symptoms that are there, by weight, less what speaks against it: 0 to 1. */
  support: number
  evidence: Deviation[]
}

/** Deviation at which a symptom counts in full. */
const CLEAR_SIGMAS = 4
const MIN_SUPPORT = 0.25
/** Share of its weight that a symptom has which nothing measures. */
const UNMEASURED = 0.25

/** Modes of the machine that the deviations speak for, best supported first, the graver one first among equals. */
export function diagnose(machine: Machine, deviations: readonly Deviation[]): Diagnosis[] {
  const signs = deviations.map(signOf)
  return failureModes
    .filter((mode) => mode.machine === machine)
    .map((mode) => diagnosisOf(mode, signs))
    .filter(({ support }) => support >= MIN_SUPPORT)
    .sort((a, b) => b.support - a.support || b.mode.severity - a.mode.severity)
}

interface Sign {
  measure: string
  /** Whether it tells of the measure's spread, or of its level. */
  spread: boolean
  deviation: Deviation
}

function signOf(deviation: Deviation): Sign {
  const [, measure, statistic] =
    /^(.+)\.(mean|max|min|ewmaDifference|loadResidual|sigmas|std|slopePerHour)\.[^.]+$/.exec(
      deviation.feature,
    ) ?? []
  return {
    measure: measure ?? deviation.feature,
    spread: statistic === 'std' || statistic === 'slopePerHour',
    deviation,
  }
}

function diagnosisOf(mode: FailureMode, signs: readonly Sign[]): Diagnosis {
  let support = 0
  let total = 0
  const evidence: Deviation[] = []
  for (const { measure, goes, weight } of mode.symptoms) {
    const signed = (d: Deviation) => (goes === 'low' ? -d.sigmas : d.sigmas)
    const seen = signs.filter((sign) => measure.test(sign.measure) && sign.spread === (goes === 'unsteady'))
    if (weight > 0) {
      // What is not measured says nothing for a mode and little against it.
      total += seen.length > 0 ? weight : UNMEASURED * weight
    }
    const [strongest] = seen.map(({ deviation }) => deviation).sort((a, b) => signed(b) - signed(a))
    if (!strongest || signed(strongest) < 2) continue // what healthy machines show too
    support += weight * Math.min(1, signed(strongest) / CLEAR_SIGMAS)
    if (weight > 0) evidence.push(strongest)
  }
  return { mode, support: Math.max(0, support / total), evidence }
}
