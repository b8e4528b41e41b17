import type { LakeFile, LakeKind, Tier } from '../history/lake-layout.ts'

/** How long each kind of a class of measures is kept, in days. Each kind lasts at least as long as the finer one before it. */
export interface RetentionClass {
  name: string
  /** Measures by full name, or by name without `@instance`; the class without any is everybody else's. */
  measures: readonly string[]
  days: Readonly<Record<LakeKind, number>>
}

export interface RetentionPolicy {
  classes: readonly RetentionClass[]
  /** Days after which a lake day counts as warm, and as cold. */
  warmAfterDays: number
  coldAfterDays: number
}

const FIVE_YEARS = 1830
export const defaultRetention: RetentionPolicy = {
  classes: [
    {
      name: 'default',
      measures: [],
      days: { readings: FIVE_YEARS, windows: FIVE_YEARS, quarters: 3660, days: 7320 },
    },
  ],
  warmAfterDays: 30,
  coldAfterDays: 365,
}

/** What is wrong with a policy, null if nothing is: raw goes before windows, windows before roll-ups. */
export function policyFault({ classes, warmAfterDays, coldAfterDays }: RetentionPolicy): string | null {
  if (classes.filter((c) => c.measures.length === 0).length !== 1)
    return 'exactly one class has no measures: it is for all that no other class names'
  if (warmAfterDays < 1 || coldAfterDays < warmAfterDays)
    return 'coldAfterDays must be at least warmAfterDays, and both at least 1'
  const names = new Set<string>()
  for (const { name, days } of classes) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name) || names.has(name))
      return `class ${name} needs a name of its own, of small letters`
    names.add(name)
    if (days.readings < 2) return `class ${name}: readings must be kept for at least 2 days`
    if (days.windows < days.readings || days.quarters < days.windows || days.days < days.quarters)
      return `class ${name}: readings ≤ windows ≤ quarters ≤ days must hold`
  }
  return null
}

/** The class of a measure: its full name first, then its name without the instance, else the class for the others. */
export function classOf({ classes }: RetentionPolicy, measure: string): RetentionClass {
  const bare = measure.split('@', 1)[0]!
  return (
    classes.find((c) => c.measures.includes(measure)) ??
    classes.find((c) => c.measures.includes(bare)) ??
    classes.find((c) => c.measures.length === 0)!
  )
}

/** The tier of what has been over for so many days. */
export const tierOf = ({ warmAfterDays, coldAfterDays }: RetentionPolicy, days: number): Tier =>
  days >= coldAfterDays ? 'cold' : days >= warmAfterDays ? 'warm' : 'hot'

/** One step of expiry: this class's rows of this kind on these days, in these files. */
export interface Expiry {
  kind: LakeKind
  class: string
  /** Lake days before this one go; what has been gone already is before `from`. */
  from: number
  until: number
  files: LakeFile[]
}

export interface ExpiryState {
  /** Today's lake day. */
  today: number
  /** First day kept of a kind and class, as far as expiry has come. */
  keptFrom(kind: LakeKind, className: string): number
  /** Files of a kind that begin before this day. */
  filesBefore(kind: LakeKind, day: number): readonly LakeFile[]
  /** How many days may go of each kind and class: at most two a day, so that a wrong clock cannot empty the lake. */
  mostDays: number
}

/** What retention would take away now, oldest first; pure, so that a dry run and the run are the same list. */
export function planExpiry(
  { classes }: RetentionPolicy,
  { today, keptFrom, filesBefore, mostDays }: ExpiryState,
): Expiry[] {
  const out: Expiry[] = []
  for (const c of classes)
    for (const kind of ['readings', 'windows', 'quarters', 'days'] as const) {
      const due = today - c.days[kind]
      const mine = filesBefore(kind, due).filter((f) => f.until > keptFrom(kind, c.name))
      if (mine.length === 0) continue
      const first = Math.max(keptFrom(kind, c.name), Math.min(...mine.map((f) => f.day)))
      // A month file goes day by day as well: its rows are cut, and the file once nothing is left.
      const until = Math.min(due, first + mostDays)
      if (until <= first) continue
      out.push({ kind, class: c.name, from: first, until, files: mine.filter((f) => f.day < until) })
    }
  return out
}
