import { beforeEach, describe, expect, it } from 'vitest'
import type { Transition } from '../../../src/core/alarm/transition.ts'
import type { Device } from '../../../src/core/device/profile.ts'
import type { PresenceNews } from '../../../src/core/device/status.ts'
import { createPresenceWatch } from '../../../src/pipeline/jobs/presence.ts'
import type { PresenceOptions, PresenceWatch } from '../../../src/pipeline/jobs/presence-ports.ts'

const T = 1_795_341_600_000
const MINUTE = 60_000

let registry: Map<string, Device>
let told: string[]
let soon: (() => void)[]
let failing: boolean
let now: number
let sessions: number

const device = (thing: string, gateway?: string): Device => ({ thing, trade: 'plant', type: 'motor', status: 'active', attributes: {}, ...(gateway && { gateway }) }) // prettier-ignore

function watchOver(things: readonly Device[], over: Partial<PresenceOptions> = {}): PresenceWatch {
  registry = new Map(things.map((d) => [d.thing, d]))
  return createPresenceWatch(
    {
      device: (thing) => registry.get(thing) ?? null,
      declaredIntervalMs: () => 20_000,
      deliver: async (transitions: readonly Transition[]) => {
        if (failing) throw new Error('disk full')
        told.push(...transitions.map(({ rule, thing, to }) => `${rule} ${thing} ${to}`))
      },
      soon: (work) => soon.push(work),
    },
    {
      startedAt: T,
      bucketMs: 10_000,
      startGraceMs: 3 * MINUTE,
      stored: [],
      lastData: [],
      raised: [],
      ...over,
    },
  )
}

beforeEach(() => {
  told = []
  soon = []
  failing = false
  now = T
  sessions = 0
})

const news = (eventType: PresenceNews['eventType'], session: string, reason = 'CONNECTION_LOST'): PresenceNews => ({ eventType, sessionIdentifier: session, timestamp: now, versionNumber: 0, ...(eventType === 'disconnected' && { disconnectReason: reason }) }) // prettier-ignore
const connect = (watch: PresenceWatch, thing: string): string => {
  const session = `s${sessions++}`
  watch.news(thing, news('connected', session), now)
  return session
}

/** Lets time pass in steps of the sweep; `each` may send meanwhile. */
async function pass(watch: PresenceWatch, ms: number, each: () => void = () => {}): Promise<void> {
  for (const end = now + ms; now < end;) {
    now += 10_000
    each()
    for (const work of soon.splice(0)) work()
    await watch.sweep(now)
  }
}

