import { describe, expect, it } from 'vitest'
import { deviceEvent } from '../../lambdas/presence/device-event.ts'
import { presenceOf } from '../../lambdas/presence/presence-of.ts'
import { redrive } from '../../lambdas/redrive/redrive-prefix.ts'
import { rawRange, refoldRaw } from '../../lambdas/redrive/refold-raw.ts'
import { archiveRaw, readRaw } from '../../src/adapters/aws/lake/raw-archive.ts'
import { shardsFor } from '../../lambdas/scaler/shards-for.ts'
import { sweep } from '../../lambdas/tick/sweep.ts'
import { principalOf } from '../../lambdas/middleware/principal.ts'
import { BARRIER_TOPIC } from '../../src/adapters/aws/kinesis/barrier.ts'
import { envelopeBytes, rawRecordOf } from '../../src/adapters/aws/kinesis/raw-envelope.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { effectsOf, recordsOf } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { pack } from '../contracts/reading-store.ts'
import type { Item } from '../../src/adapters/aws/dynamo/item.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'
import { contextOf, eventOf, kinesisRecord } from '../aws/kinesis-event.ts'
import { plantTwin } from '../aws/plant-twin.ts'
import type { RawMessage } from '../../src/ports/raw-record.ts'
import { plantDevice, T0 } from '../support/harness.ts'

const register = async (
  double: ReturnType<typeof dynamoDouble>,
  thing: string,
  over: object = {},
): Promise<void> => {
  const device = { thing, trade: 'plant', type: 'pump', status: 'active', attributes: {}, ...over }
  double.tables.set('Registry', (double.tables.get('Registry') ?? new Map<string, Item>()).set(thing, { thing: { S: thing }, device: { S: JSON.stringify(device) } })) // prettier-ignore
}

describe('presenceOf', () => {
  it('stores how things stand, whatever the order of events, and only newer answers', async () => {
    const double = dynamoDouble()
    await register(double, 'pump-1')
    let now = { connected: true, timestamp: new Date(5000) }
    const settle = presenceOf({
      dynamo: double.client,
      presenceTable: 'Presence',
      registryTable: 'Registry',
      connectivity: async () => now,
    })
    await settle('{"clientId":"pump-1","eventType":"disconnected"}')
    expect(double.items('Presence')[0]).toMatchObject({ connected: { BOOL: true }, at: { N: '5000' } })
    now = { connected: false, timestamp: new Date(4000) }
    await settle('{"clientId":"pump-1"}')
    expect(double.items('Presence')[0]).toMatchObject({ connected: { BOOL: true } })
    await settle('{"clientId":"a person"}')
    expect(double.items('Presence')).toHaveLength(1)
  })
})

describe('deviceEvent', () => {
  it('hands answers to the command desk under the name that their topic has, and sends what waits to who is there', async () => {
    const log: string[] = []
    let there: string | null = 'pump-1'
    const handle = deviceEvent({
      settle: async () => there,
      commands: {
        answered: async (thing, payload) => void log.push(`${thing} ${Buffer.from(payload).toString()}`),
        listening: async (thing) => void log.push(`${thing} listens`),
      },
    })
    const data = Buffer.from('{"id":"c1","status":"done"}').toString('base64')
    await handle(JSON.stringify({ topic: 'cmd/plant/pump-1/reboot/response', data }))
    await handle('{"clientId":"pump-1","eventType":"connected"}')
    there = null
    await handle('{"clientId":"pump-1","eventType":"disconnected"}')
    expect(log).toEqual(['pump-1 {"id":"c1","status":"done"}', 'pump-1 listens'])
  })
})

