import { mean, type WindowRow } from '../window/window.ts'
import type { Severity } from './transition.ts'

const figures = ['mean', 'min', 'max', 'first', 'last'] as const
export type Figure = (typeof figures)[number]
export const ruleFigures: readonly Figure[] = figures

/** What one measure's closed minute is held against. A name without `@instance` stands for all of its instances. */
export type RuleCondition =
  | { measure: string; above: number; figure?: Figure }
  | { measure: string; below: number; figure?: Figure }
  /** The device speaks, and this measure is not among what it says. A device that says nothing is presence's affair. */
  | { measure: string; missing: true }

export type RuleWhen = RuleCondition | { all: readonly RuleCondition[] } | { any: readonly RuleCondition[] }

/** A rule that comes with a device type: a condition, how long it must hold, and how much it matters. */
export interface Rule {
  when: RuleWhen
  /** On-delay: so many minutes in a row; minutes that say nothing are passed over. */
  forMinutes: number
  /** Off-delay. */
  clearAfterMinutes: number
  severity: Severity
  /** What it means, for people. */
  text?: string
}

/** Each with its threat. */
export const ruleLimits = {
  /** Every rule is judged for every device of its type each minute. */
  rulesPerType: 32,
  conditions: 16,
  /** How far back a restart has to read. */
  minutes: 1440,
} as const

/** True, false, or null where the minute says nothing about it (Kleene's strong logic). */
export type Verdict = boolean | null

export interface Judged {
  verdict: Verdict
  /** The figure that decided, where there is one. */
  shown: { condition: RuleCondition; measure: string; observed: number | null } | null
}

/** All windows of one device in one minute, by measure. */
export type Minute = ReadonlyMap<string, WindowRow>

export function judgeMinute(when: RuleWhen, minute: Minute): Judged {
  if (!('all' in when) && !('any' in when)) return judgeCondition(when, minute)
  const all = 'all' in when
  const judged = (all ? when.all : when.any).map((condition) => judgeCondition(condition, minute))
  const decided = judged.find(({ verdict }) => verdict === !all)
  if (decided) return decided
  const unsure = judged.find(({ verdict }) => verdict === null)
  return unsure ?? judged[0] ?? { verdict: null, shown: null }
}

function judgeCondition(condition: RuleCondition, minute: Minute): Judged {
  const { measure } = condition
  const rows = rowsOf(minute, measure)
  if ('missing' in condition)
    return {
      verdict: minute.size === 0 ? null : rows.length === 0,
      shown: { condition, measure, observed: null },
    }
  const worst = rows.reduce<{ row: WindowRow; observed: number } | null>((worst, row) => {
    const observed = figureOf(row, condition.figure ?? 'mean')
    const further =
      worst === null || ('above' in condition ? observed > worst.observed : observed < worst.observed)
    return further ? { row, observed } : worst
  }, null)
  if (worst === null) return { verdict: null, shown: null }
  const { observed, row } = worst
  const verdict = 'above' in condition ? observed > condition.above : observed < condition.below
  return { verdict, shown: { condition, measure: row.measure, observed } }
}

function rowsOf(minute: Minute, measure: string): WindowRow[] {
  const exact = minute.get(measure)
  if (exact) return [exact]
  if (measure.includes('@')) return []
  return [...minute.values()].filter((row) => row.measure.startsWith(`${measure}@`))
}

const figureOf = (row: WindowRow, figure: Figure): number => (figure === 'mean' ? mean(row) : row[figure])

/** Minutes in a row that said the same. Numbers of minutes since the epoch. */
export interface Streak {
  verdict: boolean
  since: number
  /** The last one that said anything. */
  seen: number
}

/** What lies further apart than this is no streak. */
const BREAK_MINUTES = 60

/** The streak after one more minute; minutes must rise. A minute that says nothing changes nothing. */
export function nextStreak(streak: Streak | null, verdict: Verdict, minute: number): Streak | null {
  if (verdict === null) return streak
  const goesOn = streak?.verdict === verdict && minute - streak.seen <= BREAK_MINUTES
  return { verdict, since: goesOn ? streak.since : minute, seen: minute }
}

/** What the alarm must do at this minute: stand, end, or stay as it is. */
export function ruleAction(rule: Rule, streak: Streak | null, minute: number): 'raise' | 'clear' | null {
  if (streak?.seen !== minute) return null
  const length = minute - streak.since + 1
  if (streak.verdict) return length >= rule.forMinutes ? 'raise' : null
  return length >= rule.clearAfterMinutes ? 'clear' : null
}

/** Minutes to read again for a streak that nobody remembers: beyond them nothing can change what `ruleAction` says. */
export const lookBackMinutes = ({ forMinutes, clearAfterMinutes }: Rule): number =>
  Math.max(forMinutes, clearAfterMinutes) + BREAK_MINUTES
