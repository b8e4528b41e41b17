import { deflateRawSync, gunzipSync, inflateRawSync } from 'node:zlib'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { runErasure, type ErasureParts } from '../../lambdas/erase/run-erasure.ts'
import { withoutDevice } from '../../lambdas/erase/erase-failures.ts'
import { dynamoCommandBook } from '../../src/adapters/aws/dynamo/dynamo-command-book.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoErasureWork } from '../../src/adapters/aws/dynamo/dynamo-erasure-work.ts'
import { dynamoErasures } from '../../src/adapters/aws/dynamo/dynamo-erasures.ts'
import { erasureId } from '../../src/adapters/aws/dynamo/erasure-item.ts'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { dynamoMarkBook } from '../../src/adapters/aws/dynamo/dynamo-mark-book.ts'
import { eraseItems, erasedTables } from '../../src/adapters/aws/dynamo/erase-items.ts'
import { toItem } from '../../src/adapters/aws/dynamo/item.ts'
import { asRedriven, recordsOf } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { envelopeBytes } from '../../src/adapters/aws/kinesis/raw-envelope.ts'
import { bucketName } from '../../src/adapters/aws/lake/bucket-name.ts'
import { eraseFromPlace } from '../../src/adapters/aws/lake/erase-place.ts'
import type { LakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { land, type Place } from '../../src/adapters/aws/lake/landing.ts'
import { rowsOfParquet } from '../../src/adapters/aws/lake/lake-parquet.ts'
import { lakeRowsOf } from '../../src/adapters/aws/lake/lake-rows.ts'
import { dynamoManifest } from '../../src/adapters/aws/lake/manifest.ts'
import { archiveRaw } from '../../src/adapters/aws/lake/raw-archive.ts'
import { s3ReportStore } from '../../src/adapters/aws/lake/s3-report-store.ts'
import { addBirth, emptyBirthTable } from '../../src/core/telemetry/birth-table.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'
import { tableShapes, type TableName } from '../../lib/constructs/tables.ts'
import { compactAll, foldersOf } from '../aws/compact-all.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'
import { eventOf } from '../aws/kinesis-event.ts'
import { plantTwin } from '../aws/plant-twin.ts'
import { NOON, pack } from '../contracts/reading-store.ts'
import { deviceType, plantDevice } from '../support/harness.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const GONE = 'pump-1'
/** Names that hold the one that goes, and one of its own bucket of the lake. */
const OTHERS = ['pump-10', 'old-pump-1', 'q']
const names = new RegExp(`(?<![\\w.:-])${GONE}(?![\\w.:-])`)

function filesOver(objects: Map<string, Uint8Array>, step: () => void = () => {}): LakeFiles {
  return {
    put: async (key, body) => (step(), void objects.set(key, body)),
    get: async (key) => (step(), objects.get(key)!),
    find: async (key) => objects.get(key) ?? null,
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    folders: async (prefix, delimiter) => foldersOf([...objects.keys()], prefix, delimiter),
    remove: async (key) => (step(), void objects.delete(key)),
  }
}

const window = (thing: string, minute: number): DataEffect => ({
  kind: 'window',
  window: { thing, measure: 't', minute, version: NOON, repaired: false, n: 2, sum: 3, m2: 0.5, min: 1, max: 2, first: 1, last: 2 }, // prettier-ignore
})
const message = (thing: string, at = NOON, topic = `dt/plant/${thing}/telemetry`) => ({ topic, client: thing, receivedAt: at, payload: Buffer.from(`{"at":${at},"measures":{"t":90}}`) }) // prettier-ignore

/** A platform that has something of every device in every place. */
async function filled(fail: () => void = () => {}) {
  let counting = false
  const step = (): void => {
    if (counting) fail()
  }
  const twin = plantTwin([GONE, ...OTHERS].map((thing) => plantDevice(thing)).concat(deviceType({ t: { high: 80 } })), () => NOON) // prettier-ignore
  const shared = dynamoDouble({ before: step })
  for (const [name, rows] of twin.double.tables) shared.tables.set(name, rows)
  const dynamo = shared.client
  const [lakeObjects, failedObjects] = [new Map<string, Uint8Array>(), new Map<string, Uint8Array>()]
  const lake = filesOver(lakeObjects, step)
  const failures = filesOver(failedObjects, step)
  const manifest = dynamoManifest(dynamo, 'Manifest')
  const clock = { now: () => NOON }
  const put = async (table: TableName, fields: Parameters<typeof toItem>[0]): Promise<void> =>
    void (await dynamo.send(new PutItemCommand({ TableName: table, Item: toItem(fields) })))
  const all = [GONE, ...OTHERS]
  const later = NOON + DAY

  await twin.invoke(eventOf(all.map((thing) => message(thing))))
  for (const [name, rows] of twin.double.tables) shared.tables.set(name, rows)
  const config = dynamoConfigStore(dynamo, 'Config', clock)
  const births = all.reduce(
    (table, device) => addBirth(table, device, { timestamp: 1, seq: 1, metrics: [{ name: `m of ${device.length}`, alias: String(device.length), timestamp: 1, datatype: 9, value: null }] }, NOON), // prettier-ignore
    emptyBirthTable('edge-1'),
  )
  await dynamo.send(new PutItemCommand({ TableName: 'Births', Item: { thing: { S: 'edge-1' }, child: { S: '*' }, z: { B: deflateRawSync(JSON.stringify(births)) } } })) // prettier-ignore
  for (const [n, thing] of all.entries()) {
    await config.put([
      { ...plantDevice(thing), effectiveFrom: NOON },
      { kind: 'learned', key: thing, value: {}, effectiveFrom: NOON + 1 },
    ])
    await put('Registry', { thing, trade: 'plant', type: 'pump', device: JSON.stringify({ thing }) })
    await put('Births', { thing, child: '*' })
    await put('Presence', { thing, connected: true, at: 1 })
    await put('Retirements', { fingerprint: `f${n}`, thing, due: 'retire', dueAt: 1 })
    await put('WorkOrders', { id: `o${n}`, thing, status: 'open' })
    await put('Jobs', { job: 'j1', entry: `gone#${thing}` })
    await put('Provisioning', { list: 'allowed/batch', name: thing })
    await put('Quarantine', { id: `${n}`, topic: `dt/plant/g/telemetry/${thing}`, client: 'g', receivedAt: NOON, payload: Buffer.from('{'), status: 'open', reason: 'bad_json' }) // prettier-ignore
    await put('Groups', { group: 'geast', thing })
    await dynamoMarkBook(dynamo, 'Marks').put([{ thing, minute: 5, stamp: 's' }])
    await dynamoCommandBook(dynamo, 'Commands').add([{ id: `c-${thing}`, thing, name: 'reboot', payload: null, atMostOnce: false, expiresAt: later }] as never, 'ann', NOON) // prettier-ignore
    await dynamoFacts(dynamo, 'Facts').write([{ type: 'run', thing, key: 'k', at: NOON, until: later, version: 1, value: { n } }]) // prettier-ignore
    const effects = [pack(thing, 100, 1, { t: [[0, n]] }), window(thing, NOON / 60_000)]
    await land(lake, manifest, lakeRowsOf(effects), `a${n}`, NOON)
    await archiveRaw(
      lake,
      'plant',
      [message(thing), message('g', NOON, `dt/plant/g/telemetry/${thing}`)],
      `own-${n}`,
    )
  }
  await put('Jobs', { job: 'targets/1', entry: 'chunk#000000', things: all.join(' ') })
  await archiveRaw(lake, 'plant', all.map((thing) => message(thing, later)), 'mixed') // prettier-ignore
  await compactAll(lake, manifest, NOON + 2 * DAY)
  // One day waits to be published, and one file was left by a run that died.
  for (const thing of all) await land(lake, manifest, lakeRowsOf([pack(thing, 100, 1, { t: [[DAY, 1]] })]), thing, NOON) // prettier-ignore
  const [published] = [...lakeObjects].filter(([key]) => key.startsWith('readings/'))
  lakeObjects.set(published![0].replace(/\.\d+\.parquet$/, '.99.parquet'), published![1])
  const reports = s3ReportStore(lake)
  for (const thing of all) await reports.put({ id: `plant-2025-11-17-7d${thing.length}`, trade: 'plant', title: 'Plant report', site: null, from: 0, to: 1, timeZone: 'UTC', madeAt: 1, sections: [{ kind: 'table', title: `of ${thing}`, columns: [], rows: [[thing]], empty: '', note: '' }] } as never) // prettier-ignore
  for (const thing of all)
    lakeObjects.set(`athena/${thing.length}.csv`, Buffer.from(`"device"\n"${thing}"\n`))
  for (const thing of all) failedObjects.set(`rule/plant/2025/11/22/12/${thing.length}`, Buffer.from(JSON.stringify({ base64OriginalPayload: 'e30=', topic: `$aws/rules/r/dt/plant/${thing}/telemetry`, clientId: thing }))) // prettier-ignore
  const batch = (stream: string, data: readonly Uint8Array[]) => ({
    requestContext: {},
    payload: JSON.stringify({
      Records: data.map((bytes, i) => ({
        eventSourceARN: `arn:aws:kinesis:eu-central-1:1:stream/${stream}`,
        eventID: `shardId-0:${i}`,
        kinesis: { data: Buffer.from(bytes).toString('base64'), sequenceNumber: String(i), partitionKey: 'k', approximateArrivalTimestamp: 1 }, // prettier-ignore
      })),
    }),
  })
  failedObjects.set('aws/lambda/1', Buffer.from(JSON.stringify(batch('plant', all.map((thing) => envelopeBytes(message(thing))))))) // prettier-ignore
  const effects = recordsOf(all.map((thing) => pack(thing, 100, 1, { t: [[0, 1]] }))).map(({ data }) => data)
  failedObjects.set('aws/lambda/2', Buffer.from(JSON.stringify(batch('out', [...effects, ...effects.map(asRedriven), Buffer.from('$barrier')])))) // prettier-ignore

  const shadows = new Map(all.map((thing) => [thing, new Set(['', 'hvac'])]))
  const hot = new Set(all)
  return {
    dynamo, double: shared, lake, failures, manifest, lakeObjects, failedObjects, shadows, hot,
    count: (on: boolean) => void (counting = on),
    /** Everything that there is, as text, by where it lies. */
    dump: async (): Promise<Map<string, string>> => {
      const found = new Map<string, string>()
      for (const table of Object.keys(tableShapes) as TableName[])
        for (const item of shared.items(table)) {
          const packed = table === 'Births' && item['z']?.B ? inflateRawSync(item['z'].B).toString() : ''
          const plain = Object.entries(item).map(([key, { S, N, B }]) => `${key}=${S ?? N ?? (B === undefined ? '' : Buffer.from(B).toString())}`) // prettier-ignore
          found.set(`${table} ${plain.join(' ').slice(0, 200)}`, `${plain.join('\n')}\n${packed}`)
        }
      for (const [key, bytes] of lakeObjects) {
        const rows = key.endsWith('.parquet') ? (await rowsOfParquet<object>(bytes)).map((row) => JSON.stringify(row)) : [key.endsWith('.gz') ? gunzipSync(bytes).toString() : Buffer.from(bytes).toString()] // prettier-ignore
        found.set(`lake ${key}`, rows.join('\n'))
      }
      for (const [key, bytes] of failedObjects) {
        const text = Buffer.from(bytes).toString()
        const inner = [...text.matchAll(/[\w+/]{20,}=*/g)].map(([data]) => Buffer.from(data, 'base64').toString())
        found.set(`failures ${key}`, [text, ...inner].join('\n'))
      }
      for (const [thing, set] of shadows) if (set.size > 0) found.set(`shadows ${thing}`, thing)
      for (const thing of hot) found.set(`hot ${thing}`, thing)
      return found
    },
  } // prettier-ignore
}
type World = Awaited<ReturnType<typeof filled>>

function eraserOf(w: World, over: Partial<ErasureParts> = {}) {
  let now = NOON + 3 * DAY
  const erasures = { ...dynamoErasures(w.dynamo, 'Erasures'), ...dynamoErasureWork(w.dynamo, 'Erasures') }
  const tables = Object.fromEntries(erasedTables.map((name) => [name, name])) as never
  const queue: Place[] = []
  const parts: ErasureParts = {
    erasures,
    eraseItems: async (thing, last) => eraseItems(w.dynamo, tables, thing, { last }),
    shadows: {
      names: async (thing) => [...(w.shadows.get(thing) ?? [])],
      remove: async (thing, name) => (w.shadows.get(thing)?.delete(name), {}),
    },
    eraseHot: async (thing) => (w.hot.delete(thing), true),
    hotDays: 30,
    lake: w.lake,
    failures: w.failures,
    outputStream: 'out',
    ask: async (places) => void queue.push(...places),
    now: () => now,
    outOfTime: () => false,
    ...over,
  }
  /** The queue's worker. */
  const work = async (restore: (key: string) => Promise<void> = async () => {}): Promise<void> => {
    while (queue.length > 0) {
      const place = queue[0]!
      if (await eraseFromPlace(w.lake, w.manifest, { place, thing: GONE }, restore))
        await erasures.removePlace(erasureId(GONE), place)
      queue.shift()
    }
  }
  const run = async (): Promise<void> => {
    for (const erasure of await erasures.open()) await runErasure(erasure, parts)
  }
  return { erasures, run, work, queue, pass: (ms: number) => void (now += ms), now: () => now }
}

const begin = async ({ erasures, now }: ReturnType<typeof eraserOf>) =>
  erasures.begin(GONE, now(), now() + 25 * HOUR)
const naming = (dump: ReadonlyMap<string, string>): string[] =>
  [...dump].filter(([key, text]) => names.test(text) || names.test(key)).map(([key]) => key).sort() // prettier-ignore

/** Both passes to their end, the worker between. */
async function eraseWhole(e: ReturnType<typeof eraserOf>): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await e.run()
    await e.work()
  }
  e.pass(26 * HOUR)
  for (let i = 0; i < 3; i++) {
    await e.run()
    await e.work()
    e.pass(2 * HOUR)
  }
}

