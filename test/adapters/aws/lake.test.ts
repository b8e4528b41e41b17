import { describe, expect, it } from 'vitest'
import { lakeColumns } from '../../../lib/constructs/catalog.ts'
import { enqueue } from '../../../lambdas/compact/enqueue.ts'
import { bucketName } from '../../../src/adapters/aws/lake/bucket-name.ts'
import type { DataEffect } from '../../../src/core/telemetry/stage.ts'
import { duePlaces, land as landWith, SEAL_AFTER_MS } from '../../../src/adapters/aws/lake/landing.ts'
import { publishBucket, type PublishLimits } from '../../../src/adapters/aws/lake/publish-bucket.ts'
import type { LakeFiles } from '../../../src/adapters/aws/lake/lake-files.ts'
import { lakeTypes, rowsOfParquet } from '../../../src/adapters/aws/lake/lake-parquet.ts'
import { lakeRowsOf, type ReadingRow, type WindowLakeRow } from '../../../src/adapters/aws/lake/lake-rows.ts'
import { columnsOf } from '../../../src/adapters/local/lake/relations.ts'
import { dynamoManifest } from '../../../src/adapters/aws/lake/manifest.ts'
import { compactAll, foldersOf } from '../../aws/compact-all.ts'
import { dynamoDouble } from '../../aws/dynamo-double.ts'
import { NOON, pack } from '../../contracts/reading-store.ts'

function world(fail: (call: number) => boolean = () => false) {
  const objects = new Map<string, Uint8Array>()
  let calls = 0
  const step = async (): Promise<void> => {
    if (fail(++calls)) throw new Error('away')
  }
  const files: LakeFiles = {
    put: async (key, body) => (await step(), void objects.set(key, body)),
    get: async (key) => (await step(), objects.get(key)!),
    find: async (key) => objects.get(key) ?? null,
    list: async (prefix) => [...objects.keys()].filter((k) => k.startsWith(prefix)).sort(),
    folders: async (prefix, delimiter) => foldersOf([...objects.keys()], prefix, delimiter),
    remove: async (key) => (await step(), void objects.delete(key)),
  }
  const manifest = dynamoManifest(dynamoDouble().client, 'Manifest')
  const visible = async (): Promise<unknown[]> => {
    const day = await manifest.get('readings', '2025-11-22')
    const rows: ReadingRow[] = []
    for (const key of day?.files ?? []) rows.push(...(await rowsOfParquet<ReadingRow>(objects.get(key)!)))
    return rows
      .map((r) => [r.device, r.measure, r.ts - NOON, r.value, r.text, r.quality, r.received - NOON])
      .sort()
  }
  return { objects, files, manifest, visible, calls: () => calls }
}
/** The day of NOON is over and sealed. */
const tomorrow = NOON + 86_400_000 + SEAL_AFTER_MS
type World = ReturnType<typeof world>
const compact = async (w: World, now: number, limits?: PublishLimits) =>
  compactAll(w.files, w.manifest, now, limits)
const land = async (w: World, rows: Parameters<typeof landWith>[2], name: string, now = NOON) =>
  landWith(w.files, w.manifest, rows, name, now)

describe('compact', () => {
  it('publishes a day that is over, each reading once', async () => {
    const w = world()
    await land(w, lakeRowsOf([pack('p', 100, 1, { t: [[0, 1], [5, 2]], s: [[0, 'on']] }), pack('p', 200, 2, { t: [[0, 1, 'duplicate'], [5, 7, 'late']] })]), 'a') // prettier-ignore
    await land(w, lakeRowsOf([pack('q', 100, 1, { t: [[0, 4]] })]), 'b')
    expect(await compact(w, NOON)).toMatchObject({ days: 0 })
    expect(await compact(w, tomorrow)).toEqual({ days: 1, files: 2, rows: 4 })
    expect(await w.visible()).toEqual([['p', 's', 0, null, 'on', 0, 100], ['p', 't', 0, 1, null, 0, 100], ['p', 't', 5, 7, null, 1, 200], ['q', 't', 0, 4, null, 0, 100]]) // prettier-ignore
    expect(
      [...w.objects.keys()].every((key) => /^readings\/dt=2025-11-22\/b=\d\d\.\d\.parquet$/.test(key)),
    ).toBe(true)
  })

  it('merges what comes later into a new generation', async () => {
    const w = world()
    await land(w, lakeRowsOf([pack('p', 100, 1, { t: [[0, 1]] })]), 'a')
    await compact(w, tomorrow)
    await land(
      w,
      lakeRowsOf([
        pack('p', 300, 1, {
          t: [
            [0, 2, 'late'],
            [9, 3, 'late'],
          ],
        }),
      ]),
      'b',
    )
    await compact(w, tomorrow)
    expect(await w.visible()).toEqual([['p', 't', 0, 2, null, 1, 300], ['p', 't', 9, 3, null, 1, 300]]) // prettier-ignore
    expect((await w.manifest.get('readings', '2025-11-22'))?.files[0]).toMatch(/\.2\.parquet$/)
    expect(w.objects.size).toBe(1)
  })

  it('shows the same after it was cut off at any step and ran again', async () => {
    const whole = world()
    const prepare = async (w: ReturnType<typeof world>) => {
      await land(w, lakeRowsOf([pack('p', 100, 1, { t: [[0, 1]] }), pack('q', 100, 1, { t: [[0, 5]] })]), 'a')
      await compact(w, tomorrow)
      await land(w, lakeRowsOf([pack('p', 300, 1, { t: [[9, 3, 'late']] })]), 'b')
    }
    await prepare(whole)
    const before = whole.calls()
    await compact(whole, tomorrow)
    const expected = await whole.visible()
    for (let k = before + 1; k <= whole.calls(); k++) {
      const w = world((call) => call === k)
      await prepare(w)
      await compact(w, tomorrow).catch(() => null)
      const shown = await w.visible()
      expect(shown.length).toBeGreaterThanOrEqual(2) // what was visible stays visible
      await compact(w, tomorrow)
      expect(await w.visible()).toEqual(expected)
    }
  })
})

