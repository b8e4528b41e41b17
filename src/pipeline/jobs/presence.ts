import { transitionId, type Severity, type Transition, type Why } from '../../core/alarm/transition.ts'
import { expectedSilenceMs, learnGap, newRhythm, WARM_UP_GAPS } from '../../core/device/expected-interval.ts'
import type { Device } from '../../core/device/profile.ts'
import { applyPresence, conditionOf, GRACE_MS, type DeviceCondition } from '../../core/device/status.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { dueWheel } from './due-wheel.ts'
import { createTransitionOutbox } from './transition-outbox.ts'
import type { PresenceOptions, PresencePorts, PresenceWatch } from './presence-ports.ts'
import type { Vital } from './vital.ts'

export const presenceRules = ['device_offline', 'device_silent'] as const
type Rule = (typeof presenceRules)[number]

/** A rhythm that moved by less than this share is not worth a write. */
const SAVE_SHARE = 0.1

/** Whether a sign of life would change anything. */
const awaited = ({ shown, suspect, raised }: Vital): boolean =>
  shown !== 'online' || suspect || raised !== null

/** An alarm ends by a sign of life, not because a restart gives everyone new time. */
const signOfLife = ({ link, lastDataAt, groupAt }: Vital): EpochMs =>
  Math.max(lastDataAt, groupAt, link?.connected ? link.at : 0)

/**
 * Who is there. Every device stands in a wheel at the time when its condition would next change by itself, so a sweep
 * looks at those that are due and at nobody else. The alarm book remembers what was raised.
 */
