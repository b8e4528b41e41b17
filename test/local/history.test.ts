import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import { backUp, restore } from '../../src/adapters/local/backup.ts'
import { DAY } from '../../src/core/history/lake-layout.ts'

const HOUR = 3_600_000
const root = mkdtempSync(join(tmpdir(), 'telltale-history-'))
const boxes: Box[] = []
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.close()
  rmSync(root, { recursive: true, force: true })
})

async function open(dir: string): Promise<Box> {
  const box = await startBox({
    ...boxDefaults,
    dir: join(root, dir),
    mqttPort: 0,
    httpsPort: 0,
    httpPort: 0,
    notifiers: [],
    version: 'test',
    log: () => {},
  })
  boxes.push(box)
  return box
}
async function shut(box: Box): Promise<void> {
  boxes.splice(boxes.indexOf(box), 1)
  await box.close()
}

/** Yesterday and the day before, a reading a minute of each device. */
async function fill(box: Box, things: readonly string[]): Promise<{ from: number; to: number }> {
  await box.devices.putType({ name: 'motor', trade: 'plant', measures: {} }, 'test')
  for (const thing of things)
    await box.devices.put({ thing, trade: 'plant', type: 'motor', status: 'active', attributes: {} }, 'test')
  await new Promise((resolve) => setTimeout(resolve, 5))
  const to = Math.floor(Date.now() / DAY) * DAY
  const from = to - 2 * DAY
  for (const thing of things)
    for (let at = from; at < to; at += 8 * HOUR)
      await send(
        box,
        thing,
        at,
        Array.from({ length: 480 }, (_, i) => Math.round(1000 * Math.sin(i / 60)) / 10),
      )
  await box.repaired()
  return { from, to }
}
const send = (box: Box, thing: string, at: number, values: number[]) =>
  box.submit({
    topic: `dt/plant/${thing}/telemetry`,
    client: thing,
    receivedAt: Date.now(),
    payload: Buffer.from(JSON.stringify({ at, step: 60_000, measures: { temperature: values } })),
  })

const call = async (box: Box, path: string, init: RequestInit = {}) => {
  const response = await fetch(box.url + path, {
    ...init,
    headers: { authorization: `Bearer ${box.token}`, 'content-type': 'application/json' },
  })
  const text = await response.text()
  return {
    status: response.status,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, never> & {
      series: { at: number[]; sum: number[] }[]
      items: unknown[]
    },
  }
}
const raw = async (box: Box, thing: string, { from, to }: { from: number; to: number }) =>
  (await call(box, `/v1/series?things=${thing}&from=${from}&to=${to}&resolution=raw&points=50000`)).body
    .series[0]

const filesHolding = (dir: string, text: string): string[] =>
  readdirSync(join(root, dir), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && !e.parentPath.endsWith('/ca'))
    .map((e) => join(e.parentPath, e.name))
    .filter((file) => readFileSync(file).includes(text))
    .map((file) => file.slice(join(root, dir).length + 1))
    .sort()

