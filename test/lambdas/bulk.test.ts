import type { APIGatewayProxyEvent } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refoldArchive } from '../../lambdas/bulk/refold-archive.ts'
import { athena } from '../../src/adapters/aws/lake/athena.ts'
import { athenaLake } from '../../src/adapters/aws/lake/athena-lake.ts'
import { expireDays } from '../../src/adapters/aws/lake/expire-days.ts'
import { land, SEAL_AFTER_MS } from '../../src/adapters/aws/lake/landing.ts'
import { rowsOfParquet } from '../../src/adapters/aws/lake/lake-parquet.ts'
import { lakeRowsOf, type WindowLakeRow } from '../../src/adapters/aws/lake/lake-rows.ts'
import { archiveRaw } from '../../src/adapters/aws/lake/raw-archive.ts'
import { rebuildPlace } from '../../src/adapters/aws/lake/rebuild-place.ts'
import { dynamoManifest } from '../../src/adapters/aws/lake/manifest.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoDeviceDirectory } from '../../src/adapters/aws/dynamo/dynamo-device-directory.ts'
import { exportParquet } from '../../src/adapters/portable/export-parquet.ts'
import type { Device } from '../../src/core/device/profile.ts'
import { DAY, dateOf, dayOf } from '../../src/core/history/lake-layout.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'
import { add, momentsOf, type WindowRow } from '../../src/core/window/window.ts'
import { querySeries } from '../../src/pipeline/history/query.ts'
import { makeDueReports } from '../../src/pipeline/reports/make-report.ts'
import type { HotReader, SeriesReadings } from '../../src/ports/history.ts'
import { athenaDouble } from '../aws/athena-double.ts'
import { compactAll } from '../aws/compact-all.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'
import { retentionContract } from '../contracts/retention.ts'
import { NOON, pack } from '../contracts/reading-store.ts'
import { deviceType, plantDevice } from '../support/harness.ts'
import { bulkOver, lakeInMemory } from './bulk-fixture.ts'

const COUNT = 720
const FROM = NOON - 7 * 60_000
const valueAt = (i: number): number => Math.round(50 * Math.sin(i / 9) * 100) / 100

/** A reading each 10 s for two hours, and the windows that the pipeline makes of them; wrong ones, if so asked. */
function effectsFor(thing: string, daysLater = 0, wrong = false): DataEffect[] {
  const shift = daysLater * DAY
  const samples = Array.from({ length: COUNT }, (_, i): [number, number] => [FROM - NOON + shift + i * 10_000, valueAt(i)]) // prettier-ignore
  const windows = new Map<number, WindowRow>()
  for (const [offset, value] of samples) {
    const minute = Math.floor((NOON + offset) / 60_000)
    const open = windows.get(minute)
    if (open) add(open, value)
    else windows.set(minute, { ...momentsOf(wrong ? value + 200 : value), thing, measure: 't', minute, version: NOON + 9e12, repaired: true }) // prettier-ignore
  }
  return [
    pack(thing, 9_000_000 + shift, 1, { t: samples }),
    ...[...windows.values()].map((window): DataEffect => ({ kind: 'window', window })),
  ]
}

const closing: (() => void)[] = []
afterAll(() => closing.forEach((close) => close()))

