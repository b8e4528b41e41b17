import {
  judgeMinute,
  lookBackMinutes,
  nextStreak,
  ruleAction,
  type Judged,
  type Minute,
  type Rule,
  type Streak,
} from '../../core/alarm/rule.ts'
import type { Transition, Why } from '../../core/alarm/transition.ts'
import { measureType, type DeviceProfile } from '../../core/device/profile.ts'
import { MINUTE, type EpochMs } from '../../core/telemetry/reading.ts'
import type { WindowRow } from '../../core/window/window.ts'
import { alarmId, type Alarm } from '../../ports/alarm-book.ts'
import type { TelemetryReader } from '../../ports/telemetry-reader.ts'
import { closedWindows } from './closed-windows.ts'
import type { Job, JobSources } from './job.ts'
import { transitionTo } from './transition-to.ts'

const PREFIX = 'rule-'
/** Devices that are read at the same time. */
const AT_ONCE = 32
const NOTHING: Minute = new Map()

/** How a device's rules stand after a minute, so that the next one need not read what was read. */
interface Standing {
  rules: Readonly<Record<string, Rule>>
  minute: number
  streaks: Map<string, Streak | null>
}
/** By the store that it was read from. What is lost with the process is read again. */
const remembered = new WeakMap<TelemetryReader, Map<string, Standing>>()

/** Judges the rules that come with device types, on each closed minute. An alarm's rule is `rule-<name>`, its key the type. */
export const rules: Job = {
  name: 'rules',
  everyMinutes: 1,
  catchUp: 15,
  async *run(at, sources) {
    const { configuration, reader } = sources
    const standing = remembered.get(reader) ?? new Map<string, Standing>()
    remembered.set(reader, standing)
    const alarms = await standingAlarms(sources)
    const ruled: [string, DeviceProfile][] = []
    for (const thing of configuration.things(at)) {
      const profile = configuration.profile(thing, at)
      if (profile?.device.status === 'active' && profile.type.rules) ruled.push([thing, profile])
      else standing.delete(thing)
    }
    for (let i = 0; i < ruled.length; i += AT_ONCE) {
      const chunk = ruled.slice(i, i + AT_ONCE)
      const found = await Promise.all(
        chunk.map(async ([, profile]) => judgeDevice(profile, at, sources, standing, alarms)),
      )
      const transitions = found.flat()
      if (transitions.length > 0) yield { transitions }
    }
    const ended = await orphans(alarms, new Map(ruled), at, sources)
    if (ended.length > 0) yield { transitions: ended }
  },
}

async function standingAlarms({ alarms }: JobSources): Promise<Map<string, Alarm>> {
  const found = new Map<string, Alarm>()
  for (let cursor: string | undefined; ;) {
    const page = await alarms.list({ state: 'active', limit: 1000, ...(cursor !== undefined && { cursor }) })
    for (const alarm of page) if (alarm.rule.startsWith(PREFIX)) found.set(alarm.id, alarm)
    if (page.length < 1000) return found
    cursor = page.at(-1)!.id
  }
}

async function judgeDevice(
  profile: DeviceProfile,
  at: EpochMs,
  { reader, alarms }: JobSources,
  standing: Map<string, Standing>,
  raised: ReadonlyMap<string, Alarm>,
): Promise<Transition[]> {
  const { thing } = profile.device
  const rules = profile.type.rules!
  const last = at / MINUTE - 1
  const known = standing.get(thing)
  const fresh = known?.rules !== rules || known.minute !== last - 1
  const back = fresh ? Math.max(...Object.values(rules).map(lookBackMinutes)) : 1
  const minutes = byMinute(await closedWindows(reader, thing, undefined, at - back * MINUTE, at))
  const streaks = fresh ? new Map<string, Streak | null>() : known.streaks
  const transitions: Transition[] = []
  for (const [name, rule] of Object.entries(rules)) {
    let streak = streaks.get(name) ?? null
    let judged: Judged = { verdict: null, shown: null }
    for (let minute = last - back + 1; minute <= last; minute++) {
      judged = judgeMinute(rule.when, minutes.get(minute) ?? NOTHING)
      streak = nextStreak(streak, judged.verdict, minute)
    }
    streaks.set(name, streak)
    const action = ruleAction(rule, streak, last)
    const subject = { rule: `${PREFIX}${name}`, thing, key: profile.type.name, at, severity: rule.severity }
    const stands = raised.has(alarmId(subject.rule, thing, subject.key))
    if (action === null || (action === 'raise') === stands) continue
    const why = explain(name, rule, judged, profile, action)
    transitions.push(...(await transitionTo(alarms, subject, { active: action === 'raise', why })))
  }
  standing.set(thing, { rules, minute: last, streaks })
  return transitions
}

function byMinute(rows: readonly WindowRow[]): Map<number, Map<string, WindowRow>> {
  const minutes = new Map<number, Map<string, WindowRow>>()
  for (const row of rows) {
    const known = minutes.get(row.minute)
    if (known) known.set(row.measure, row)
    else minutes.set(row.minute, new Map([[row.measure, row]]))
  }
  return minutes
}

function explain(
  name: string,
  rule: Rule,
  { shown }: Judged,
  profile: DeviceProfile,
  action: 'raise' | 'clear',
): Why {
  const meaning = rule.text ?? name
  if (shown === null) return { detector: 'rule', text: meaning }
  const { condition, measure, observed } = shown
  const unit = measureType(profile, measure).unit
  const value = observed === null ? '' : `${Number(observed.toPrecision(6))}${unit === undefined ? '' : ` ${unit}`}` // prettier-ignore
  const found = 'missing' in condition ? `${measure} ${action === 'raise' ? 'is missing' : 'is there'}` : `${condition.figure ?? 'mean'} of ${measure} is ${value}` // prettier-ignore
  const lasted = action === 'raise' ? rule.forMinutes : rule.clearAfterMinutes
  return {
    detector: 'rule',
    text: `${meaning}: ${found}, ${action === 'raise' ? 'for' : 'well again for'} ${lasted} min`,
    ...(observed !== null && { observed }),
    ...('above' in condition && { expected: { high: condition.above } }),
    ...('below' in condition && { expected: { low: condition.below } }),
    ...(unit !== undefined && { unit }),
  }
}

/** Alarms whose rule is gone from the type, or whose device is no longer judged. */
async function orphans(
  raised: ReadonlyMap<string, Alarm>,
  ruled: ReadonlyMap<string, DeviceProfile>,
  at: EpochMs,
  { alarms }: JobSources,
): Promise<Transition[]> {
  const ended: Transition[] = []
  for (const { rule, thing, key, severity } of raised.values()) {
    const type = ruled.get(thing)?.type
    if (type?.name === key && Object.hasOwn(type.rules!, rule.slice(PREFIX.length))) continue
    const why = { detector: 'rule', text: `${rule.slice(PREFIX.length)} no longer applies to ${thing}` }
    ended.push(...(await transitionTo(alarms, { rule, thing, key, at, severity }, { active: false, why })))
  }
  return ended
}
