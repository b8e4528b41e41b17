import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  judgeMinute,
  lookBackMinutes,
  nextStreak,
  ruleAction,
  type Rule,
  type RuleWhen,
  type Streak,
  type Verdict,
} from '../../../src/core/alarm/rule.ts'
import { add, momentsOf, type WindowRow } from '../../../src/core/window/window.ts'

const row = (measure: string, ...values: number[]): [string, WindowRow] => {
  const moments = momentsOf(values[0]!)
  for (const value of values.slice(1)) add(moments, value)
  return [measure, { ...moments, thing: 'm1', measure, minute: 1, version: 1, repaired: false }]
}
const judge = (when: RuleWhen, ...rows: [string, WindowRow][]): Verdict =>
  judgeMinute(when, new Map(rows)).verdict

describe('judgeMinute', () => {
  it('compares the figure that is asked for, the mean unless told', () => {
    const minute = row('t', 70, 90, 80)
    expect(judge({ measure: 't', above: 79 }, minute)).toBe(true)
    expect(judge({ measure: 't', above: 80 }, minute)).toBe(false)
    expect(judge({ measure: 't', above: 85, figure: 'max' }, minute)).toBe(true)
    expect(judge({ measure: 't', below: 75, figure: 'min' }, minute)).toBe(true)
    expect(judge({ measure: 't', below: 75, figure: 'first' }, minute)).toBe(true)
    expect(judge({ measure: 't', below: 75, figure: 'last' }, minute)).toBe(false)
  })

  it('knows nothing of a measure without a reading', () => {
    expect(judge({ measure: 't', above: 1 }, row('u', 5))).toBeNull()
    expect(judge({ measure: 't', above: 1 })).toBeNull()
  })

  it('finds a measure missing only while its device speaks', () => {
    expect(judge({ measure: 't', missing: true }, row('u', 1))).toBe(true)
    expect(judge({ measure: 't', missing: true }, row('t', 1))).toBe(false)
    expect(judge({ measure: 't', missing: true })).toBeNull()
  })

  it('takes a bare name for all instances, and says which one it was', () => {
    const rows = new Map([row('t@de', 70), row('t@nde', 95)])
    expect(judgeMinute({ measure: 't', above: 90 }, rows)).toEqual({ verdict: true, shown: { condition: { measure: 't', above: 90 }, measure: 't@nde', observed: 95 } }) // prettier-ignore
    expect(judgeMinute({ measure: 't@de', above: 90 }, rows).verdict).toBe(false)
    expect(judgeMinute({ measure: 't', missing: true }, rows).verdict).toBe(false)
  })

  it('joins conditions as Kleene does', () => {
    const [yes, no, unknown] = [
      { measure: 't', above: 1 },
      { measure: 't', above: 9 },
      { measure: 'u', above: 1 },
    ] as const
    const minute = row('t', 5)
    const of = (joined: 'all' | 'any', ...parts: (typeof yes | typeof no | typeof unknown)[]) =>
      judge(joined === 'all' ? { all: parts } : { any: parts }, minute)
    expect([of('all', yes, yes), of('all', yes, unknown), of('all', unknown, no)]).toEqual([true, null, false]) // prettier-ignore
    expect([of('any', no, yes), of('any', no, unknown), of('any', no, no)]).toEqual([true, null, false])
  })
})

const rule = (over: Partial<Rule> = {}): Rule => ({
  when: { measure: 't', above: 1 },
  forMinutes: 3,
  clearAfterMinutes: 2,
  severity: 'minor',
  ...over,
})
/** What the alarm is told in each minute: `.` nothing, `+` raise, `-` clear. Minutes are T, F or a space. */
const told = (minutes: string, over: Partial<Rule> = {}): string => {
  let streak: Streak | null = null
  return minutes
    .split('')
    .map((letter, minute) => {
      streak = nextStreak(streak, letter === ' ' ? null : letter === 'T', minute)
      return { raise: '+', clear: '-', none: '.' }[ruleAction(rule(over), streak, minute) ?? 'none']
    })
    .join('')
}

describe('ruleAction', () => {
  it.each([
    ['TTTT', '..++'],
    ['TTFTTT', '.....+'],
    ['TTTFFT', '..+.-.'],
    ['T T', '..+'],
    ['T  ', '...'],
    ['FF', '.-'],
  ])('%s → %s', (minutes, expected) => {
    expect(told(minutes)).toBe(expected)
  })

  it('takes an hour of nothing for the end of a streak', () => {
    expect(told(`T${' '.repeat(59)}T`).at(-1)).toBe('+')
    expect(told(`T${' '.repeat(60)}T`).at(-1)).toBe('.')
  })

  it('says the same to whoever remembers and to whoever has to read back', () => {
    const minute = fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }) // prettier-ignore
    fc.assert(
      fc.property(
        fc.array(minute, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        (verdicts, forMinutes, clearAfterMinutes) => {
          const judged = rule({ forMinutes, clearAfterMinutes })
          const now = verdicts.length - 1
          const from = (start: number): ReturnType<typeof ruleAction> => {
            let streak: Streak | null = null
            for (let i = Math.max(0, start); i <= now; i++) streak = nextStreak(streak, verdicts[i]!, i)
            return ruleAction(judged, streak, now)
          }
          expect(from(now - lookBackMinutes(judged) + 1)).toBe(from(0))
        },
      ),
    )
  })
})
