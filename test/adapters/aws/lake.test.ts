import { describe, expect, it } from 'vitest'
import { lakeColumns } from '../../../lib/constructs/catalog.ts'
import {
  compact as compactWith,
  land as landWith,
  SEAL_AFTER_MS,
} from '../../../src/adapters/aws/lake/compaction.ts'
import type { LakeFiles } from '../../../src/adapters/aws/lake/lake-files.ts'
import { lakeTypes, rowsOfParquet } from '../../../src/adapters/aws/lake/lake-parquet.ts'
import { lakeRowsOf, type ReadingRow } from '../../../src/adapters/aws/lake/lake-rows.ts'
import { columnsOf } from '../../../src/adapters/local/lake/engine.ts'
import { dynamoManifest } from '../../../src/adapters/aws/lake/manifest.ts'
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
const compact = async (w: World, now: number, outOfTime = () => false) =>
  compactWith(w.files, w.manifest, { now, outOfTime })
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
