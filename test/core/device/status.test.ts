import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyPresence,
  conditionOf,
  GRACE_MS,
  type Link,
  type PresenceNews,
} from '../../../src/core/device/status.ts'

const T = 1_795_341_600_000

interface Past {
  events: PresenceNews[]
  connected: boolean
}

/**
 * What really happened to one device: up to four sessions. Each ends before the next begins, or is taken over by it
 * and announced as ended afterwards. Version numbers skip, and begin again at 0.
 */
const past: fc.Arbitrary<Past> = fc
  .record({
    sessions: fc.array(
      fc.record({
        takenOver: fc.boolean(),
        length: fc.integer({ min: 10_000, max: 100_000 }),
        away: fc.integer({ min: 10_000, max: 100_000 }),
        reset: fc.boolean(),
        skip: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    lastEnds: fc.boolean(),
  })
  .map(({ sessions, lastEnds }) => {
    const events: PresenceNews[] = []
    let at = T
    let version = 0
    sessions.forEach(({ takenOver, length, away, reset, skip }, i) => {
      const last = i === sessions.length - 1
      version = reset ? 0 : version + skip
      const about = { sessionIdentifier: `s${i}`, versionNumber: version }
      events.push({ ...about, eventType: 'connected', timestamp: at })
      at += length
      const replaced = takenOver && !last
      if (last && !lastEnds) return
      const disconnectReason = replaced ? 'DUPLICATE_CLIENTID' : 'CONNECTION_LOST'
      // The one that took over is announced first, some seconds earlier.
      events.push({
        ...about,
        eventType: 'disconnected',
        timestamp: replaced ? at + 3000 : at,
        disconnectReason,
      })
      if (!replaced) at += away
    })
    return { events, connected: !lastEnds }
  })

const fold = (events: readonly PresenceNews[]): Link | null =>
  events.reduce<Link | null>((link, event) => applyPresence(link, event), null)

describe('applyPresence', () => {
  it('ends in the true state for any order of the events, each once or more often', () => {
    const shuffled = past.chain(({ events, connected }) =>
      fc.record({
        connected: fc.constant(connected),
        events: fc
          .shuffledSubarray([...events, ...events], {
            minLength: events.length * 2,
            maxLength: events.length * 2,
          })
          .map((some) => some),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ events, connected }) => {
        expect(fold(events)?.connected).toBe(connected)
      }),
      { numRuns: 2000 },
    )
  })

  const connected = (session: string, at: number, version = 0): PresenceNews => ({ eventType: 'connected', sessionIdentifier: session, timestamp: at, versionNumber: version }) // prettier-ignore
  const ended = (session: string, at: number, version = 0, reason = 'CONNECTION_LOST'): PresenceNews => ({ ...connected(session, at, version), eventType: 'disconnected', disconnectReason: reason }) // prettier-ignore

  it('is not wedged by a version number that begins again', () => {
    const link = fold([connected('a', T, 57), ended('a', T + 1000, 57), connected('b', T + 7_200_000, 0)])
    expect(link).toMatchObject({ connected: true, session: 'b' })
  })

  it('stays connected when the end of the replaced session comes last', () => {
    const link = fold([
      connected('a', T),
      connected('b', T + 10, 1),
      ended('a', T + 20, 0, 'DUPLICATE_CLIENTID'),
    ])
    expect(link?.connected).toBe(true)
  })

  it('does not come back by an event of a session that has ended', () => {
    expect(fold([ended('a', T + 1000), connected('a', T)])?.connected).toBe(false)
  })

  it('gives the same object for the same news again', () => {
    const link = fold([connected('a', T)])
    expect(applyPresence(link, connected('a', T))).toBe(link)
  })
})

describe('conditionOf', () => {
  const link = (is: boolean, at: number): Link => ({
    connected: is,
    session: null,
    at,
    version: 0,
    ended: [],
  })
  const silenceMs = 60_000

  it('knows a device that never came', () => {
    expect(conditionOf({ link: null, lastDataAt: 0, silenceMs }, T).condition).toBe('never')
  })

  it('is offline after the grace, not within it', () => {
    const vital = { link: link(false, T), lastDataAt: T - 1000, silenceMs }
    expect(conditionOf(vital, T + GRACE_MS - 1)).toMatchObject({ condition: 'online', dueAt: T + GRACE_MS })
    expect(conditionOf(vital, T + GRACE_MS)).toMatchObject({ condition: 'offline', since: T })
  })

  it('tells silence on a standing link from a lost link', () => {
    expect(conditionOf({ link: link(true, T), lastDataAt: T, silenceMs }, T + 60_000).condition).toBe(
      'silent',
    )
    expect(conditionOf({ link: null, lastDataAt: T, silenceMs }, T + 60_000).condition).toBe('silent')
    expect(conditionOf({ link: link(false, T), lastDataAt: T, silenceMs }, T + 60_000).condition).toBe(
      'offline',
    )
  })

  it('believes data over a lost presence event', () => {
    expect(
      conditionOf({ link: link(false, T), lastDataAt: T + 30_000, silenceMs }, T + 40_000).condition,
    ).toBe('online')
  })

  it('says when it will change by itself', () => {
    fc.assert(
      fc.property(
        fc.option(fc.boolean()),
        fc.nat(100_000),
        fc.nat(100_000),
        fc.nat(200_000),
        (up, at, data, wait) => {
          const vital = { link: up === null ? null : link(up, T + at), lastDataAt: T + data, silenceMs }
          const now = T + wait
          const { condition, dueAt } = conditionOf(vital, now)
          if (dueAt === Infinity) return
          expect(dueAt).toBeGreaterThan(now)
          expect(conditionOf(vital, dueAt - 1).condition).toBe(condition)
          expect(conditionOf(vital, dueAt).condition).not.toBe('online')
        },
      ),
    )
  })
})