describe('history of a box', () => {
  it('answers the same before and after sealing, by series and by pages', async () => {
    const box = await open('sealed')
    const range = await fill(box, ['motor-1'])
    const days = `/v1/series?things=motor-1&from=${range.from}&to=${range.to}&calendar=day`
    const before = [await raw(box, 'motor-1', range), (await call(box, days)).body.series]
    expect(await box.history.round()).toMatchObject({ sealed: 2, rows: 2880 })
    const after = [await raw(box, 'motor-1', range), (await call(box, days)).body.series]
    expect(after[0]).toEqual(before[0])
    expect(JSON.stringify(after[1])).toContain('"n":[1440,1440]')
    const pages: unknown[] = []
    for (
      let path: string | null = `/v1/devices/motor-1/readings?from=${range.from}&to=${range.to}&limit=1000`;
      path !== null;
    ) {
      const { body }: { body: { items: unknown[]; next: string | null } } = (await call(box, path)) as never
      pages.push(...body.items)
      path = body.next
    }
    expect(pages).toHaveLength(2880)
    expect(
      (await call(box, `/v1/devices/motor-1/windows?from=${range.from}&to=${range.to}&limit=1000`)).body
        .items,
    ).toHaveLength(1000)
  }, 40_000)

  it('erases a device in every tier: no file mentions it any more', async () => {
    const box = await open('erased')
    const range = await fill(box, ['keep-me', 'forget-me'])
    await box.history.round()
    await send(box, 'forget-me', range.from + 500, [7])
    await box.repaired()
    expect(filesHolding('erased', 'forget-me').length).toBeGreaterThan(5)
    const { status, body } = await call(box, '/v1/devices/forget-me/data', { method: 'DELETE' })
    expect({ status, files: body['files'] }).toEqual({ status: 200, files: 8 })
    await box.settled()
    const left = filesHolding('erased', 'forget-me').filter((file) => !file.startsWith('book.db'))
    expect(left).toEqual([])
    expect((await raw(box, 'keep-me', range))!.at).toHaveLength(2880)
    // The name may be used again, and starts with nothing.
    await box.devices.put(
      { thing: 'forget-me', trade: 'plant', type: 'motor', status: 'active', attributes: {} },
      'test',
    )
    await new Promise((resolve) => setTimeout(resolve, 5))
    await send(box, 'forget-me', range.to - HOUR, [1, 2])
    await box.repaired()
    expect((await raw(box, 'forget-me', range))!.at).toHaveLength(2)
    expect((await raw(box, 'keep-me', range))!.at).toHaveLength(2880)
  }, 60_000)

  it('is backed up while it runs, and restored as it was', async () => {
    const box = await open('running')
    const range = await fill(box, ['motor-1'])
    await box.history.round()
    await send(box, 'motor-1', range.to, [5, 6])
    const writing = Promise.all(
      Array.from({ length: 50 }, (_, i) => send(box, 'motor-1', range.to + HOUR + i * 60_000, [i])),
    )
    await backUp(join(root, 'running'), join(root, 'backup'), Date.now())
    await writing
    await box.settled()
    const expected = await raw(box, 'motor-1', range)
    await shut(box)
    await restore(join(root, 'backup'), join(root, 'restored'))
    const again = await open('restored')
    await again.settled()
    expect(await raw(again, 'motor-1', range)).toEqual(expected)
    expect((await raw(again, 'motor-1', { from: range.to, to: range.to + HOUR }))!.at).toHaveLength(2)
    expect(again.token).toBe(box.token)
    await send(again, 'motor-1', range.to + 5 * HOUR, [9])
    await again.settled()
    expect(
      (await raw(again, 'motor-1', { from: range.to + 5 * HOUR, to: range.to + 6 * HOUR }))!.at,
    ).toHaveLength(1)
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
    const box = await open('old')
    const range = await fill(box, ['motor-1'])
    await shut(box)
    const file = join(root, 'old', 'tail.db')
    const db = new DatabaseSync(file)
    db.exec(`
      ALTER TABLE pack DROP COLUMN arrival; ALTER TABLE window DROP COLUMN arrival;
      DROP TABLE lake_file; DROP TABLE lake_garbage; DROP TABLE lake_state; DROP TABLE lake_dirty;
      PRAGMA user_version = 1`)
    db.close()
    const migrated = await open('old')
    await migrated.history.round()
    expect((await raw(migrated, 'motor-1', range))!.at).toHaveLength(2880)
    await shut(migrated)
    const later = new DatabaseSync(file)
    later.exec('PRAGMA user_version = 99')
    later.close()
    await expect(open('old')).rejects.toThrow('start the release that wrote it')
  }, 60_000)

  it('sends archived messages through again, which brings back what a lost file held', async () => {
    const box = await open('refolded')
    const range = await fill(box, ['motor-1'])
    await box.history.round()
    const expected = await raw(box, 'motor-1', range)
    await box.history.emptyJournal()
    await box.history.round()
    const lost = readdirSync(join(root, 'refolded', 'lake', 'readings'))[0]!
    rmSync(join(root, 'refolded', 'lake', 'readings', lost), { recursive: true })
    expect((await raw(box, 'motor-1', range))!.at).toHaveLength(1440)
    const { body } = await call(box, '/v1/history/refold', {
      method: 'POST',
      body: JSON.stringify({ from: Date.now() - HOUR, to: Date.now() + HOUR }),
    })
    expect(body['messages']).toBe(6)
    await box.repaired()
    expect((await raw(box, 'motor-1', range))!.at).toEqual(expected!.at)
  }, 60_000)

  it('quarantines a reading whose neighbours have expired, and leaves the window as it was', async () => {
    const box = await open('expired')
    await box.history.retention.put({
      classes: [
        { name: 'default', measures: [], days: { readings: 2, windows: 400, quarters: 400, days: 400 } },
      ],
      warmAfterDays: 30,
      coldAfterDays: 365,
    })
    const { from, to } = await fill(box, ['motor-1'])
    await send(box, 'motor-1', from - 5 * DAY, [1, 2, 3])
    await box.repaired()
    await box.history.round()
    await send(box, 'motor-1', from - 5 * DAY + 1000, [100])
    await send(box, 'motor-1', from + 1000, [100])
    await box.repaired()
    const { body } = await call(box, '/v1/quarantine')
    expect(body.items).toMatchObject([{ reason: 'expired_neighbours' }])
    const series = `/v1/series?things=motor-1&from=${from - 5 * DAY}&to=${to}&step=60000`
    expect((await call(box, series)).body.series[0]!.sum.slice(0, 4)).toEqual([1, 2, 3, 100])
  }, 60_000)
})
