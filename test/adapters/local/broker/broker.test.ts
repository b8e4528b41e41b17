import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connect } from 'mqtt'
import { rm } from 'node:fs/promises'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAuthority, type Authority } from '../../../../src/adapters/local/ca/authority.ts'
import { devicePolicy } from '../../../../src/adapters/local/broker/policy.ts'
import type { BrokerOptions } from '../../../../src/adapters/local/broker/options.ts'
import {
  closed,
  connectDevice,
  mqttOptions,
  startBox,
  systemClock,
  until,
  type Box,
  type DeviceCertificate,
} from './bench-box.ts'

let authority: Authority
let motor: DeviceCertificate
let box: Box

beforeAll(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-authority-'))
  authority = await openAuthority({ dir, clock: systemClock })
  motor = await authority.issueDevice('motor-1')
  return () => rm(dir, { recursive: true })
})
afterEach(() => box.close())

async function start(overrides: Partial<BrokerOptions> = {}): Promise<void> {
  box = await startBox({ authority, ...overrides })
  box.authority = authority
  box.identities.set(motor.fingerprint, { thing: 'motor-1', trade: 'plant', status: 'active' })
}
const device = (options = {}) => connectDevice(box, motor, { clientId: 'motor-1', ...options })

describe('ingest', () => {
  beforeEach(() => start())

  it('takes a publish of a device under its own name and trade', async () => {
    const client = await device()
    await client.publishAsync('dt/plant/motor-1/telemetry', '{"measures":{"rpm":1480}}', { qos: 1 })
    expect(box.taken).toMatchObject([{ topic: 'dt/plant/motor-1/telemetry', client: 'motor-1' }])
    expect(box.taken[0]?.payload.toString()).toBe('{"measures":{"rpm":1480}}')
    await client.endAsync()
  })

  it('takes Basic Ingest without its prefix and gives it to no subscriber', async () => {
    const heard: string[] = []
    for (const filter of ['#', '$aws/rules/#'])
      await box.broker.subscribe(filter, (topic) => heard.push(topic))
    const client = await device()
    await client.publishAsync('$aws/rules/telltale_plant/dt/plant/motor-1/telemetry/c1', 'x', { qos: 1 })
    await client.publishAsync('dt/plant/motor-1/telemetry', 'x', { qos: 1 })
    await until(() => heard.length > 0)
    expect(box.taken.map(({ topic }) => topic)).toEqual([
      'dt/plant/motor-1/telemetry/c1',
      'dt/plant/motor-1/telemetry',
    ])
    expect(heard).toEqual(['dt/plant/motor-1/telemetry'])
    await client.endAsync()
  })

  it('takes Sparkplug and answers to commands', async () => {
    const client = await device()
    for (const topic of [
      'spBv1.0/plant/NBIRTH/motor-1',
      'spBv1.0/plant/DDATA/motor-1/c1',
      'cmd/plant/motor-1/set/response',
    ])
      await client.publishAsync(topic, 'x', { qos: 1 })
    expect(box.taken).toHaveLength(3)
    await client.endAsync()
  })

  it('keeps the order of a device', async () => {
    const client = await device()
    const sent = Array.from({ length: 500 }, (_, i) => String(i))
    await Promise.all(sent.map((text) => client.publishAsync('dt/plant/motor-1/telemetry', text, { qos: 1 })))
    expect(box.taken.map(({ payload }) => Buffer.from(payload).toString())).toEqual(sent)
    await client.endAsync()
  })

  it('acknowledges QoS 1 only when the journal has the message', async () => {
    const order: string[] = []
    box.onIngest((_message, done) => {
      setTimeout(() => {
        order.push('stored')
        done()
      }, 100)
    })
    const client = await device()
    await client.publishAsync('dt/plant/motor-1/telemetry', 'x', { qos: 1 })
    order.push('acknowledged')
    expect(order).toEqual(['stored', 'acknowledged'])
    await client.endAsync()
  })

  it('does not blame a device whose connection is lost while the journal works', async () => {
    const waiting: (() => void)[] = []
    box.onIngest((_message, done) => waiting.push(done))
    const client = await device()
    client.publish('dt/plant/motor-1/telemetry', 'x', { qos: 1 })
    await until(() => waiting.length === 1)
    client.stream.destroy()
    await until(() => box.broker.stats().connected === 0)
    waiting[0]?.()
    await until(() => box.broker.stats().published === 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(box.broker.stats()).toMatchObject({ failed: 0 })
    expect(box.broker.stats().refused).toEqual({})
    client.end(true)
  })

  it('takes two hundred devices that come back at once, and loses none of their messages', async () => {
    const identity = { thing: 'motor-1', trade: 'plant', status: 'active' } as const
    const fleet = await Promise.all(Array.from({ length: 10 }, (_, i) => authority.issueDevice(`m${i}`)))
    fleet.forEach((certificate, i) =>
      box.identities.set(certificate.fingerprint, { ...identity, thing: `m${i}` }),
    )
    const session = async (n: number): Promise<void> => {
      const [certificate, thing] = [fleet[n % 10]!, `m${n % 10}`]
      const client = await connectDevice(box, certificate, { clientId: thing })
      await client.publishAsync(`dt/plant/${thing}/telemetry`, String(n), { qos: 1 })
      await client.endAsync()
    }
    for (let round = 0; round < 20; round++)
      await Promise.all(Array.from({ length: 10 }, (_, i) => session(round * 10 + i)))
    expect(box.taken).toHaveLength(200)
    expect(box.broker.stats()).toMatchObject({ accepted: 200, published: 200 })
    await until(() => box.broker.stats().connected === 0)
  })
})

describe('pressure', () => {
  it('sheds QoS 0 first, counts it, and keeps QoS 1', async () => {
    await start({ pressure: () => true })
    const client = await device()
    await client.publishAsync('dt/plant/motor-1/telemetry', '0', { qos: 0 })
    await client.publishAsync('dt/plant/motor-1/telemetry', '1', { qos: 1 })
    expect(box.taken.map(({ payload }) => Buffer.from(payload).toString())).toEqual(['1'])
    expect(box.broker.stats().shed).toBe(1)
    await client.endAsync()
  })

  it('holds a device to its rate without losing its messages', async () => {
    await start({ limits: { publishesPerSecond: 200 } })
    const client = await device()
    const sent = Array.from({ length: 260 }, (_, i) => String(i))
    await Promise.all(sent.map((text) => client.publishAsync('dt/plant/motor-1/telemetry', text, { qos: 1 })))
    expect(box.taken.map(({ payload }) => Buffer.from(payload).toString())).toEqual(sent)
    await client.endAsync()
  })
})

describe('presence', () => {
  beforeEach(() => start())

  it('tells who came and why it went, under one version number', async () => {
    const told: unknown[] = []
    await box.broker.subscribe('$aws/events/presence/+/motor-1', (topic, payload) =>
      told.push([topic, JSON.parse(Buffer.from(payload).toString())]),
    )
    await (await device()).endAsync()
    await until(() => told.length === 2)
    const [came, went] = box.presence
    expect(came).toMatchObject({
      clientId: 'motor-1',
      eventType: 'connected',
      principalIdentifier: motor.fingerprint,
      ipAddress: '127.0.0.1',
      versionNumber: 0,
    })
    expect(went).toMatchObject({
      eventType: 'disconnected',
      sessionIdentifier: came?.sessionIdentifier,
      versionNumber: 0,
      clientInitiatedDisconnect: true,
      disconnectReason: 'CLIENT_INITIATED_DISCONNECT',
    })
    expect(told).toEqual([
      ['$aws/events/presence/connected/motor-1', came],
      ['$aws/events/presence/disconnected/motor-1', went],
    ])
  })

  it('tells a lost connection, a kick and a silent client apart', async () => {
    ;(await device()).stream.destroy()
    await until(() => box.presence.length === 2)
    const kicked = await device()
    const end = closed(kicked)
    expect(box.broker.kick('motor-1')).toBe(1)
    await end
    await until(() => box.presence.length === 4)
    const silent = await device({ keepalive: 1, reschedulePings: false })
    silent.sendPing = () => undefined
    await until(() => box.presence.length === 6)
    expect(box.presence.flatMap(({ disconnectReason }) => disconnectReason ?? [])).toEqual([
      'CONNECTION_LOST',
      'SERVER_INITIATED_DISCONNECT',
      'MQTT_KEEP_ALIVE_TIMEOUT',
    ])
    silent.end(true)
  })

  it('publishes the last will of a connection that was lost, into the journal', async () => {
    const will = {
      topic: 'spBv1.0/plant/NDEATH/motor-1',
      payload: Buffer.from('gone'),
      qos: 1,
      retain: false,
    } as const
    ;(await device({ will })).stream.destroy()
    await until(() => box.taken.length === 1)
    expect(box.taken[0]).toMatchObject({ topic: 'spBv1.0/plant/NDEATH/motor-1', client: 'motor-1' })
  })
})

describe('commands', () => {
  beforeEach(() => start())

  it('delivers a retained message to who subscribes later', async () => {
    await box.broker.publish('cmd/plant/motor-1/set/request', Buffer.from('70'), { qos: 1, retain: true })
    const client = await device()
    const heard: [string, boolean][] = []
    client.on('message', (_topic, payload, packet) => heard.push([payload.toString(), packet.retain]))
    await client.subscribeAsync('cmd/plant/motor-1/#', { qos: 1 })
    await until(() => heard.length === 1)
    expect(heard).toEqual([['70', true]])
    await client.endAsync()
  })

  it('keeps QoS 1 for a persistent session that is away, up to the limit', async () => {
    await box.close()
    await start({ limits: { queuedMessages: 3 } })
    const persistent = { clean: false, resubscribe: false }
    const client = await device(persistent)
    await client.subscribeAsync('cmd/plant/motor-1/#', { qos: 1 })
    await client.endAsync()
    await until(() => box.broker.stats().connected === 0)
    for (let i = 0; i < 5; i++)
      await box.broker.publish('cmd/plant/motor-1/set/request', Buffer.from(String(i)), { qos: 1 })
    const heard: string[] = []
    const back = connect({ ...mqttOptions(box, motor), clientId: 'motor-1', ...persistent })
    back.on('message', (_topic, payload) => heard.push(payload.toString()))
    await until(() => heard.length === 3)
    expect(heard).toEqual(['0', '1', '2'])
    expect(box.broker.stats().queueDropped).toBe(2)
    await back.endAsync()
  })

  it('forgets a persistent session after its time', async () => {
    await box.close()
    await start({ limits: { sessionExpiryMs: 50, connectMs: 100 } })
    const persistent = { clean: false, resubscribe: false }
    const client = await device(persistent)
    await client.subscribeAsync('cmd/plant/motor-1/#', { qos: 1 })
    await client.endAsync()
    await new Promise((resolve) => setTimeout(resolve, 200))
    const back = connect({ ...mqttOptions(box, motor), clientId: 'motor-1', ...persistent })
    const present = await new Promise((resolve) => {
      back.once('connect', ({ sessionPresent }) => resolve(sessionPresent))
    })
    expect(present).toBe(false)
    await back.endAsync()
  })
})

describe('reserved', () => {
  it('hands shadow topics over and answers the device that asked', async () => {
    await start({
      reserved: (request, done) => {
        request.reply(`${request.topic}/accepted`, Buffer.from(`{"of":"${request.identity.thing}"}`))
        done()
      },
    })
    const client = await device()
    const heard: string[] = []
    client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`))
    await client.subscribeAsync('$aws/things/motor-1/shadow/get/accepted', { qos: 1 })
    await client.publishAsync('$aws/things/motor-1/shadow/get', '', { qos: 1 })
    await until(() => heard.length === 1)
    expect(heard).toEqual(['$aws/things/motor-1/shadow/get/accepted {"of":"motor-1"}'])
    expect(box.taken).toEqual([])
    await client.endAsync()
  })

  it('refuses them where nobody answers', async () => {
    await start()
    const client = await device()
    const end = closed(client)
    client.publish('$aws/things/motor-1/shadow/get', '')
    await end
    expect(box.audited).toMatchObject([{ action: 'publish_denied', actor: 'motor-1' }])
    client.end(true)
  })
})

describe('policy of an identity', () => {
  it('lets a device retain where its policy says so', async () => {
    await start()
    const retain = { Effect: 'Allow', Action: 'iot:RetainPublish', Resource: 'topic/dt/plant/motor-1/state' }
    const policy = { ...devicePolicy, Statement: [...devicePolicy.Statement, retain] }
    box.identities.set(motor.fingerprint, { thing: 'motor-1', trade: 'plant', status: 'active', policy })
    const client = await device()
    await client.publishAsync('dt/plant/motor-1/state', 'on', { qos: 1, retain: true })
    const heard: string[] = []
    await box.broker.subscribe('dt/plant/motor-1/state', (topic) => heard.push(topic))
    expect(box.taken).toHaveLength(1)
    expect(box.audited).toEqual([])
    await client.endAsync()
  })
})

describe('plain listener', () => {
  it('is there only if asked for, and knows devices by client id', async () => {
    const identifyPlain = (thing: string) =>
      thing === 'motor-1' ? ({ thing, trade: 'plant', status: 'active' } as const) : null
    await start({ plain: { port: 0 }, directory: { identify: () => null, identifyPlain } })
    const client = connect({ host: '127.0.0.1', port: box.broker.ports.plain!, clientId: 'motor-1' })
    await client.publishAsync('dt/plant/motor-1/telemetry', 'x', { qos: 1 })
    expect(box.taken).toMatchObject([{ client: 'motor-1' }])
    await client.endAsync()
    const stranger = connect({
      host: '127.0.0.1',
      port: box.broker.ports.plain!,
      clientId: 'stranger',
      reconnectPeriod: 0,
    })
    stranger.on('error', () => undefined)
    await closed(stranger)
    expect(box.broker.stats().refused).toEqual({ certificate_unknown: 1 })
  })
})
