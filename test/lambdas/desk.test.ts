import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { beforeEach, describe, expect, it } from 'vitest'
import { remoteDesk } from '../../lambdas/api/remote-desk.ts'
import { answerDesk, type Asked } from '../../lambdas/desk/ask.ts'
import { standingOf } from '../../lambdas/desk/standing.ts'
import { deskStatus } from '../../lambdas/desk/status.ts'
import { sweepAll } from '../../lambdas/desk/sweep-all.ts'
import { presenceMinute, type Sighting } from '../../lambdas/tick/presence-minute.ts'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { toItem } from '../../src/adapters/aws/dynamo/item.ts'
import type { Change } from '../../src/core/device/profile.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'
import { eventOf } from '../aws/kinesis-event.ts'
import { plantTwin } from '../aws/plant-twin.ts'
import { deviceType, plantDevice, T0 } from '../support/harness.ts'

const MINUTE = 60_000
const devices: Change[] = [
  plantDevice('pump-1', { site: 'north' }),
  plantDevice('pump-2', { site: 'north', location: { latitude: 50, longitude: 7 } }),
  plantDevice('pump-3', { site: 'south' }),
  plantDevice('pump-4', { site: 'south', status: 'suspended' }),
  plantDevice('sensor', { gateway: 'pump-1', site: 'north' }),
  { ...deviceType({ t: {} }) },
]

/** A deployment's minutes, and the desk that looks at what they leave. */
function deployment(changes = devices) {
  let kept: Uint8Array | null = null
  let loads = 0
  let now = T0
  const clock = { now: () => now, elapsed: () => 0 }
  const config = configuration(changes)
  const twin = plantTwin(changes, () => now)
  const { double } = twin
  const links: { thing: string; connected: boolean; at: number }[] = []
  const book = dynamoAlarmBook(dynamoDouble({ pageSize: 100 }).client, 'AlarmBook')
  const minute = async (at: number, seen: Record<string, Sighting>): Promise<void> => {
    now = at
    await presenceMinute(
      {
        load: async () => kept,
        save: async (bytes) => void (kept = bytes),
        links: async () => links,
        alarms: book,
        configuration: config,
        deliver: async (transitions) => void (await book.apply(transitions, at, () => false)),
      },
      new Map(Object.entries(seen)),
      at,
    )
  }
  const standing = standingOf({
    load: async () => (loads++, kept),
    configuration: async () => config,
    clock,
  })
  const desk = deskStatus({
    dynamo: double.client,
    stateTable: 'State',
    presenceTable: 'Presence',
    standing,
    clock,
  })
  const connect = async (thing: string, connected: boolean, at: number): Promise<void> => {
    await double.client.send(
      new PutItemCommand({ TableName: 'Presence', Item: toItem({ thing, connected, at }) }),
    )
    const known = links.findIndex((link) => link.thing === thing)
    links.splice(known === -1 ? links.length : known, 1, { thing, connected, at })
  }
  const send = async (thing: string, at: number, measures: Record<string, number>): Promise<void> => {
    const payload = Buffer.from(JSON.stringify({ at, measures }))
    await twin.invoke(eventOf([{ topic: `dt/plant/${thing}/telemetry`, client: thing, receivedAt: at, payload }])) // prettier-ignore
  }
  return { ...desk, minute, connect, send, double, to: (at: number) => void (now = at), loads: () => loads }
}
const seen = (receivedAt: number): Sighting => ({ receivedAt, place: null })
const all = { sites: null }