/** What was published of `days` days, forty days ago; `hot` is what the hot store says. */
async function deployed(
  given: { days?: number; wrong?: boolean; hot?: Partial<HotReader>; athena?: boolean } = {},
) {
  const { days = 1, wrong = false } = given
  const lake = lakeInMemory()
  // DuckDB takes its time: only for those who ask the lake.
  const athenaOver = given.athena ? await athenaDouble(lake.objects) : null
  if (athenaOver) closing.push(athenaOver.close)
  const dynamo = dynamoDouble({ pageSize: 100 }).client
  let now = NOON + 40 * DAY
  let elapsed = 0
  const clock = { now: () => now, elapsed: () => elapsed }
  const manifest = dynamoManifest(dynamo, 'Manifest')
  for (let day = 0; day < days; day++) {
    const effects = ['pump-1', 'pump-2'].flatMap((thing) => effectsFor(thing, day, wrong))
    await land(lake.files, manifest, lakeRowsOf(effects), `batch${day}`, NOON + day * DAY)
    await compactAll(lake.files, manifest, NOON + (day + 1) * DAY + SEAL_AFTER_MS)
  }
  const directory = dynamoDeviceDirectory({ dynamo, table: 'Registry', config: dynamoConfigStore(dynamo, 'Config', clock), things: { ensure: async () => {}, setStatus: async () => {}, remove: async () => {} }, clock, effectiveAfterMs: 0, membersOf: async function* () {} }) // prettier-ignore
  const type = deviceType({ t: { high: 80 } })
  if (type.kind === 'type' && type.value) await directory.putType(type.value, 'ann')
  for (const [thing, site] of [
    ['pump-1', 'north'],
    ['pump-2', 'south'],
  ] as const)
    // prettier-ignore
    await directory.put({ ...(plantDevice(thing).value as Device), site }, 'ann')
  const noHot: HotReader = { copies: () => [], windows: () => [], stale: () => [], days: () => [], measures: () => [] } // prettier-ignore
  const stores = {
    hot: { ...noHot, ...given.hot },
    lake: athenaLake({ ask: athenaOver ? athena(athenaOver.options) : async () => { throw new Error('not asked') }, manifest, bucket: athenaOver?.bucket ?? '', database: athenaOver?.database ?? '', now: clock.now, warmAfterDays: 30, coldAfterDays: 365, deepAfterDays: 1826 }), // prettier-ignore
  }
  const bulk = bulkOver({ dynamo, clock, files: lake.files, stores })

  async function call(
    request: string,
    { groups = 'admin', sites, body, bytes, type = 'application/json' }: { groups?: string; sites?: string; body?: unknown; bytes?: Uint8Array; type?: string } = {}, // prettier-ignore
  ) {
    const [method = '', url = ''] = request.split(' ')
    const [path = '', query = ''] = url.split('?')
    const parameters = new URLSearchParams(query)
    const event = {
      resource: '/{proxy+}',
      path,
      httpMethod: method,
      headers: { authorization: 'Bearer x', host: 'api.example', ...((body ?? bytes) !== undefined && { 'content-type': type }) }, // prettier-ignore
      multiValueHeaders: {},
      queryStringParameters: query === '' ? null : Object.fromEntries(parameters),
      multiValueQueryStringParameters: query === '' ? null : Object.fromEntries([...parameters].map(([k, v]) => [k, [v]])), // prettier-ignore
      requestContext: { authorizer: { claims: { sub: 'u', email: 'ann@example.com', 'cognito:groups': groups, ...(sites !== undefined && { 'custom:sites': sites }) } }, stage: 'v', path: `/v${path}` }, // prettier-ignore
      // With every media type as binary, API Gateway hands all bodies over like this.
      body: bytes ? Buffer.from(bytes).toString('base64') : body === undefined ? null : Buffer.from(JSON.stringify(body)).toString('base64'), // prettier-ignore
      isBase64Encoded: true,
    } as unknown as APIGatewayProxyEvent
    const answer = await bulk.handle(event)
    const raw = Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8')
    const headers = { ...answer.headers, ...Object.fromEntries(Object.entries(answer.multiValueHeaders ?? {}).map(([k, v]) => [k, v[0]])) } as Record<string, string> // prettier-ignore
    const json = (): Record<string, unknown> => JSON.parse(raw.toString()) as Record<string, unknown>
    return { status: answer.statusCode, headers, raw, json, size: answer.body.length }
  }
  /** All parts of an export, as their client puts them together. */
  async function exported(query: string, options: Parameters<typeof call>[1] = {}) {
    const parts: Buffer[] = []
    for (let next: string | undefined = `/v1/export?${query}`; next !== undefined;) {
      const part: Awaited<ReturnType<typeof call>> = await call(`GET ${next}`, options)
      if (part.status !== 200) throw new Error(part.raw.toString())
      parts.push(part.raw)
      const url = /<([^>]+)>/.exec(part.headers['link'] ?? '')?.[1]
      next = url === undefined ? undefined : new URL(url, 'https://api.example').pathname + new URL(url, 'https://api.example').search // prettier-ignore
    }
    return parts
  }
  return { ...bulk, ...lake, dynamo, stores, call, exported, at: (time: number) => (now = time), passes: (ms: number) => (elapsed += ms), statements: athenaOver?.statements ?? [] } // prettier-ignore
}