describe('refoldRaw', () => {
  const day = Math.floor(T0 / 86_400_000)
  const objects = new Map<string, Uint8Array>()
  const files = {
    put: async (key: string, body: Uint8Array) => void objects.set(key, body),
    get: async (key: string) => objects.get(key)!,
    list: async (prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
  }
  const message = (topic: string, payload: Uint8Array, receivedAt = T0) => ({ topic, client: 'p', receivedAt, payload }) // prettier-ignore
  const binary = Uint8Array.of(0xff, 0x00, 0xfe)

  it('archives what devices sent untouched, by day of receipt, and sends it again as history', async () => {
    const sent = [
      message('dt/plant/p/telemetry', Buffer.from('{"at": 1,  "measures": {"t": 1.0}}')),
      message('dt/plant/g/telemetry/p', binary, T0 + 86_400_000),
      message('dt/plant/p/backfill', Buffer.from('{}')),
      message('dt/plant/p/request/route', Buffer.from('{}')),
      message('$tick', Buffer.from('{}')),
    ]
    await archiveRaw(files, 'plant', sent, '1-5')
    await archiveRaw(files, 'plant', sent, '1-5') // the batch came again
    expect([...objects.keys()].map((key) => key.replace(/dt=[\d-]+/, 'dt='))).toEqual(
      Array(2).fill('raw/plant/dt=/1-5.ndjson.gz'),
    )
    const kept = [...objects.values()].flatMap((bytes) => readRaw(bytes))
    expect(kept.map(({ payload, ...rest }) => ({ ...rest, payload: Buffer.from(payload) }))).toEqual(
      [0, 2, 3, 1].map((i) => ({ ...sent[i]!, payload: Buffer.from(sent[i]!.payload) })),
    )
    const put: RawMessage[] = []
    const parts = { files, put: async (_trade: string, messages: readonly RawMessage[]) => void put.push(...messages) } // prettier-ignore
    const range = { trade: 'plant', from: day, to: day + 2, after: '' } as const
    let left = 1
    const first = await refoldRaw(range, { ...parts, outOfTime: () => left-- === 0 })
    expect(first).toMatchObject({ files: 1, messages: 2 })
    expect(await refoldRaw({ ...range, after: first.next! }, { ...parts, outOfTime: () => false })).toEqual({ files: 1, messages: 1, next: null }) // prettier-ignore
    expect(put.map(({ topic }) => topic)).toEqual(['dt/plant/p/backfill', 'dt/plant/p/backfill', 'dt/plant/g/backfill/p']) // prettier-ignore
    // They pass the archive once more; a run that took longer would meet them again, for ever.
    const before = objects.size
    const again = await Promise.all(put.map(async (m, i) => rawRecordOf(kinesisRecord(envelopeBytes(m), BigInt(i))))) // prettier-ignore
    await archiveRaw(files, 'plant', again, '6-8')
    expect(objects.size).toBe(before)
  })

  it('says what is wrong with what somebody typed', () => {
    expect(rawRange({ trade: 'plant', from: '2026-11-01', to: '2026-11-03' })).toMatchObject({ trade: 'plant', after: '' }) // prettier-ignore
    for (const given of [null, {}, { trade: 'ships', from: '2026-11-01', to: '2026-11-03' }])
      expect(() => rawRange(given)).toThrow(/raw.trade must be one of plant, fleet, building/)
    for (const [from, to] of [
      ['2026-11-03', '2026-11-01'],
      ['yesterday', '2026-11-01'],
      [1, 2],
    ])
      // prettier-ignore
      expect(() => rawRange({ trade: 'plant', from, to })).toThrow(/must be days as 2026-11-01/)
  })
})

describe('redrive', () => {
  const objects = new Map<string, string>()
  const bucket = {
    send: async (command: { constructor: { name: string }; input: { Key?: string; Prefix?: string } }) => {
      const { Key = '', Prefix = '' } = command.input
      if (command.constructor.name === 'ListObjectsV2Command') return { Contents: [...objects.keys()].filter((k) => k.startsWith(Prefix)).sort().map((k) => ({ Key: k })) } // prettier-ignore
      if (command.constructor.name === 'DeleteObjectCommand') return void objects.delete(Key)
      return { Body: { transformToString: async () => objects.get(Key) } }
    },
  }

  it('puts back what a rule and what a function gave up, and leaves what it cannot read', async () => {
    objects.set('rule/plant/2026/11/22/05/a.json', JSON.stringify({ topic: 'dt/plant/p/telemetry', clientId: 'p', base64OriginalPayload: Buffer.from('{"at":1}').toString('base64'), failures: [{ failedAt: 77 }] })) // prettier-ignore
    const batch = {
      Records: [kinesisRecord(Buffer.from('one'), 1n, 'k1'), kinesisRecord(Buffer.from('two'), 2n, 'k2')],
    }
    objects.set('aws/lambda/x', JSON.stringify({ version: '1.0', payload: JSON.stringify(batch) }))
    objects.set('aws/lambda/y', 'torn')
    const put: [string, string, string][] = []
    const parts = {
      s3: bucket as never,
      bucket: 'failures',
      tradeStreams: ['telemetry'],
      outputStream: 'output',
      streamOfTrade: (trade: string) => (trade === 'plant' ? 'telemetry' : undefined),
      put: async (stream: string, entries: readonly { key: string; data: Uint8Array }[]) => void put.push(...entries.map(({ key, data }): [string, string, string] => [stream, key, Buffer.from(data).toString()])), // prettier-ignore
      requeue: async (event: string) => void put.push(['presence', '', event]),
    }
    expect(await redrive({ ...parts, prefix: 'rule/plant/' })).toEqual({ objects: 1, records: 1, left: [] })
    expect(rawRecordOf(kinesisRecord(Buffer.from(put[0]![2]), 1n))).toMatchObject({
      topic: 'dt/plant/p/telemetry',
      receivedAt: 77,
    })
    expect(await redrive({ ...parts, prefix: 'aws/' })).toEqual({
      objects: 1,
      records: 2,
      left: ['aws/lambda/y'],
    })
    expect(put.slice(1)).toEqual([
      ['telemetry', 'k1', 'one'],
      ['telemetry', 'k2', 'two'],
    ])
    expect([...objects.keys()]).toEqual(['aws/lambda/y'])
  })

  it('puts effects back as ones that advance nothing, and no barrier: what came before it is not done any more', async () => {
    objects.clear()
    const effects = recordsOf([pack('p', 100, 1, { t: [[0, 1]] })])[0]!
    const barrier = envelopeBytes({
      topic: BARRIER_TOPIC,
      client: '',
      receivedAt: T0,
      payload: new Uint8Array(0),
    })
    const batch = {
      Records: [kinesisRecord(effects.data, 1n, effects.key), kinesisRecord(barrier, 2n, 'barrier-0')].map(
        (record) => ({ ...record, eventSourceARN: record.eventSourceARN.replace('telemetry', 'output') }),
      ),
    }
    objects.set('aws/lambda/z', JSON.stringify({ payload: JSON.stringify(batch) }))
    const put: Uint8Array[] = []
    const done = await redrive({
      s3: bucket as never,
      bucket: 'failures',
      prefix: 'aws/',
      tradeStreams: ['telemetry'],
      outputStream: 'output',
      streamOfTrade: () => undefined,
      put: async (_stream, entries) => void put.push(...entries.map(({ data }) => data)),
      requeue: async () => {},
    })
    expect(done).toEqual({ objects: 1, records: 1, left: [] })
    expect(
      effectsOf(put[0]!).map((e) => e.kind === 'readings' && [...e.batch.columns[0]!.advancing]),
    ).toEqual([[0]])
  })

  it('takes the rule’s own topic off what came by Basic Ingest, and requeues connection events', async () => {
    objects.clear()
    objects.set('rule/plant/2026/11/22/05/b.json', JSON.stringify({ topic: '$aws/rules/telltale_plant/dt/plant/p/telemetry', clientId: 'p', base64OriginalPayload: '' })) // prettier-ignore
    const answer = { topic: 'cmd/plant/p/reboot/response', data: 'e30=' }
    objects.set(
      'rule/presence/2026/11/22/05/d.json',
      JSON.stringify({ topic: answer.topic, base64OriginalPayload: answer.data }),
    )
    objects.set('rule/presence/2026/11/22/05/c.json', JSON.stringify({ topic: '$aws/events/presence/connected/p', base64OriginalPayload: Buffer.from('{"clientId":"p"}').toString('base64') })) // prettier-ignore
    const put: string[] = []
    const done = await redrive({
      s3: bucket as never,
      bucket: 'failures',
      prefix: 'rule/',
      tradeStreams: ['telemetry'],
      outputStream: 'output',
      streamOfTrade: (trade) => (trade === 'plant' ? 'telemetry' : undefined),
      put: async (_stream, entries) =>
        void put.push(
          ...entries.map(
            ({ key, data }) =>
              `${key} ${rawRecordOf(kinesisRecord(data, 1n)).topic} ${rawRecordOf(kinesisRecord(data, 1n)).receivedAt}`,
          ),
        ),
      requeue: async (event) => void put.push(event),
    })
    expect(done).toEqual({ objects: 3, records: 3, left: [] })
    expect(put).toEqual([
      `p dt/plant/p/telemetry ${Date.UTC(2026, 10, 22, 5)}`,
      '{"clientId":"p"}',
      JSON.stringify(answer),
    ])
  })
})

describe('shardsFor', () => {
  const limits = { MIN_SHARDS: 1, MAX_SHARDS: 16, TARGET_LATENCY_MS: 500, PARALLELIZATION: 2 }
  const series = (records: number, bytes = 0, age = 0) => new Map([['records', [records, 10]], ['bytes', [bytes]], ['behind', [age]]]) // prettier-ignore

  it('follows the busiest minute, grows at once and shrinks slowly', () => {
    expect(shardsFor(series(60 * 1400), 2, limits)).toBe(3)
    expect(shardsFor(series(0, 60 * 4_000_000), 2, limits)).toBe(4)
    expect(shardsFor(series(60), 8, limits)).toBe(4)
  })

  it('grows when records wait although little comes in, and stays where it knows nothing', () => {
    expect(shardsFor(series(60, 0, 60_000), 2, limits)).toBe(3)
    expect(shardsFor(new Map(), 5, limits)).toBe(5)
  })
})

describe('sweep', () => {
  it('ticks the devices for which time alone changes something, into their own order', async () => {
    const changes = [plantDevice('busy'), plantDevice('done')]
    const twin = plantTwin(changes, () => T0)
    const message = (thing: string) => ({ topic: `dt/plant/${thing}/telemetry`, client: thing, receivedAt: T0, payload: Buffer.from(JSON.stringify({ at: T0, measures: { t: 1 } })) }) // prettier-ignore
    await twin.invoke(eventOf([message('busy'), message('done')]))
    await twin.invoke(eventOf([{ topic: '$tick', client: '', receivedAt: T0 + 200_000, payload: Buffer.from('{"thing":"done"}') }], 10n ** 60n)) // prettier-ignore
    const put: string[] = []
    const run = sweep({
      dynamo: twin.double.client,
      stateTable: 'State',
      configuration: async () => configuration(changes),
      put: async (trade, messages, keyOf) => void put.push(...messages.map((m) => `${trade} ${keyOf(m)} ${Buffer.from(m.payload).toString()}`)), // prettier-ignore
    })
    expect(await run(T0 + 1000)).toBe(0)
    expect(await run(T0 + 200_000)).toBe(1)
    expect(put).toEqual(['plant busy {"thing":"busy"}'])
    expect(contextOf().getRemainingTimeInMillis()).toBeGreaterThan(0)
  })
})

describe('principalOf', () => {
  it('gives the strongest role of a verified token, and nobody without one', () => {
    expect(principalOf({ email: 'a@b', 'cognito:groups': 'viewer,admin' })).toEqual({
      name: 'a@b',
      role: 'admin',
      sites: null,
    })
    expect(principalOf({ sub: 'x', 'cognito:groups': '[operator viewer]' })).toMatchObject({
      name: 'x',
      role: 'operator',
    })
    expect(principalOf({ sub: 'x', 'cognito:groups': 'viewer', 'custom:sites': '["hall 1, north"]' })).toMatchObject({ sites: ['hall 1, north'] }) // prettier-ignore
    expect([principalOf({}), principalOf({ email: 'a@b' }), principalOf({ 'cognito:groups': 'admin' }), principalOf({ email: 'a', 'cognito:groups': 'administrators' })]).toEqual([null, null, null, null]) // prettier-ignore
  })
})