describe('deskStatus', () => {
  let d: ReturnType<typeof deployment>
  beforeEach(async () => {
    d = deployment()
    await d.connect('pump-2', true, T0)
    for (let m = 0; m <= 10; m++)
      await d.minute(T0 + m * MINUTE, { 'pump-1': seen(T0 + m * MINUTE - 5000), 'pump-2': seen(T0 + m * MINUTE - 5000) }) // prettier-ignore
    for (let m = 11; m <= 20; m++)
      await d.minute(T0 + m * MINUTE, { 'pump-1': seen(T0 + m * MINUTE - 5000), 'pump-2': seen(T0 + 10 * MINUTE - 5000) }) // prettier-ignore
  })

  it('tells online, silent and never seen apart, and counts them by site and trade', async () => {
    expect(await d.status.counts(all)).toEqual({ devices: 5, online: 1, silent: 1, offline: 0, never: 2, suspended: 1, retired: 0 }) // prettier-ignore
    expect(await d.status.counts({ sites: ['south'] })).toMatchObject({ devices: 2, never: 1, suspended: 1 })
    expect(await d.status.counts({ sites: null, trade: 'fleet' })).toMatchObject({ devices: 0 })
    expect(await d.status.of('pump-2')).toEqual({
      thing: 'pump-2',
      condition: 'silent',
      since: T0 + 10 * MINUTE - 5000,
      lastDataAt: T0 + 10 * MINUTE - 5000,
      connected: true,
      expectedSilenceMs: 3 * MINUTE,
      because: null,
    })
    expect(await d.status.of('pump-3')).toMatchObject({ condition: 'never', lastDataAt: null, connected: null }) // prettier-ignore
  })

  it('pages by name, by condition, and never beyond the caller’s sites', async () => {
    const names = async (query: Parameters<typeof d.status.list>[0]) =>
      (await d.status.list(query)).map(({ thing }) => thing)
    expect(await names({ ...all, limit: 2 })).toEqual(['pump-1', 'pump-2'])
    expect(await names({ ...all, limit: 10, cursor: 'pump-2' })).toEqual(['pump-3', 'pump-4', 'sensor'])
    expect(await names({ ...all, limit: 1, condition: 'never' })).toEqual(['pump-3'])
    expect(await names({ sites: ['south'], limit: 10, condition: 'silent' })).toEqual([])
    expect(await names({ sites: ['north'], limit: 10, condition: 'silent' })).toEqual(['pump-2'])
  })

  it('hears what has come since the sweep, and sees a link that has gone down', async () => {
    await d.send('pump-2', T0 + 20 * MINUTE + 5_000, { t: 1 })
    d.to(T0 + 20 * MINUTE + 6_000)
    expect(await d.status.of('pump-2')).toMatchObject({ condition: 'online', lastDataAt: T0 + 20 * MINUTE + 5_000 }) // prettier-ignore
    await d.connect('pump-2', false, T0 + 20 * MINUTE + 10_000)
    d.to(T0 + 20 * MINUTE + 60_000)
    expect(await d.status.of('pump-2')).toMatchObject({ condition: 'offline', connected: false })
    // Silent at the sweep, and not any more: no page shows it as what it is not.
    expect(await d.status.list({ ...all, condition: 'silent', limit: 10 })).toEqual([])
  })

  it('scans nothing, and reads the sweep’s word once a minute', async () => {
    await d.status.counts(all)
    await d.status.list({ ...all, limit: 3 })
    await d.nearest({ ...all, latitude: 50, longitude: 7, limit: 3 })
    expect(d.loads()).toBe(1)
    expect(d.double.calls['ScanCommand']).toBeUndefined()
    d.to(T0 + 30 * MINUTE)
    await d.status.counts(all)
    await d.status.counts(all)
    expect(d.loads()).toBe(2)
  })

  it('blames a gateway whose link is down, and not its child', async () => {
    await d.connect('pump-1', true, T0 + 20 * MINUTE)
    for (let m = 21; m <= 30; m++) await d.minute(T0 + m * MINUTE, { sensor: seen(T0 + m * MINUTE - 5000) })
    await d.connect('pump-1', false, T0 + 30 * MINUTE)
    for (let m = 31; m <= 40; m++) await d.minute(T0 + m * MINUTE, {})
    expect(await d.status.of('sensor')).toMatchObject({ condition: 'silent', because: 'pump-1' })
    expect(await d.status.of('pump-1')).toMatchObject({ condition: 'offline', because: null })
  })

  it('says "never" of everybody before the first sweep', async () => {
    const fresh = deployment()
    expect(await fresh.status.counts(all)).toMatchObject({ devices: 5, never: 4, suspended: 1 })
  })
})

describe('nearest on AWS', () => {
  it('goes by the newest position, then by the registry’s, within the caller’s sites', async () => {
    const d = deployment()
    await d.send('pump-1', T0 - 1000, { latitude: 50.001, longitude: 7 })
    await d.minute(T0, { 'pump-1': { receivedAt: T0 - 1000, place: { latitude: 50.02, longitude: 7 } } })
    const found = await d.nearest({ ...all, latitude: 50, longitude: 7, limit: 5 })
    expect(found.map(({ thing, distanceM }) => [thing, Math.round(distanceM)])).toEqual([
      ['pump-2', 0],
      ['pump-1', 111],
    ])
    expect(await d.nearest({ sites: ['south'], latitude: 50, longitude: 7, limit: 5 })).toEqual([])
    expect(await d.nearest({ ...all, latitude: 50, longitude: 7, limit: 5, withinM: 50 })).toMatchObject([{ thing: 'pump-2' }]) // prettier-ignore
  })
})

describe('remoteDesk', () => {
  it('asks the function as one would ask the desk, and says why it did not answer', async () => {
    const d = deployment()
    const asked: Asked[] = []
    const lambda = {
      send: async ({ input }: { input: { Payload: string } }) => {
        const question = JSON.parse(input.Payload) as Asked
        asked.push(question)
        try {
          const answer = await answerDesk({ ...d, jobs: {} as never, provisioning: {} as never }, question)
          return { Payload: Buffer.from(JSON.stringify(answer)) }
        } catch (error) {
          return { FunctionError: 'Unhandled', Payload: Buffer.from((error as Error).message) }
        }
      },
    }
    const desk = remoteDesk(lambda as never, 'desk')
    await d.minute(T0, {})
    expect(await desk.status.counts(all)).toMatchObject({ devices: 5 })
    expect(await desk.status.of('pump-1')).toMatchObject({ thing: 'pump-1', condition: 'never' })
    expect(await desk.nearest({ ...all, latitude: 50, longitude: 7, limit: 1 })).toMatchObject([{ thing: 'pump-2' }]) // prettier-ignore
    await expect(desk.jobs.get('j')).rejects.toThrow('jobs.get: desk failed: ')
    await expect(desk.jobs.create({} as never, ['x'.repeat(7_000_000)])).rejects.toMatchObject({ code: 'too_much' }) // prettier-ignore
    expect(asked.map(({ part, question }) => `${part}.${question}`)).toEqual(['status.counts', 'status.of', 'nearest.nearest', 'jobs.get']) // prettier-ignore
  })

  it('answers nothing that is no question of the desk’s', async () => {
    for (const [part, question] of [['status', 'constructor'], ['__proto__', 'of'], ['jobs', 'sweep']]) // prettier-ignore
      await expect(answerDesk({ status: {}, jobs: { sweep: async () => 1 } } as never, { part: part!, question: question!, given: [] })).rejects.toThrow('knows no') // prettier-ignore
  })
})

describe('sweepAll', () => {
  it('runs every sweep and then says what went wrong', async () => {
    const ran: string[] = []
    const sweeps = {
      jobs: async () => Promise.reject(new Error('throttled')),
      certificates: async () => void ran.push('certificates'),
    }
    await expect(sweepAll(sweeps)).rejects.toThrow('sweep of jobs: throttled')
    expect(ran).toEqual(['certificates'])
  })
})
