import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import { readArchive } from '../../src/adapters/local/journal/archive.ts'
import { backUp, restore } from '../../src/adapters/local/backup.ts'
import { retentionContract } from '../contracts/retention.ts'
import { DAY } from '../../src/core/history/lake-layout.ts'

const HOUR = 3_600_000
const root = mkdtempSync(join(tmpdir(), 'telltale-history-'))
/** A day ends here that is sealed, in the first hours of the next one too. */
const to = Math.floor((Date.now() - 3 * HOUR) / DAY) * DAY
const from = to - 2 * DAY
/** One box for all, each test with devices of its own; others are opened on copies of its directory. */
let box: Box
const others: Box[] = []

async function open(dir: string): Promise<Box> {
  return startBox({
    ...boxDefaults,
    dir: join(root, dir),
    mqttPort: 0,
    httpsPort: 0,
    httpPort: 0,
    notifiers: [],
    // Tests share the two days: what came late for them is sealed again at once.
    history: { ...boxDefaults.history, resealAfterMs: 0 },
    version: 'test',
    log: () => {},
  })
}
async function another(dir: string): Promise<Box> {
  const opened = await open(dir)
  others.push(opened)
  return opened
}

beforeAll(async () => {
  box = await open('box')
  await box.devices.putType({ name: 'motor', trade: 'plant', measures: {} }, 'test')
}, 30_000)
afterEach(async () => {
  for (const other of others.splice(0)) await other.close()
})
afterAll(async () => {
  await box.close()
  rmSync(root, { recursive: true, force: true })
})

async function register(thing: string, site?: string): Promise<void> {
  await box.devices.put(
    { thing, trade: 'plant', type: 'motor', status: 'active', attributes: {}, ...(site && { site }) },
    'test',
  )
  await new Promise((resolve) => setTimeout(resolve, 5)) // effective a millisecond later
}

/** The day before yesterday and yesterday, a reading a minute. */
async function fill(thing: string, site?: string): Promise<void> {
  await register(thing, site)
  for (let at = from; at < to; at += 8 * HOUR)
    await send(
      thing,
      at,
      Array.from({ length: 480 }, (_, i) => Math.round(1000 * Math.sin(i / 60)) / 10),
    )
  await box.repaired()
}
const send = (thing: string, at: number, values: (number | string)[], measure = 'temperature') =>
  box.submit({
    topic: `dt/plant/${thing}/telemetry`,
    client: thing,
    receivedAt: Date.now(),
    payload: Buffer.from(JSON.stringify({ at, step: 60_000, measures: { [measure]: values } })),
  })

const call = async (path: string, init: RequestInit = {}, of = box) => {
  const response = await fetch(of.url + path, {
    ...init,
    headers: { authorization: `Bearer ${of.token}`, 'content-type': 'application/json' },
  })
  const text = await response.text()
  return {
    status: response.status,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, never> & {
      series: { at: number[]; n: number[]; sum: number[]; text: string[]; measure: string }[]
      sources: { source: string }[]
      items: unknown[]
    },
  }
}
const series = async (thing: string, rest: string, range = { from, to }, of = box) =>
  (await call(`/v1/series?things=${thing}&from=${range.from}&to=${range.to}&${rest}`, {}, of)).body
const raw = async (thing: string, range = { from, to }, of = box) =>
  (await series(thing, 'resolution=raw&points=50000', range, of)).series[0]