describe('publish', () => {
  it('merges readings while they are few, and puts later ones beside a part that is large', async () => {
    const w = world()
    const rows = (n: number, from = 0) => lakeRowsOf([pack('p', 100, 1, { t: Array.from({ length: n }, (_, i): [number, number] => [from + i, i]) })]) // prettier-ignore
    await land(w, rows(3), 'a')
    await compact(w, tomorrow)
    const day = await w.manifest.get('readings', '2025-11-22')
    expect(day?.rows).toEqual([3])
    // As it would be after a million readings.
    await w.manifest.publish('readings', '2025-11-22', { ...day!, generation: 2, rows: [1_000_000] }, 1)
    await land(w, rows(2, 10), 'b')
    await compact(w, tomorrow)
    expect((await w.manifest.get('readings', '2025-11-22'))?.rows).toEqual([1_000_000, 2])
    expect(await w.visible()).toHaveLength(5)
  })
})

describe('publishBucket', () => {
  const devices = Array.from({ length: 400 }, (_, i) => `d${i}`).filter((d) => bucketName(d) === '03')
  const windowsOf = (n: number, from = 0): DataEffect[] =>
    devices.flatMap(
      (thing) =>
      Array.from({ length: n }, (_, i): DataEffect => ({ kind: 'window', window: { thing, measure: 't', minute: NOON / 60_000 + from + i, version: NOON, repaired: false, n: 1, sum: i, m2: 0, min: i, max: i, first: i, last: i } })), // prettier-ignore
    )
  const day = Math.floor(NOON / 86_400_000)
  const place = { table: 'windows', day, bucket: '03' } as const
  const rowsOf = async (w: World, kind: string) => {
    const shown = await w.manifest.get('windows', '2025-11-22')
    const keys = (shown?.files ?? []).filter((key) => key.startsWith(`${kind}/`))
    const rows = await Promise.all(keys.map(async (key) => rowsOfParquet<WindowLakeRow>(w.objects.get(key)!)))
    return {
      keys,
      rows,
      all: rows
        .flat()
        .map((r) => `${r.device} ${r.ts} ${r.sum}`)
        .sort(),
    }
  }

  it('splits a bucket of windows by device where it is more than memory holds, and shows the same rows', async () => {
    const [whole, split] = [world(), world()]
    const limits = { landedRows: 100, fewReadings: 10, windowRows: 50 }
    for (const w of [whole, split])
      for (const [i, effects] of [windowsOf(6), windowsOf(8, 6), windowsOf(2, 3)].entries()) {
        await land(w, lakeRowsOf(effects), `batch-${i}`)
        await compact(w, tomorrow, w === split ? limits : undefined)
      }
    const [expected, found] = [await rowsOf(whole, 'windows'), await rowsOf(split, 'windows')]
    expect(expected.keys).toHaveLength(1)
    expect(found.all).toEqual(expected.all)
    expect(found.all).toHaveLength(devices.length * 14)
    expect(found.keys.length).toBeGreaterThanOrEqual(8)
    // Every device is in one file only, and no file holds nearly all: the split uses bits that the bucket does not.
    for (const device of devices) expect(found.rows.filter((r) => r.some((row) => row.device === device))).toHaveLength(1) // prettier-ignore
    expect(Math.max(...found.rows.map((r) => r.length))).toBeLessThan(found.all.length / 4)
    for (const kind of ['quarters', 'days'])
      expect((await rowsOf(split, kind)).all).toEqual((await rowsOf(whole, kind)).all)
    // Nothing is left of what was replaced, nor of what landed.
    const shown = await split.manifest.get('windows', '2025-11-22')
    expect([...split.objects.keys()].sort()).toEqual(shown?.files)
  })

  it('reads no more of what landed at once than its limit, and goes on', async () => {
    const w = world()
    for (let i = 0; i < 5; i++) await land(w, lakeRowsOf(windowsOf(2, i * 2)), `batch-${i}`)
    const limits = { landedRows: devices.length, fewReadings: 10, windowRows: 1e6 }
    let left = 2
    const cut = await publishBucket(w.files, w.manifest, place, { outOfTime: () => left-- === 0, limits })
    expect(cut).toMatchObject({ files: 2, done: false })
    const rest = await publishBucket(w.files, w.manifest, place, { outOfTime: () => false, limits })
    expect(rest).toMatchObject({ files: 3, done: true })
    expect((await rowsOf(w, 'windows')).all).toHaveLength(devices.length * 10)
  })

  it('lets the buckets of a day be published at once', async () => {
    const w = world()
    const things = Array.from({ length: 40 }, (_, i) => `m${i}`)
    await land(w, lakeRowsOf(things.map((thing, i) => pack(thing, 100, i + 1, { t: [[0, i]] }))), 'a')
    const places = await duePlaces(w.files, w.manifest, tomorrow)
    expect(places.length).toBeGreaterThan(10)
    await Promise.all(
      places.map(async (p) => publishBucket(w.files, w.manifest, p, { outOfTime: () => false })),
    )
    expect(await w.visible()).toHaveLength(things.length)
    expect(await duePlaces(w.files, w.manifest, tomorrow)).toEqual([])
  })
})