const wholeDay = `from=${Math.floor(NOON / DAY) * DAY}&to=${(Math.floor(NOON / DAY) + 1) * DAY}`

describe('export on AWS', () => {
  let world: Awaited<ReturnType<typeof deployed>>
  beforeAll(async () => (world = await deployed({ athena: true })))

  it('gives every reading once, whatever the size of its parts', async () => {
    const lines = ['pump-1', 'pump-2'].flatMap((thing) => Array.from({ length: COUNT }, (_, i) => `${thing},t,${new Date(FROM + i * 10_000).toISOString()},${valueAt(i)},,good`)) // prettier-ignore
    const whole = (await world.exported(wholeDay))[0]!.toString()
    expect(whole).toBe(`device,measure,ts,value,text,quality\n${lines.join('\n')}\n`)
    // A device of more than a part has room for is read in pieces.
    const pieces = await world.exported(`${wholeDay}&rows=100`)
    expect(pieces.length).toBe(2)
    expect(Buffer.concat(pieces).toString()).toBe(whole)
    const parquet = await world.exported(`${wholeDay}&format=parquet&things=pump-2`)
    expect(parquet.map((bytes) => bytes.subarray(0, 4).toString())).toEqual(['PAR1'])
    expect((await rowsOfParquet<{ device: string }>(parquet[0]!)).map(({ device }) => device)).toEqual(Array(COUNT).fill('pump-2')) // prettier-ignore
  })

  it('ends a part when its time is over, and goes on there', async () => {
    const slow = await deployed({
      athena: true,
      days: 3,
      hot: { copies: () => (slow?.passes(9_000), []) },
    })
    const before = slow.statements.length
    const parts = await slow.exported(`from=${FROM - DAY}&to=${FROM + 4 * DAY}`)
    expect(parts.length).toBeGreaterThan(3)
    expect(slow.statements.length - before).toBe(3) // a question a day with files, however many parts
    expect(Buffer.concat(parts).toString().trim().split('\n')).toHaveLength(1 + 3 * 2 * COUNT)
  })

  it('takes parts of a single row, however many measures an instant has', async () => {
    const at = NOON + 38 * DAY
    const copies = ({
      things,
      from,
      to,
    }: {
      things: readonly string[]
      from: number
      to: number
    }): SeriesReadings[] =>
      things.includes('pump-1') && from <= at && to > at
        ? ['a', 'b', 'c'].map((measure) => ({ thing: 'pump-1', measure, readings: [{ at, value: 1, text: null, quality: 0, receivedAt: at, confirmedAt: null }] })) // prettier-ignore
        : []
    const world = await deployed({ days: 0, hot: { copies } })
    const parts = await world.exported(`from=${at - DAY}&to=${at + DAY}&rows=1`)
    expect(Buffer.concat(parts).toString().trim().split('\n')).toHaveLength(1 + 3)
  })

  it('keeps an answer within what AWS takes, however long its texts are', async () => {
    const text = 'x'.repeat(1000)
    const copies = (range: {
      things: readonly string[]
      from: number
      to: number
      most?: number
    }): SeriesReadings[] => {
      const from = Math.max(Math.ceil(range.from / 1000) * 1000, NOON + 38 * DAY)
      const n = Math.max(0, Math.ceil((Math.min(range.to, NOON + 38 * DAY + 6_000_000) - from) / 1000))
      if (n > (range.most ?? Infinity)) throw Object.assign(new Error('more'), { name: 'TooMuch' })
      return range.things.includes('pump-1') && n > 0
        ? [{ thing: 'pump-1', measure: 's', readings: Array.from({ length: n }, (_, i) => ({ at: from + i * 1000, value: NaN, text, quality: 0, receivedAt: NOON, confirmedAt: null })) }] // prettier-ignore
        : []
    }
    const chatty = await deployed({ days: 0, hot: { copies } })
    const query = `from=${NOON + 38 * DAY}&to=${NOON + 39 * DAY}`
    const parts = await chatty.exported(query)
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(4_200_000)
    expect(parts.length).toBeGreaterThan(1)
    expect(Buffer.concat(parts).toString().trim().split('\n')).toHaveLength(1 + 6_000)
  })

  it('shows a token of one site that site’s devices, and refuses what Athena cannot read', async () => {
    const own = (await world.exported(wholeDay, { groups: 'viewer', sites: 'south' }))[0]!.toString()
    expect(new Set(own.trim().split('\n').slice(1).map((line) => line.split(',')[0]))).toEqual(new Set(['pump-2'])) // prettier-ignore
    expect((await world.call(`GET /v1/export?${wholeDay}&things=pump-1`, { groups: 'viewer', sites: 'south' })).status).toBe(404) // prettier-ignore
    expect((await world.call('GET /v1/export?from=1763812800000&to=1763812700000')).json()).toMatchObject({
      code: 'bad_range',
    })
    world.at(NOON + 1900 * DAY)
    const deep = await world.call(`GET /v1/export?${wholeDay}`)
    expect([deep.status, deep.json()['code']]).toEqual([409, 'deep_archive'])
    expect(String(deep.json()['detail'])).toContain('Deep Archive')
    world.at(NOON + 40 * DAY)
  })
})