/** Every file in which this name can be found: as bytes, as a value of a Parquet column, or in an archived message. */
async function filesHolding(dir: string, name: string): Promise<string[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const found = new Set<string>()
  for (const entry of readdirSync(join(root, dir), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (!entry.isFile() || entry.parentPath.endsWith('/ca')) continue
    if (readFileSync(file).includes(name)) found.add(file)
    if (!file.endsWith('.parquet')) continue
    const rows = await connection.runAndReadAll(
      `SELECT 1 FROM read_parquet('${file}', hive_partitioning = false) WHERE device = '${name}' LIMIT 1`,
    )
    if (rows.currentRowCount > 0) found.add(file)
  }
  for (const records of readArchive(join(root, dir, 'raw'), 0, Infinity))
    for (const { topic, client, payload } of records)
      if (`${topic} ${client} ${Buffer.from(payload).toString()}`.includes(name))
        found.add(join(root, dir, 'raw'))
  return [...found].map((file) => file.slice(join(root, dir).length + 1)).sort()
}

describe('history of a box', () => {
  it('answers the same before and after sealing, by series and by pages', async () => {
    await fill('sealed')
    const days = 'calendar=day'
    const before = [await raw('sealed'), (await series('sealed', days)).series]
    expect(await box.history.round()).toMatchObject({ sealed: 2, rows: 2880 })
    const after = [await raw('sealed'), (await series('sealed', days)).series]
    expect(after[0]).toEqual(before[0])
    expect(JSON.stringify(after[1])).toContain('"n":[1440,1440]')
    const pages: unknown[] = []
    for (
      let path: string | null = `/v1/devices/sealed/readings?from=${from}&to=${to}&limit=1000`;
      path !== null;
    ) {
      const { body }: { body: { items: unknown[]; next: string | null } } = (await call(path)) as never
      pages.push(...body.items)
      path = body.next
    }
    expect(pages).toHaveLength(2880)
    expect(
      (await call(`/v1/devices/sealed/windows?from=${from}&to=${to}&limit=1000`)).body.items,
    ).toHaveLength(1000)
  }, 40_000)

  it('keeps the days of a device in its site’s zone, and answers from quarter-hours once the site has another', async () => {
    const site = (timeZone: string) => ({
      method: 'PUT',
      body: JSON.stringify({ timeZone, zones: [] }),
    })
    const put = await call('/v1/sites/prague', site('Europe/Prague'))
    expect([200, 201, 204]).toContain(put.status)
    await fill('zoned', 'prague')
    await box.history.round()
    const prague = await series('zoned', 'calendar=day&zone=Europe/Prague')
    expect(prague.sources[0]!.source).toBe('day')
    expect(prague.series[0]!.n.reduce((a, b) => a + b)).toBe(2880)
    expect((await series('zoned', 'calendar=day')).sources[0]!.source).toBe('quarter')
    await call('/v1/sites/prague', site('Asia/Kathmandu'))
    const moved = await series('zoned', 'calendar=day&zone=Asia/Kathmandu')
    const offset = 5.75 * HOUR
    const expected = new Map<number, number>()
    for (let at = from; at < to; at += 60_000) {
      const start = Math.floor((at + offset) / DAY) * DAY - offset
      expected.set(start, (expected.get(start) ?? 0) + 1)
    }
    expect(moved.series[0]!.at.map((at, i) => [at, moved.series[0]!.n[i]])).toEqual([...expected])
  }, 40_000)

  it('answers a measure of texts by its changes where buckets were asked for', async () => {
    await register('stated')
    const states = Array.from({ length: 1200 }, (_, i) => (i < 500 ? 'idle' : i < 900 ? 'running' : 'idle'))
    await send('stated', from, states, 'state')
    await send(
      'stated',
      from,
      states.map((_, i) => i % 2),
      'door',
    )
    await box.repaired()
    const answer = await series('stated', 'measures=state,door&points=100')
    expect(answer.series.map(({ measure, text, n, at }) => [measure, text ?? n.length, at[0]])).toEqual([
      ['door', 40, from],
      ['state', ['idle', 'running', 'idle'], from],
    ])
    expect((await raw('stated'))!.at).toHaveLength(1200)
  }, 20_000)

  it('erases a device in every store: no file holds it any more', async () => {
    await fill('keep-me')
    await fill('forget-me')
    await box.history.emptyJournal()
    await box.history.round() // seals, and archives the messages
    await send('forget-me', from + 500, [7])
    await send('forget-me', from + 1500, ['not', 'refused'])
    await box.submit({
      topic: 'dt/plant/forget-me/telemetry',
      client: 'forget-me',
      receivedAt: Date.now(),
      payload: Buffer.from('quarantined'),
    })
    const json = (body: object) => ({ method: 'PUT', body: JSON.stringify(body) })
    await call('/v1/devices/forget-me/shadow', json({ state: { desired: { a: 1 } } }))
    await call('/v1/devices/forget-me/commands', {
      method: 'POST',
      body: JSON.stringify({ name: 'blink', payload: {} }),
    })
    await call('/v1/devices/forget-me/credentials', { method: 'POST', body: '{}' })
    await box.repaired()
    const holding = await filesHolding('box', 'forget-me')
    for (const where of [
      'book.db',
      'tail.db',
      'journal/',
      'raw',
      'lake/readings',
      'lake/windows',
      'devices.db',
    ])
      expect([where, holding.some((file) => file.startsWith(where))]).toEqual([where, true])
    const { status, body } = await call('/v1/devices/forget-me/data', { method: 'DELETE' })
    expect(status).toBe(200)
    // Eight of the lake, and those of the archive.
    expect(holding.filter((file) => file.startsWith('lake/'))).toHaveLength(8)
    expect(body['files']).toBeGreaterThan(8)
    await box.settled()
    await new Promise((resolve) => setTimeout(resolve, 300)) // the audit log is written a little later
    const left = await filesHolding('box', 'forget-me')
    expect(left.filter((file) => !/^book\.db(-wal)?$/.test(file))).toEqual([])
    const book = new DatabaseSync(join(root, 'box', 'book.db'), { readOnly: true })
    for (const { name } of book.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all())
      if (name !== 'audit')
        for (const row of book.prepare(`SELECT * FROM "${String(name)}"`).all())
          expect(JSON.stringify(row)).not.toContain('forget-me')
    book.close()
    expect((await raw('keep-me'))!.at).toHaveLength(2880)
    // The name may be used again, and starts with nothing.
    await register('forget-me')
    await send('forget-me', to - HOUR, [1, 2])
    await box.repaired()
    expect((await raw('forget-me'))!.at).toHaveLength(2)
    expect((await raw('keep-me'))!.at).toHaveLength(2880)
  }, 60_000)

  it('sends archived messages through again, which brings back what a lost file held', async () => {
    await register('refolded')
    const at = from - DAY + 1000
    const range = { from: Date.now(), to: Date.now() + HOUR }
    const days = { from: from - DAY, to: from }
    await box.submit({
      topic: '$aws/rules/telltale_plant/dt/plant/refolded/telemetry',
      client: 'refolded',
      receivedAt: Date.now(),
      payload: Buffer.from(JSON.stringify({ at, step: 1000, measures: { a: [1, 2, 3] } })),
    })
    await box.repaired()
    await box.history.emptyJournal()
    await box.history.round()
    const expected = await raw('refolded', days)
    expect(expected!.at).toHaveLength(3)
    const day = new Date(at).toISOString().slice(0, 10)
    rmSync(join(root, 'box', 'lake', 'readings', `dt=${day}`), { recursive: true })
    expect(await raw('refolded', days)).toBeUndefined()
    const refold = () => call('/v1/history/refold', { method: 'POST', body: JSON.stringify(range) })
    expect((await refold()).body['messages']).toBe(1)
    await box.repaired()
    expect((await raw('refolded', days))!.at).toEqual(expected!.at)
    // What was sent again is not archived again.
    await box.history.emptyJournal()
    await box.history.round()
    expect((await refold()).body).toEqual({ messages: 1, next: null })
    await box.repaired()
    // Part by part, by the token that each part gives; the last of two hours has nothing.
    let after: unknown = ''
    const parts: unknown[] = []
    while (after !== null && parts.length < 9) {
      const body = JSON.stringify({ from: range.from, to: range.from + 2 * HOUR, after })
      const part = (await call('/v1/history/refold', { method: 'POST', body })).body
      parts.push(part['messages'])
      after = part['next']
    }
    expect(parts).toEqual([1, 0])
    await box.repaired()
  }, 60_000)

  it('is backed up while it runs, and restored as it was', async () => {
    await send('sealed', to, [5, 6])
    const writing = Promise.all(
      Array.from({ length: 50 }, (_, i) => send('sealed', to + HOUR + i * 60_000, [i])),
    )
    const made = await backUp(join(root, 'box'), join(root, 'backup'), Date.now())
    // What the test before has taken from the lake is named, and holds up nothing.
    expect(made.absent?.every((path) => path.startsWith('readings/'))).toBe(true)
    await writing
    await box.settled()
    const expected = await raw('sealed')
    await restore(join(root, 'backup'), join(root, 'restored'))
    const again = await another('restored')
    await again.settled()
    expect(await raw('sealed', { from, to }, again)).toEqual(expected)
    expect((await raw('sealed', { from: to, to: to + HOUR }, again))!.at).toHaveLength(2)
    expect(again.token).toBe(box.token)
    await expect(restore(join(root, 'backup'), join(root, 'restored'))).rejects.toThrow('not empty')
    const note = JSON.parse(readFileSync(join(root, 'backup', 'backup.json'), 'utf8')) as {
      tailFormat: number
    }
    writeFileSync(
      join(root, 'backup', 'backup.json'),
      JSON.stringify({ ...note, tailFormat: note.tailFormat + 1 }),
    )
    await expect(restore(join(root, 'backup'), join(root, 'other'))).rejects.toThrow(
      'use the release that wrote it',
    )
  }, 60_000)

  it('migrates a tail of the first format and refuses one of a later release', async () => {
    const file = join(root, 'restored', 'tail.db')
    const db = new DatabaseSync(file)
    const { n } = db.prepare('SELECT count(*) AS n FROM pack').get() as { n: number }
    expect(n).toBeGreaterThan(0)
    db.exec(`
      ALTER TABLE pack DROP COLUMN arrival; ALTER TABLE window DROP COLUMN arrival;
      DROP TABLE lake_file; DROP TABLE lake_garbage; DROP TABLE lake_state; DROP TABLE lake_dirty;
      PRAGMA user_version = 1`)
    db.close()
    const migrated = await another('restored')
    expect((await raw('sealed', { from: to, to: to + HOUR }, migrated))!.at).toHaveLength(2)
    await migrated.close()
    others.pop()
    const later = new DatabaseSync(file)
    later.exec('PRAGMA user_version = 99')
    later.close()
    await expect(open('restored')).rejects.toThrow('start the release that wrote it')
  }, 60_000)

  it('quarantines a reading whose neighbours have expired, and leaves the window as it was', async () => {
    await register('expired')
    await send('expired', from - 5 * DAY, [1, 2, 3])
    await box.repaired()
    await box.history.retention.put({
      classes: [
        { name: 'default', measures: [], days: { readings: 2, windows: 400, quarters: 400, days: 400 } },
      ],
      warmAfterDays: 30,
      coldAfterDays: 365,
    })
    await box.history.round()
    await send('expired', from - 5 * DAY + 1000, [100])
    await send('expired', from + 1000, [100])
    await box.repaired()
    const { body } = await call('/v1/quarantine?client=expired')
    expect(body.items).toMatchObject([{ reason: 'expired_neighbours' }])
    const minutes = await series('expired', 'step=60000', { from: from - 5 * DAY, to })
    expect(minutes.series[0]!.sum.slice(0, 4)).toEqual([1, 2, 3, 100])
  }, 60_000)
})

// It changes the policy, so it comes last.
retentionContract('box', async () => ({
  ask: async (method, body) => call('/v1/retention', { method, ...(body !== undefined && { body: JSON.stringify(body) }) }), // prettier-ignore
  policy: {
    classes: [
      { name: 'default', measures: [], days: { readings: 400, windows: 1830, quarters: 3660, days: 7320 } },
    ],
    warmAfterDays: 20,
    coldAfterDays: 300,
  },
  audited: async () => (await call('/v1/audit?action=retention.put')).body['items'].length,
}))
