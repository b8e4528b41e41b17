import type { EpochMs } from '../telemetry/reading.ts'

export interface ModelVersion {
  version: number
  createdAt: EpochMs
  /** How it did on rows that it had not seen. */
  metrics: Readonly<Record<string, number>>
}

/** All versions of one model, which of them scores, and which did before it, the latest last. */
export interface ModelLine {
  versions: readonly ModelVersion[]
  active: number | null
  before: readonly (number | null)[]
  changedAt: EpochMs | null
}

export const emptyLine: ModelLine = { versions: [], active: null, before: [], changedAt: null }

export type LineOutcome = { kind: 'changed'; line: ModelLine } | { kind: 'refused'; reason: string }

export const nextVersion = (line: ModelLine): number => (line.versions.at(-1)?.version ?? 0) + 1

/** Adds a version above all others; it does not score before it is promoted. */
export const addVersion = (
  line: ModelLine,
  at: EpochMs,
  metrics: Readonly<Record<string, number>>,
  version = nextVersion(line),
): ModelLine => ({ ...line, versions: [...line.versions, { version, createdAt: at, metrics }] })

/** Makes a version the one that scores. */
export function promote(line: ModelLine, version: number, at: EpochMs): LineOutcome {
  if (!line.versions.some((known) => known.version === version))
    return { kind: 'refused', reason: `there is no version ${version}` }
  if (line.active === version) return { kind: 'refused', reason: `version ${version} already scores` }
  return {
    kind: 'changed',
    line: { ...line, active: version, before: [...line.before, line.active], changedAt: at },
  }
}

/** Goes back to the version that scored before; as often as there were promotions. */
export function rollBack(line: ModelLine, at: EpochMs): LineOutcome {
  const previous = line.before.at(-1)
  if (previous === undefined || previous === null)
    return { kind: 'refused', reason: 'no version scored before this one' }
  return {
    kind: 'changed',
    line: { ...line, active: previous, before: line.before.slice(0, -1), changedAt: at },
  }
}