describe('import on AWS', () => {
  it('sends good rows to their trade’s stream as history, and says what is wrong with the others', async () => {
    const world = await deployed({ days: 0 })
    const at = NOON + 35 * DAY
    const csv = `device,measure,ts,value\npump-1,t,${at},1.5\npump-9,t,${at},1\npump-1,t,${NOON},1\npump-2,t,${at},x\n`
    const answer = await world.call('POST /v1/import', { bytes: Buffer.from(csv), type: 'text/csv' })
    expect([answer.status, answer.json()]).toMatchObject([200, { rows: 4, taken: 1, refused: 3 }])
    expect((answer.json()['faults'] as { reason: string }[]).map(({ reason }) => reason)).toEqual([
      'there is no device pump-9',
      `readings of t are taken from ${new Date(NOON + 10 * DAY).toISOString()} on; this one is older`,
      expect.stringContaining('is no finite number'),
    ])
    expect(
      world.sent.map(({ topic, client, payload }) => [
        topic,
        client,
        JSON.parse(Buffer.from(payload).toString()) as unknown,
      ]),
    ).toEqual([
      // prettier-ignore
      ['dt/plant/pump-1/backfill', 'pump-1', { at, offsets: [0], measures: { t: [1.5] } }],
    ])
    expect(await world.audit.list({ action: 'history.import', limit: 5 })).toHaveLength(1)
  })

  it('takes Parquet as it is, byte by byte, and refuses what is none', async () => {
    const world = await deployed({ days: 0 })
    const at = NOON + 35 * DAY
    const readings = Array.from({ length: 300 }, (_, i) => ({ at: at + i * 1000, value: i, text: null, quality: 0, receivedAt: at, confirmedAt: null })) // prettier-ignore
    const bytes = exportParquet([{ thing: 'pump-1', measure: 't', readings }])
    const taken = await world.call('POST /v1/import', { bytes, type: 'application/vnd.apache.parquet' })
    expect(taken.json()).toMatchObject({ rows: 300, taken: 300, refused: 0 })
    expect(world.sent).toHaveLength(1)
    const torn = await world.call('POST /v1/import', { bytes: Buffer.from('PAR1nothing'), type: 'application/vnd.apache.parquet' }) // prettier-ignore
    expect([torn.status, torn.json()['code']]).toEqual([400, 'bad_table'])
    expect((await world.call('POST /v1/import', { groups: 'viewer', bytes: Buffer.from('a'), type: 'text/csv' })).status).toBe(403) // prettier-ignore
  })
})