export function createPresenceWatch(ports: PresencePorts, options: PresenceOptions): PresenceWatch {
  const vitals = new Map<string, Vital>()
  const wheel = dueWheel<Vital>(options.bucketMs)
  const changed = new Set<Vital>()
  const gone = new Set<string>()
  const standing = { online: new Set<Vital>(), silent: new Set<Vital>(), offline: new Set<Vital>() }
  const recovering = new Set<Vital>()
  const outbox = createTransitionOutbox(ports.deliver)

  function vitalOf(thing: string): Vital {
    let vital = vitals.get(thing)
    if (vital) return vital
    vital = { thing, link: null, lastDataAt: 0, groupAt: 0, floor: 0, graceMs: GRACE_MS, rhythm: newRhythm(), via: null, raised: null, suspect: false, transitionAt: 0, shown: 'never', savedGapMs: 0 } // prettier-ignore
    vitals.set(thing, vital)
    const gateway = ports.device(thing)?.gateway
    vital.via = gateway === undefined ? null : vitalOf(gateway)
    return vital
  }

  for (const { thing, everConnected, rhythm } of options.stored) {
    const vital = vitalOf(thing)
    vital.rhythm = rhythm
    vital.savedGapMs = rhythm.gapMs
    if (!everConnected) continue
    vital.link = { connected: false, session: null, at: options.startedAt, version: -1, ended: [] }
    vital.graceMs = options.startGraceMs
  }
  for (const [thing, at] of options.lastData) {
    if (at <= 0) continue
    const vital = vitalOf(thing)
    vital.lastDataAt = at
    if (vital.via) vital.via.groupAt = Math.max(vital.via.groupAt, at)
  }
  for (const { rule, thing, transitionAt } of options.raised) {
    const vital = vitalOf(thing)
    vital.raised = rule as Rule
    vital.transitionAt = Math.max(vital.transitionAt, transitionAt)
    if (rule !== 'device_offline') continue
    // It was away before the platform was: nothing new is to be waited for.
    vital.link = { connected: false, session: null, at: transitionAt, version: -1, ended: [] }
    vital.graceMs = 0
  }
  for (const [thing, news] of options.links ?? []) {
    if (!ports.device(thing)) continue
    const vital = vitalOf(thing)
    vital.link = applyPresence(null, news)
    vital.graceMs = GRACE_MS
  }
  for (const vital of vitals.values()) {
    vital.floor = options.startedAt
    const { condition, dueAt } = look(vital, options.startedAt)
    show(vital, condition)
    // What stands in the alarm book is judged at once: its device may be gone from the registry. So is who is quiet.
    wheel.put(vital, vital.raised || isQuiet(condition) ? options.startedAt : dueAt)
  }

  /** Who is how, for whoever asks for all of a kind. As fresh as the last sweep; a sign of life shows at once. */
  function show(vital: Vital, condition: DeviceCondition): void {
    if (vital.shown === condition) return
    if (vital.shown !== 'never') standing[vital.shown].delete(vital)
    if (condition !== 'never') standing[condition].add(vital)
    vital.shown = condition
  }

  function silenceOf(vital: Vital, device: Device | null): number {
    return expectedSilenceMs(vital.rhythm, device ? ports.declaredIntervalMs(device) : undefined)
  }

  /** Who speaks through a gateway has time to speak from when that came back, and none while its alarm stands. */
  function floorOf({ floor, via }: Vital): EpochMs {
    if (via === null || !ports.device(via.thing)) return floor
    return via.raised ? 0 : Math.max(floor, via.floor)
  }

  function look(vital: Vital, now: EpochMs) {
    const silenceMs = silenceOf(vital, ports.device(vital.thing))
    const data = Math.max(vital.lastDataAt, vital.groupAt)
    const lastDataAt = data === 0 ? 0 : Math.max(data, floorOf(vital))
    // A message counts against a lost link only if it is newer than it, not because the count begins later.
    const isLost = vital.link && !vital.link.connected && data <= vital.link.at
    const found = conditionOf({ link: vital.link, lastDataAt: isLost ? data : lastDataAt, silenceMs }, now, vital.graceMs) // prettier-ignore
    // A silence that stood when this watch began is over with a sign of life only.
    const life = signOfLife(vital)
    const isMissed = vital.suspect || (vital.raised === 'device_silent' && life < vital.transitionAt)
    if (found.condition !== 'online' || !isMissed) return { ...found, silenceMs }
    return { ...found, condition: 'silent' as const, since: life || vital.transitionAt, silenceMs }
  }

  const isDown = (gateway: Vital): boolean =>
    gateway.raised !== null || (gateway.link?.connected === false && gateway.groupAt <= gateway.link.at)

  function judge(vital: Vital, now: EpochMs): void {
    const device = ports.device(vital.thing)
    const { condition, since, dueAt, silenceMs } = look(vital, now)
    show(vital, condition)
    if (device?.status !== 'active') return settle(vital, null, now, null)
    if (isQuiet(condition) && vital.via && mutedBy(vital.via, silenceMs, now)) {
      wheel.put(vital, now + 60_000)
      return
    }
    wheel.put(vital, dueAt)
    if (condition === 'offline')
      return settle(vital, 'device_offline', now, { detector: 'presence', text: `${vital.thing} has been disconnected since ${iso(since)}` }) // prettier-ignore
    if (vital.suspect) return
    if (condition !== 'silent') {
      if (vital.raised === null || signOfLife(vital) >= vital.transitionAt) settle(vital, null, now, null)
      return
    }
    const seconds = Math.round(silenceMs / 1000)
    settle(vital, 'device_silent', now, {
      detector: 'presence',
      text: `${vital.thing} has sent nothing since ${iso(since)}, though it was expected within ${seconds} s`,
      observed: Math.round((now - since) / 1000),
      expected: { high: seconds },
      unit: 's',
    })
  }

  /** Whether a child's quiet is its gateway's doing. If the whole group is quiet, it is the gateway that is in alarm. */
  function mutedBy(gateway: Vital, silenceMs: number, now: EpochMs): boolean {
    if (!ports.device(gateway.thing)) return false
    if (isDown(gateway)) return true
    const heardAt = Math.max(gateway.lastDataAt, gateway.groupAt, gateway.floor)
    if (now - heardAt < silenceMs || ports.device(gateway.thing)?.status !== 'active') return false
    gateway.suspect = true
    show(gateway, 'silent')
    settle(gateway, 'device_silent', now, {
      detector: 'presence',
      text: `nothing has come through ${gateway.thing} since ${iso(heardAt)}, from none of its devices`,
    })
    return true
  }

  function settle(vital: Vital, wanted: Rule | null, now: EpochMs, why: Why | null): void {
    if (vital.raised === wanted) return
    const before = vital.raised
    vital.raised = wanted
    if (before) emit(vital, before, 'clear', now, { detector: 'presence', text: `${vital.thing} is back` })
    if (wanted && why) emit(vital, wanted, 'active', now, why)
  }

  function emit(vital: Vital, rule: Rule, to: Transition['to'], now: EpochMs, why: Why): void {
    const at = Math.max(now, vital.transitionAt + 1)
    vital.transitionAt = at
    const severity: Severity = rule === 'device_offline' || vital.suspect ? 'major' : 'minor'
    const key = 'presence'
    outbox.add({ id: transitionId(rule, vital.thing, key, at), rule, thing: vital.thing, key, to, at, severity, why }) // prettier-ignore
  }

  function backAgain(vital: Vital, at: EpochMs): void {
    if (!awaited(vital)) return
    if (recovering.size === 0) ports.soon(recover)
    recovering.add(vital)
    vital.floor = Math.max(vital.floor, at)
  }

  function recover(): void {
    for (const vital of recovering) {
      vital.suspect = false
      judge(vital, vital.floor)
    }
    recovering.clear()
    void outbox.flush()
  }

  function forget(vital: Vital): void {
    show(vital, 'never')
    wheel.put(vital, Infinity)
    recovering.delete(vital)
    changed.delete(vital)
    vitals.delete(vital.thing)
    gone.add(vital.thing)
  }

  return {
    news: (thing, news, now) => {
      if (!ports.device(thing)) return
      const vital = vitalOf(thing)
      const link = applyPresence(vital.link, news)
      if (link === vital.link) return
      if (vital.link === null) changed.add(vital)
      vital.link = link
      vital.graceMs = GRACE_MS
      if (link.connected) {
        backAgain(vital, now)
        wheel.put(vital, look(vital, now).dueAt)
      } else wheel.put(vital, link.at + vital.graceMs)
    },
    heard: (thing, at) => {
      const vital = vitals.get(thing) ?? vitalOf(thing)
      const gap = at - vital.lastDataAt
      if (vital.lastDataAt > 0 && gap > 0 && vital.lastDataAt >= options.startedAt) {
        const { odd } = vital.rhythm
        vital.rhythm = learnGap(vital.rhythm, gap)
        const { gapMs, count } = vital.rhythm
        const moved = Math.abs(gapMs - vital.savedGapMs) > SAVE_SHARE * vital.savedGapMs || odd !== vital.rhythm.odd // prettier-ignore
        if (count <= WARM_UP_GAPS || moved) changed.add(vital)
      }
      if (gap > 0) vital.lastDataAt = at
      const { via } = vital
      if (via) {
        via.groupAt = Math.max(via.groupAt, at)
        if (awaited(via)) backAgain(via, at)
      }
      if (awaited(vital)) {
        backAgain(vital, at)
        wheel.put(vital, at + silenceOf(vital, ports.device(thing)))
      }
    },
    reconsider: (thing, now) => {
      const vital = vitals.get(thing)
      if (!vital) return
      const device = ports.device(thing)
      vital.via = device?.gateway === undefined ? null : vitalOf(device.gateway)
      judge(vital, now)
      if (!device) forget(vital)
      ports.soon(() => void outbox.flush())
    },
    sweep: async (now) => {
      for (const vital of wheel.take(now)) judge(vital, now)
      await outbox.flush()
    },
    status: (thing, now) => {
      const vital = vitals.get(thing)
      if (!vital) return { condition: 'never', since: null, lastDataAt: null, connected: null, expectedSilenceMs: null, because: null } // prettier-ignore
      const { condition, since, silenceMs } = look(vital, now)
      return {
        condition,
        since: since === 0 ? null : since,
        lastDataAt: vital.lastDataAt || null,
        connected: vital.link?.connected ?? null,
        expectedSilenceMs: Number.isFinite(silenceMs) ? silenceMs : null,
        because: condition !== 'online' && vital.via && isDown(vital.via) ? vital.via.thing : null,
      }
    },
    shown: (thing) => vitals.get(thing)?.shown ?? 'never',
    standing: (condition) => {
      const found = standing[condition]
      return {
        size: found.size,
        has: (thing) => vitals.get(thing)?.shown === condition,
        *[Symbol.iterator]() {
          for (const { thing } of found) yield thing
        },
      }
    },
    takeChanged: () => {
      const taken = [...changed].map((vital) => {
        const { thing, link, rhythm } = vital
        vital.savedGapMs = rhythm.gapMs
        return { thing, everConnected: link !== null, rhythm }
      })
      changed.clear()
      return taken
    },
    takeGone: () => {
      const left = [...gone].filter((thing) => !vitals.has(thing))
      gone.clear()
      return left
    },
    waiting: () => wheel.size(),
  }
}

const isQuiet = (condition: DeviceCondition): boolean => condition === 'silent' || condition === 'offline'
const iso = (at: EpochMs): string => new Date(at).toISOString()