describe('createPresenceWatch', () => {
  it('raises device_offline once after the grace and clears it when the device is back', async () => {
    const watch = watchOver([device('m1')])
    const session = connect(watch, 'm1')
    await pass(watch, 20_000, () => watch.heard('m1', now))
    watch.news('m1', news('disconnected', session), now)
    await pass(watch, 5 * MINUTE)
    expect(told).toEqual(['device_offline m1 active'])
    expect(watch.status('m1', now)).toMatchObject({ condition: 'offline', connected: false })
    connect(watch, 'm1')
    await pass(watch, 10_000)
    expect(told.at(-1)).toBe('device_offline m1 clear')
  })

  it('makes no alarm of a reconnect within the grace', async () => {
    const watch = watchOver([device('m1')])
    for (let i = 0; i < 5; i++) {
      const session = connect(watch, 'm1')
      await pass(watch, 30_000, () => watch.heard('m1', now))
      watch.news('m1', news('disconnected', session), now)
      await pass(watch, 20_000)
    }
    connect(watch, 'm1')
    await pass(watch, 30_000)
    expect(told).toEqual([])
  })

  it('notices silence within 1.2 times the expected silence and a sweep', async () => {
    const watch = watchOver([device('m1')])
    connect(watch, 'm1')
    await pass(watch, MINUTE, () => watch.heard('m1', now))
    const last = now
    while (told.length === 0) await pass(watch, 10_000)
    expect(told).toEqual(['device_silent m1 active'])
    const expected = watch.status('m1', now).expectedSilenceMs!
    expect(now - last).toBeLessThanOrEqual(1.2 * expected + 10_000)
    watch.heard('m1', now)
    for (const work of soon.splice(0)) work()
    await watch.sweep(now)
    expect(told.at(-1)).toBe('device_silent m1 clear')
  })

  it('makes one alarm of a dead gateway, not one a child', async () => {
    const children = Array.from({ length: 20 }, (_, i) => `c${i}`)
    const watch = watchOver([device('g'), ...children.map((c) => device(c, 'g'))])
    const session = connect(watch, 'g')
    await pass(watch, MINUTE, () => [...children, 'g'].forEach((c) => watch.heard(c, now)))
    watch.news('g', news('disconnected', session), now)
    await pass(watch, 10 * MINUTE)
    expect(told).toEqual(['device_offline g active'])
    expect(watch.status('c3', now)).toMatchObject({ condition: 'silent', because: 'g' })
    connect(watch, 'g')
    await pass(watch, 5 * MINUTE, () => [...children, 'g'].forEach((c) => watch.heard(c, now)))
    expect(told).toEqual(['device_offline g active', 'device_offline g clear'])
  })

  it('gives the devices behind a gateway that is back their time to speak, and after a restart none while it is away', async () => {
    const children = ['c1', 'c2', 'c3']
    const all = [device('g'), ...children.map((c) => device(c, 'g'))]
    let watch = watchOver(all)
    const session = connect(watch, 'g')
    await pass(watch, MINUTE, () => children.forEach((c) => watch.heard(c, now)))
    watch.news('g', news('disconnected', session), now)
    const lastAt = now
    await pass(watch, 10 * MINUTE)
    expect(told).toEqual(['device_offline g active'])
    watch = watchOver(all, {
      startedAt: now,
      stored: watch.takeChanged(),
      lastData: children.map((c) => [c, lastAt] as const),
      raised: [{ rule: 'device_offline', thing: 'g', transitionAt: lastAt + 30_000 }],
    })
    expect(children.map((c) => [watch.shown(c), watch.status(c, now).because])).toEqual(children.map(() => ['silent', 'g'])) // prettier-ignore
    await pass(watch, 10 * MINUTE)
    expect(children.map((c) => watch.shown(c))).toEqual(children.map(() => 'silent'))
    connect(watch, 'g')
    await pass(watch, 50_000)
    await pass(watch, MINUTE, () => ['c1', 'c2'].forEach((c) => watch.heard(c, now)))
    expect(told).toEqual(['device_offline g active', 'device_offline g clear', 'device_silent c3 active'])
  })

  it('suspects the gateway when its whole group falls silent, though its link stands', async () => {
    const children = ['c1', 'c2', 'c3']
    const watch = watchOver([device('g'), ...children.map((c) => device(c, 'g'))])
    connect(watch, 'g')
    await pass(watch, MINUTE, () => children.forEach((c) => watch.heard(c, now)))
    await pass(watch, 10 * MINUTE)
    expect(told).toEqual(['device_silent g active'])
    await pass(watch, 20_000, () => children.forEach((c) => watch.heard(c, now)))
    expect(told).toEqual(['device_silent g active', 'device_silent g clear'])
  })

  it('raises a child that falls silent alone', async () => {
    const watch = watchOver([device('g'), device('c1', 'g'), device('c2', 'g')])
    connect(watch, 'g')
    await pass(watch, MINUTE, () => ['c1', 'c2', 'g'].forEach((c) => watch.heard(c, now)))
    await pass(watch, 5 * MINUTE, () => ['c1', 'g'].forEach((c) => watch.heard(c, now)))
    expect(told).toEqual(['device_silent c2 active'])
  })

  it('says nothing of devices that were never seen, are suspended or have left', async () => {
    const watch = watchOver([device('never'), device('m1'), device('m2')])
    const sessionsOf = ['m1', 'm2'].map((thing) => [thing, connect(watch, thing)] as const)
    registry.set('m1', { ...device('m1'), status: 'suspended' })
    for (const [thing, session] of sessionsOf) watch.news(thing, news('disconnected', session), now)
    await pass(watch, 5 * MINUTE)
    expect(told).toEqual(['device_offline m2 active'])
    registry.delete('m2')
    watch.reconsider('m2', now)
    for (const work of soon.splice(0)) work()
    await pass(watch, MINUTE)
    expect(told.at(-1)).toBe('device_offline m2 clear')
  })

  it('forgets a device that has left, and mutes nobody for a gateway that is gone', async () => {
    const watch = watchOver([device('g'), device('c1', 'g')])
    const session = connect(watch, 'g')
    await pass(watch, MINUTE, () => ['c1', 'g'].forEach((c) => watch.heard(c, now)))
    watch.takeChanged()
    watch.news('g', news('disconnected', session), now)
    registry.delete('g')
    watch.reconsider('g', now)
    await pass(watch, 5 * MINUTE)
    expect(told).toEqual(['device_silent c1 active'])
    expect([watch.takeChanged(), watch.takeGone()]).toEqual([[], ['g']])
    expect(watch.status('g', now).condition).toBe('never')
  })

  it('knows all that are so without looking at the others', async () => {
    const watch = watchOver([device('a'), device('b'), device('c')])
    const session = connect(watch, 'a')
    await pass(watch, MINUTE, () => ['a', 'b'].forEach((thing) => watch.heard(thing, now)))
    watch.news('a', news('disconnected', session), now)
    await pass(watch, 2 * MINUTE)
    const standing = () => (['online', 'silent', 'offline'] as const).map((is) => [...watch.standing(is)])
    expect(standing()).toEqual([[], ['b'], ['a']])
    watch.heard('b', now)
    for (const work of soon.splice(0)) work()
    expect(standing()).toEqual([['b'], [], ['a']])
    expect(watch.standing('offline').has('a')).toBe(true)
    expect(watch.standing('offline').has('c')).toBe(false)
  })

  it('writes a rhythm down when it has moved, not with every message', async () => {
    const watch = watchOver([device('m1')])
    await pass(watch, 3 * MINUTE, () => watch.heard('m1', now))
    expect(watch.takeChanged()).toHaveLength(1)
    await pass(watch, 10 * MINUTE, () => watch.heard('m1', now))
    expect(watch.takeChanged()).toHaveLength(0)
    await pass(watch, 10 * MINUTE, () => (now / 10_000) % 2 === 0 && watch.heard('m1', now))
    expect(watch.takeChanged()).toMatchObject([{ thing: 'm1', rhythm: { gapMs: 20_000 } }])
  })

  it('gives everyone time to come back after a restart, and remembers what the alarm book knows', async () => {
    const rhythm = { gapMs: 0, count: 0, odd: 0 }
    const stored = ['m1', 'm2'].map((thing) => ({ thing, everConnected: true, rhythm }))
    const raised = [{ rule: 'device_offline', thing: 'm2', transitionAt: T - 1000 }]
    const watch = watchOver([device('m1'), device('m2')], { stored, raised, lastData: [['m1', T - 1e7]] })
    await pass(watch, 2 * MINUTE)
    expect(told).toEqual([])
    connect(watch, 'm2')
    await pass(watch, 2 * MINUTE, () => watch.heard('m2', now))
    expect(told).toEqual(['device_offline m2 clear', 'device_offline m1 active'])
  })

  it('counts a device whose alarm stands as the alarm says, from the first moment after a restart', async () => {
    const rhythm = { gapMs: 0, count: 0, odd: 0 }
    const stored = ['off', 'quiet', 'fine'].map((thing) => ({ thing, everConnected: true, rhythm }))
    const raised = [
      { rule: 'device_offline', thing: 'off', transitionAt: T - MINUTE },
      { rule: 'device_silent', thing: 'quiet', transitionAt: T - MINUTE },
    ]
    const lastData = ['off', 'quiet', 'fine'].map((thing) => [thing, T - 5 * MINUTE] as const)
    const watch = watchOver(['off', 'quiet', 'fine', 'new'].map((thing) => device(thing)), { stored, raised, lastData }) // prettier-ignore
    const shown = () => ['off', 'quiet', 'fine', 'new'].map((thing) => [watch.shown(thing), watch.status(thing, now).condition]) // prettier-ignore
    const asTheAlarmsSay = [['offline', 'offline'], ['silent', 'silent'], ['online', 'online'], ['never', 'never']] // prettier-ignore
    expect(shown()).toEqual(asTheAlarmsSay)
    await pass(watch, 2 * MINUTE)
    expect(shown()).toEqual(asTheAlarmsSay)
    expect(told).toEqual([])
    expect(watch.status('off', now).since).toBe(T - MINUTE)
    connect(watch, 'off')
    watch.heard('quiet', now)
    await pass(watch, 10_000)
    expect(told).toEqual(['device_offline off clear', 'device_silent quiet clear'])
    expect(shown().slice(0, 3)).toEqual(Array.from({ length: 3 }, () => ['online', 'online']))
  })

  it('keeps what it could not tell, and tells it in order', async () => {
    const watch = watchOver([device('m1')])
    const session = connect(watch, 'm1')
    watch.news('m1', news('disconnected', session), now)
    failing = true
    await pass(watch, MINUTE)
    connect(watch, 'm1')
    await pass(watch, 20_000)
    failing = false
    await pass(watch, 10_000)
    expect(told).toEqual(['device_offline m1 active', 'device_offline m1 clear'])
  })

  it('looks at those that are due and at nobody else', async () => {
    const things = Array.from({ length: 10_000 }, (_, i) => device(`m${i}`))
    const watch = watchOver(things)
    let asked = 0
    const get = registry.get.bind(registry)
    things.forEach(({ thing }, i) => watch.heard(thing, now + (i < 100 ? 0 : 40_000)))
    for (const work of soon.splice(0)) work()
    registry.get = (thing) => {
      asked++
      return get(thing)
    }
    await pass(watch, MINUTE)
    expect(told).toHaveLength(100)
    expect(asked).toBeLessThan(1000)
    expect(watch.waiting()).toBe(9_900)
  })
})