describe('duePlaces', () => {
  it('calls a day complete only once all its buckets are published', async () => {
    const w = world()
    await land(w, lakeRowsOf([pack('p', 100, 1, { t: [[0, 1]] }), pack('q', 100, 1, { t: [[0, 5]] })]), 'a')
    const day = Math.floor(NOON / 86_400_000)
    expect(await duePlaces(w.files, w.manifest, NOON)).toEqual([])
    const [first, second] = await duePlaces(w.files, w.manifest, tomorrow)
    expect(await w.manifest.openFrom.get()).toBe(day)
    await publishBucket(w.files, w.manifest, first!, { outOfTime: () => false })
    expect(await duePlaces(w.files, w.manifest, tomorrow)).toEqual([second])
    expect(await w.manifest.openFrom.get()).toBe(day)
    await publishBucket(w.files, w.manifest, second!, { outOfTime: () => false })
    await duePlaces(w.files, w.manifest, tomorrow)
    expect(await w.manifest.openFrom.get()).toBe(day + 1)
  })
})

describe('enqueue', () => {
  it('asks for each place in a group of its own, ten at a time, and says when the queue refuses', async () => {
    const calls: {
      Entries: { MessageGroupId: string; MessageDeduplicationId: string; MessageBody: string }[]
    }[] = []
    const places = Array.from({ length: 23 }, (_, i) => ({ table: 'readings', day: 20_000, bucket: String(i).padStart(2, '0') }) as const) // prettier-ignore
    const sqs = { send: async ({ input }: { input: never }) => (calls.push(input), {}) } as never
    await enqueue(sqs, 'queue', places, '2026-11-28T10:15:00Z')
    const entries = calls.flatMap((call) => call.Entries)
    expect(calls.map((call) => call.Entries.length)).toEqual([10, 10, 3])
    expect(new Set(entries.map((e) => e.MessageGroupId)).size).toBe(23)
    for (const e of entries) expect(e.MessageDeduplicationId).toMatch(/^[\w-]{1,128}$/)
    expect(entries.map((e) => JSON.parse(e.MessageBody) as unknown)).toEqual(places)
    const full = { send: async () => ({ Failed: [{ Message: 'over quota' }] }) } as never
    await expect(enqueue(full, 'queue', places, 'x')).rejects.toThrow('refused 1 messages: over quota')
  })
})

describe('lakeTypes', () => {
  it('are the columns of the catalogue and of the box', () => {
    const glue = { STRING: 'string', INT64: 'bigint', INT32: 'int', DOUBLE: 'double', BOOLEAN: 'boolean', TIMESTAMP: 'timestamp' } as Record<string, string> // prettier-ignore
    const duckdb = { VARCHAR: 'string', BIGINT: 'bigint', TINYINT: 'int', DOUBLE: 'double', BOOLEAN: 'boolean', TIMESTAMP_MS: 'timestamp' } as Record<string, string> // prettier-ignore
    for (const [kind, columns] of Object.entries(lakeTypes)) {
      const here = Object.entries(columns).map(([name, type]) => [name, glue[type]])
      expect(Object.fromEntries(here)).toEqual(lakeColumns[kind as 'readings'])
      expect(columnsOf[kind as 'readings'].map(([name, type]) => [name, duckdb[type]])).toEqual(here)
    }
  })
})