describe('reports on AWS', () => {
  it('are made of both stores, kept in the bucket, and given as JSON, PDF and CSV', async () => {
    const world = await deployed({ athena: true })
    const body = { trade: 'plant', firstDay: dateOf(dayOf(NOON)), days: 1, timeZone: 'UTC' }
    const made = await world.call('POST /v1/reports', { body })
    const report = made.json() as { id: string; sections: { kind: string }[] }
    expect([made.status, report.sections.map(({ kind }) => kind)]).toEqual([201, expect.arrayContaining(['figures', 'table'])]) // prettier-ignore
    expect([...world.objects.keys()].filter((key) => key.startsWith('reports/'))).toHaveLength(2)
    const pdf = await world.call(`GET /v1/reports/${report.id}/pdf`)
    expect([pdf.status, pdf.headers['content-type'], pdf.raw.subarray(0, 5).toString()]).toEqual([200, 'application/pdf', '%PDF-']) // prettier-ignore
    expect(pdf.raw.subarray(-6).toString()).toContain('%%EOF')
    const csv = await world.call(`GET /v1/reports/${report.id}/csv`)
    expect(csv.raw.toString().split('\r\n')[0]).toBe('section,item,field,time,value,unit')
    // A report of every site is for those who see all.
    expect((await world.call(`GET /v1/reports/${report.id}`, { sites: 'north' })).status).toBe(404)
    expect((await world.call('POST /v1/reports', { groups: 'operator', sites: 'north', body })).json()).toMatchObject({ code: 'wrong_site' }) // prettier-ignore
  })

  it('are made by themselves once their week is over, of trades that sent anything', async () => {
    const world = await deployed({ athena: true })
    const weekAfter = NOON + 3 * DAY // NOON is a Saturday
    expect(await makeDueReports(world.sources, world.store, weekAfter, 'Europe/Berlin')).toEqual(['plant-2025-11-17']) // prettier-ignore
    expect(await makeDueReports(world.sources, world.store, weekAfter, 'Europe/Berlin')).toEqual([])
    expect(await makeDueReports(world.sources, world.store, weekAfter + 14 * DAY, 'Europe/Berlin')).toEqual([]) // prettier-ignore
  })
})

describe('refolding on AWS', () => {
  const message = (trade: string, receivedAt: number) => ({ topic: `dt/${trade}/p/telemetry`, client: 'p', receivedAt, payload: Buffer.from('{}') }) // prettier-ignore

  it('goes through all trades, by receipt, a part at a time, each message once', async () => {
    const lake = lakeInMemory()
    for (const trade of ['plant', 'fleet'])
      for (const day of [0, 1, 2])
        for (const batch of ['1-2', '3-4'])
          await archiveRaw(lake.files, trade, [message(trade, NOON + day * DAY), message(trade, NOON + day * DAY + 1000)], batch) // prettier-ignore
    const sent: string[] = []
    const range = { from: NOON + 500, to: NOON + 2 * DAY + 500 }
    let turns = 0
    const parts = { trades: ['plant', 'fleet'] as const, files: lake.files, put: async (trade: string, messages: readonly { receivedAt: number }[]) => void sent.push(...messages.map(({ receivedAt }) => `${trade} ${(receivedAt - NOON) / 1000}`)), outOfTime: () => ++turns % 2 === 0 } // prettier-ignore
    let calls = 0
    for (let after: string | null = ''; after !== null; calls++) {
      const done: Awaited<ReturnType<typeof refoldArchive>> = await refoldArchive({ ...range, after }, parts)
      after = done.next
    }
    expect(calls).toBeGreaterThan(6)
    const expected = ['plant', 'fleet'].flatMap((trade) => [1, 1, 86_400, 86_401, 86_400, 86_401, 172_800, 172_800].map((s) => `${trade} ${s}`)) // prettier-ignore
    expect(sent).toEqual(expected)
  })

  it('answers what a part sent and where the next one begins, to admins of all sites', async () => {
    const world = await deployed({ days: 0 })
    await archiveRaw(world.files, 'plant', [message('plant', NOON)], '1-1')
    const body = { from: NOON, to: NOON + 1 }
    expect((await world.call('POST /v1/history/refold', { body })).json()).toEqual({
      messages: 1,
      next: null,
    })
    expect(world.sent).toMatchObject([{ topic: 'dt/plant/p/backfill', receivedAt: NOON, replayOf: 'archive/' }]) // prettier-ignore
    expect((await world.call('POST /v1/history/refold', { sites: 'north', body })).json()).toMatchObject({ code: 'wrong_site' }) // prettier-ignore
    expect((await world.call('POST /v1/history/refold', { groups: 'operator', body })).status).toBe(403)
    expect(await world.audit.list({ action: 'history.refold', limit: 5 })).toHaveLength(1)
  })
})