describe('erase', () => {
  it('leaves no item and no object that names the device, and everything of others as it was', async () => {
    const w = await filled()
    const before = await w.dump()
    const tables = new Set(naming(before).map((key) => key.split(' ')[0]))
    expect([...tables].sort()).toEqual([...erasedTables, 'failures', 'hot', 'lake', 'shadows'].sort())
    const e = eraserOf(w)
    await begin(e)
    await eraseWhole(e)
    expect(await e.erasures.of(GONE)).toMatchObject({ state: 'erased', waiting: 0, hotStoreForgetsAt: null })
    const after = await w.dump()
    expect(naming(after)).toEqual([])
    // What never named it is the same to the byte, but for the lake’s new generations.
    const isMoved = (key: string): boolean =>
      /^(lake (readings|windows|quarters|days)|Manifest|Erasures)/.test(key)
    for (const [key, text] of before)
      if (!names.test(text) && !isMoved(key) && !/^(lake athena|lake reports.*7d6|Births thing=edge)/.test(key)) expect([key, after.get(key)]).toEqual([key, text]) // prettier-ignore
    const rowsOf = (dump: ReadonlyMap<string, string>) =>
      [...dump].filter(([key]) => /^lake (readings|windows|quarters|days|landing)/.test(key) && !key.includes('.99.')).flatMap(([, text]) => text.split('\n')).filter((row) => row !== '' && !names.test(row)).sort() // prettier-ignore
    expect(rowsOf(after)).toEqual(rowsOf(before))
    const shown = (await w.manifest.between('readings', 0, 99_999)).flatMap(({ files }) => files)
    for (const key of shown) expect(w.lakeObjects.has(key), key).toBe(true)
    const raw = (dump: ReadonlyMap<string, string>) =>
      [...dump].filter(([key]) => key.startsWith('lake raw/')).flatMap(([, text]) => text.split('\n')).filter((line) => !names.test(line)).sort() // prettier-ignore
    expect(raw(after)).toEqual(raw(before))
    expect([...after.keys()].filter((key) => key.startsWith('failures')).sort()).toEqual([...before.keys()].filter((key) => key.startsWith('failures') && key !== `failures rule/plant/2025/11/22/12/${GONE.length}`).sort()) // prettier-ignore
  })

  it('removes in its second pass what was on its way during the first', async () => {
    const w = await filled()
    const e = eraserOf(w)
    await begin(e)
    for (let i = 0; i < 3; i++) {
      await e.run()
      await e.work()
    }
    expect(await e.erasures.of(GONE)).toMatchObject({ state: 'settling', finishedAt: null })
    // The change that took it out of the configuration is what keeps late records away; it goes at last.
    await dynamoConfigStore(w.dynamo, 'Config', e).put([{ kind: 'device', key: GONE, value: null, effectiveFrom: e.now() }]) // prettier-ignore
    await archiveRaw(w.lake, 'plant', [message(GONE)], 'late')
    await land(w.lake, w.manifest, lakeRowsOf([pack(GONE, 100, 1, { t: [[0, 1]] })]), 'late', e.now())
    await compactAll(w.lake, w.manifest, e.now())
    await dynamoMarkBook(w.dynamo, 'Marks').put([{ thing: GONE, minute: 6, stamp: 's' }])
    w.hot.add(GONE)
    await e.run()
    expect(naming(await w.dump()).length).toBeGreaterThan(5)
    e.pass(26 * HOUR)
    await e.run()
    await e.work()
    e.pass(2 * HOUR)
    await e.run()
    expect(naming(await w.dump())).toEqual([])
    expect(await e.erasures.of(GONE)).toMatchObject({ state: 'erased' })
  })

  it('goes on wherever it was stopped', async () => {
    let left = Infinity
    const w = await filled(() => {
      if (--left < 0) throw new Error('stopped')
    })
    w.count(true)
    const e = eraserOf(w)
    await begin(e)
    let stops = 0
    for (let n = 1; (await e.erasures.open()).length > 0; n++) {
      // Ever longer runs, of run and worker in turn, each ended in the midst of it.
      left = n
      try {
        await (n % 2 === 0 ? e.work() : e.run())
      } catch {
        stops++
      }
      left = Infinity
      e.pass(HOUR)
      if (n > 300) throw new Error('it does not end')
    }
    expect(stops).toBeGreaterThan(10)
    expect(naming(await w.dump())).toEqual([])
  })

  it('hands over to the next run when its time is up, and then does not begin anew', async () => {
    const w = await filled()
    let asked = 0
    const e = eraserOf(w, { outOfTime: () => ++asked % 3 === 0 })
    await begin(e)
    let runs = 0
    for (; (await e.erasures.open()).length > 0 && runs < 100; runs++) {
      await e.run()
      await e.work()
      e.pass(2 * HOUR)
    }
    expect(runs).toBeGreaterThan(5)
    expect(naming(await w.dump())).toEqual([])
  })

  it('waits for a file in Deep Archive until it is restored', async () => {
    const w = await filled()
    const frozen = [...w.lakeObjects.keys()].find(
      (key) => key.startsWith('windows/') && key.includes(`/b=${bucketName(GONE)}.`),
    )!
    const e = eraserOf({ ...w, lake: { ...w.lake, get: async (key) => { if (key === frozen && restored.length < 2) throw Object.assign(new Error('The operation is not valid for the object’s storage class'), { name: 'InvalidObjectState' }); return w.lake.get(key) } } }) // prettier-ignore
    const restored: string[] = []
    await begin(e)
    for (let i = 0; i < 3; i++) {
      await e.run()
      await e.work(async (key) => void restored.push(key))
    }
    expect([restored, (await e.erasures.of(GONE))!.waiting]).toEqual([[frozen], 1])
    for (let i = 0; i < 4; i++) {
      e.pass(2 * HOUR)
      await e.run()
      await e.work(async (key) => void restored.push(key))
    }
    e.pass(26 * HOUR)
    for (let i = 0; i < 3; i++) {
      await e.run()
      await e.work()
      e.pass(2 * HOUR)
    }
    expect(naming(await w.dump())).toEqual([])
  })

  it('says when a hot store that cannot erase forgets, and keeps the name until then', async () => {
    const w = await filled()
    const e = eraserOf(w, { eraseHot: async () => false })
    const at = e.now()
    await begin(e)
    await e.run()
    const forgetsAt = at + 31 * DAY
    expect(await e.erasures.of(GONE)).toMatchObject({ settlesAt: forgetsAt, hotStoreForgetsAt: forgetsAt })
    expect(await e.erasures.underWay([GONE, 'q'])).toMatchObject([{ thing: GONE }])
  })

  it('is begun once, and again only when it is done', async () => {
    const w = await filled()
    const e = eraserOf(w)
    const first = await begin(e)
    e.pass(1000)
    expect(await begin(e)).toEqual(first)
    await eraseWhole(e)
    expect((await begin(e)).requestedAt).toBeGreaterThan(first.requestedAt)
    expect(await e.erasures.of('nobody')).toBeNull()
  })
})

describe('withoutDevice', () => {
  it('leaves alone what has nothing of the device, whatever its form', () => {
    for (const text of [
      '',
      'no json',
      'null',
      '[1]',
      '{"payload":5}',
      '{"payload":"{}"}',
      '{"payload":{"Records":[]}}',
    ])
      expect(withoutDevice(text, GONE, 'out')).toBeUndefined()
    expect(withoutDevice(`{"any":{"thing":"${GONE}"}}`, GONE, 'out')).toBeNull()
  })
})