describe('rebuilding windows on AWS', () => {
  const windowsOf = async (world: Awaited<ReturnType<typeof deployed>>): Promise<WindowLakeRow[]> => {
    const shown = (await world.manifest.get('windows', dateOf(dayOf(NOON))))!
    const keys = shown.files.filter((key) => key.startsWith('windows/'))
    return (
      await Promise.all(keys.map(async (key) => rowsOfParquet<WindowLakeRow>(world.objects.get(key)!)))
    ).flat()
  }

  it.each([[1_500_000], [500]])(
    'makes them, their quarters and days of the readings, %i at once',
    async (atOnce) => {
      const right = await deployed()
      const world = await deployed({ wrong: true })
      expect((await windowsOf(world)).some(({ max }) => max > 60)).toBe(true)
      const range = { from: NOON, to: NOON + 1000 }
      expect((await world.call('POST /v1/history/rebuild', { body: range })).json()).toEqual({ days: 1, givenUp: 0 }) // prettier-ignore
      expect(world.rebuilt.map(({ table, day }) => [table, day])).toEqual(world.rebuilt.map(() => ['windows', dayOf(NOON)])) // prettier-ignore
      let windows = 0
      for (const place of world.rebuilt)
        windows += (await rebuildPlace(world.files, world.manifest, { ...place, table: 'windows' }, atOnce))!
      const plain = (rows: WindowLakeRow[]) =>
      rows.map(({ version: _, ...row }) => row).sort((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : a.ts - b.ts)) // prettier-ignore
      const again = plain(await windowsOf(world))
      expect(again).toEqual(plain(await windowsOf(right)))
      expect(windows).toBe(again.length)
      expect((await windowsOf(world)).every(({ version }) => version === NOON + 9_000_000)).toBe(true)
      // Nothing is left of the generation before, and a question for days sees the new ones.
      const shown = (await world.manifest.get('windows', dateOf(dayOf(NOON))))!
      expect([...world.objects.keys()].filter((key) => /^(windows|quarters|days)\//.test(key)).sort()).toEqual(shown.files) // prettier-ignore
    },
  )

  it('leaves windows alone whose readings are gone, and asks for nothing beyond what is published', async () => {
    const world = await deployed()
    const before = await windowsOf(world)
    const place = { table: 'windows', day: dayOf(NOON), bucket: '99' } as const
    expect(await rebuildPlace(world.files, world.manifest, place)).toBeNull()
    expect(await windowsOf(world)).toEqual(before)
    const body = { from: NOON + 5 * DAY, to: NOON + 9 * DAY }
    expect((await world.call('POST /v1/history/rebuild', { body })).json()).toEqual({ days: 0, givenUp: 0 })
  })
})

const kept = (readings: number, windows = readings, quarters = windows, days = quarters) => ({ classes: [{ name: 'default', measures: [], days: { readings, windows, quarters, days } }], warmAfterDays: 30, coldAfterDays: 365 }) // prettier-ignore

retentionContract('AWS', async () => {
  const world = await deployed({ days: 0 })
  return {
    ask: async (method, body) => {
      const { status, raw } = await world.call(`${method} /v1/retention`, { body })
      return { status, body: raw.length === 0 ? {} : (JSON.parse(raw.toString()) as Record<string, unknown>) }
    },
    policy: kept(400, 1830, 3660, 7320),
    audited: async () => (await world.audit.list({ action: 'retention.put', limit: 9 })).length,
  }
})

describe('retention on AWS', () => {
  it('refuses what the lake cannot do, and says who can', async () => {
    const world = await deployed({ days: 0 })
    const two = { ...kept(400), classes: [...kept(400).classes, { ...kept(400).classes[0]!, name: 'fast', measures: ['t'] }] } // prettier-ignore
    for (const [policy, said] of [
      [two, /one class is for all of them: leave default/],
      [{ ...kept(400), warmAfterDays: 10 }, /are 30 and 365 by the deployment here/],
      [kept(31), /at least 32 days, for the hot store keeps them for 30/],
    ] as const) {
      const answer = await world.call('PUT /v1/retention', { body: policy })
      expect([answer.status, answer.json()['code'], answer.json()['detail']]).toEqual([422, 'bad_policy', expect.stringMatching(said)]) // prettier-ignore
    }
    expect(await world.audit.list({ action: 'retention.put', limit: 9 })).toEqual([])
  })

  it('takes nothing away until there is a policy, then two days a day, oldest first, each kind by itself', async () => {
    const world = await deployed({ days: 5 })
    const first = dayOf(NOON)
    const now = (first + 100) * DAY
    expect(await expireDays(world.files, world.manifest, now)).toEqual({})
    expect((await world.call('GET /v1/retention')).json()['due']).toEqual([])
    await world.call('PUT /v1/retention', { body: kept(97, 98, 5000) })
    world.at(now)
    const due = (await world.call('GET /v1/retention')).json()['due']
    expect(due).toMatchObject([
      { kind: 'readings', class: 'default', from: first, until: first + 3, bytes: null, rows: 3 * 2 * COUNT }, // prettier-ignore
      { kind: 'windows', class: 'default', from: first, until: first + 2, bytes: null, rows: 2 * 2 * 120 }, // prettier-ignore
    ])
    const days = (from: number, until: number) => Array.from({ length: until - from }, (_, i) => dateOf(first + from + i)) // prettier-ignore
    expect(await expireDays(world.files, world.manifest, now)).toEqual({ readings: days(0, 2), windows: days(0, 2) }) // prettier-ignore
    expect(await expireDays(world.files, world.manifest, now + 900_000)).toEqual({})
    expect(await expireDays(world.files, world.manifest, now + DAY)).toEqual({ readings: days(2, 4), windows: days(2, 3) }) // prettier-ignore
    const left = (kind: string) => [...new Set([...world.objects.keys()].filter((key) => key.startsWith(`${kind}/`)).map((key) => key.slice(kind.length + 4, kind.length + 14)))] // prettier-ignore
    expect([left('readings'), left('windows'), left('quarters'), left('days')]).toEqual([days(4, 5), days(3, 5), days(0, 5), days(0, 5)]) // prettier-ignore
  })

  it('lets roll-ups answer for what is gone, says that it is, and keeps them from a late window', async () => {
    const world = await deployed({ days: 1, athena: true })
    const day = dayOf(NOON)
    await world.call('PUT /v1/retention', { body: kept(40, 41, 5000) })
    await expireDays(world.files, world.manifest, (day + 60) * DAY)
    world.at((day + 60) * DAY)
    const question = { things: ['pump-1'], measures: ['t'], from: day * DAY, to: (day + 1) * DAY, points: 500, fill: 'none', reduce: 'none' } as const // prettier-ignore
    const raw = await querySeries({ ...question, resolution: 'raw' }, world.stores)
    expect(raw.missing).toEqual([expect.objectContaining({ reason: 'expired' })])
    const quarters = await querySeries({ ...question, resolution: 'quarter' }, world.stores)
    const rollUps = (await world.manifest.get('windows', dateOf(day)))!.files
    expect(quarters.series[0]!.moments!.length).toBeGreaterThan(7)
    // A failed batch of then is put back: its windows come alone.
    const [, window] = effectsFor('pump-1')
    await land(world.files, world.manifest, lakeRowsOf([window!]), 'again', (day + 60) * DAY)
    await compactAll(world.files, world.manifest, (day + 60) * DAY + SEAL_AFTER_MS)
    expect((await world.manifest.get('windows', dateOf(day)))!.files).toEqual(rollUps)
    expect([...world.objects.keys()].filter((key) => key.startsWith('landing/'))).toEqual([])
  })

  it('is made up for where it was cut off at any step', async () => {
    const policy = kept(40, 41, 42, 43)
    let steps = 0
    const run = async (failAt: number) => {
      const world = await deployed({ days: 1 })
      await world.call('PUT /v1/retention', { body: policy })
      let step = 0
      const counted = <T extends object>(of: T): T => new Proxy(of, { get: (target, name) => { const found = Reflect.get(target, name) as unknown; return typeof found !== 'function' ? found : async (...given: unknown[]) => { if (++step === failAt) throw new Error('away'); return (found as (...given: unknown[]) => unknown)(...given) } } }) // prettier-ignore
      const now = (dayOf(NOON) + 60) * DAY
      await expireDays(counted(world.files), counted(world.manifest), now).catch(() => null)
      steps = Math.max(steps, step)
      await expireDays(world.files, world.manifest, now)
      await expireDays(world.files, world.manifest, now + DAY)
      expect([...world.objects.keys()].filter((key) => !key.startsWith('reports/'))).toEqual([])
      for (const table of ['readings', 'windows'])
        expect((await world.manifest.get(table, dateOf(dayOf(NOON))))!.files, `${table} ${failAt}`).toEqual(
          [],
        )
    }
    await run(Infinity)
    for (let failAt = 1; failAt <= steps; failAt += 3) await run(failAt)
  })
})
