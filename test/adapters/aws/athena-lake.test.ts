import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { athena } from '../../../src/adapters/aws/lake/athena.ts'
import { athenaLake } from '../../../src/adapters/aws/lake/athena-lake.ts'
import { compactAll, foldersOf } from '../../aws/compact-all.ts'
import { land, SEAL_AFTER_MS } from '../../../src/adapters/aws/lake/landing.ts'
import { csvRows } from '../../../src/adapters/aws/lake/csv-rows.ts'
import type { LakeFiles } from '../../../src/adapters/aws/lake/lake-files.ts'
import { lakeRowsOf } from '../../../src/adapters/aws/lake/lake-rows.ts'
import { dynamoManifest } from '../../../src/adapters/aws/lake/manifest.ts'
import { DAY } from '../../../src/core/history/lake-layout.ts'
import type { DataEffect } from '../../../src/core/telemetry/stage.ts'
import { add, momentsOf, type WindowRow } from '../../../src/core/window/window.ts'
import { createPages } from '../../../src/pipeline/history/pages.ts'
import { querySeries } from '../../../src/pipeline/history/query.ts'
import type { HotReader } from '../../../src/ports/history.ts'
import { athenaDouble } from '../../aws/athena-double.ts'
import { dynamoDouble } from '../../aws/dynamo-double.ts'
import { NOON, pack } from '../../contracts/reading-store.ts'

const MIDNIGHT = Math.floor(NOON / DAY) * DAY
const FROM = NOON - 7 * 60_000
const valueAt = (i: number): number => Math.round(50 * Math.sin(i / 9) * 100) / 100
/** Two devices, a reading each 10 s for two hours, and the windows that the pipeline makes of them. */
const COUNT = 720

function effectsFor(thing: string): DataEffect[] {
  const samples = Array.from({ length: COUNT }, (_, i): [number, number] => [FROM - NOON + i * 10_000, valueAt(i)])
  const windows = new Map<number, WindowRow>()
  for (const [offset, value] of samples) {
    const minute = Math.floor((NOON + offset) / 60_000)
    const open = windows.get(minute)
    if (open) add(open, value)
    else windows.set(minute, { ...momentsOf(value), thing, measure: 't', minute, version: NOON, repaired: false })
  }
  return [
    pack(thing, 9_000_000, 1, { t: samples, state: [[0, 'it\'s "on", really']] }),
    ...[...windows.values()].map((window): DataEffect => ({ kind: 'window', window })),
  ]
} // prettier-ignore

const noHot: HotReader = { copies: () => [], windows: () => [], stale: () => [], days: () => [], measures: () => [] } // prettier-ignore

describe('athenaLake', () => {
  const objects = new Map<string, Uint8Array>()
  const files: LakeFiles = {
    put: async (key, body) => void objects.set(key, body),
    get: async (key) => objects.get(key)!,
    find: async (key) => objects.get(key) ?? null,
    list: async (prefix) => [...objects.keys()].filter((k) => k.startsWith(prefix)).sort(),
    folders: async (prefix, delimiter) => foldersOf([...objects.keys()], prefix, delimiter),
    remove: async (key) => void objects.delete(key),
  }
  const manifest = dynamoManifest(dynamoDouble({ pageSize: 100 }).client, 'Manifest')
  let now = NOON + 40 * DAY
  let double: Awaited<ReturnType<typeof athenaDouble>>
  const lakeOf = () =>
    athenaLake({
      ask: athena(double.options),
      manifest,
      bucket: double.bucket,
      database: double.database,
      now: () => now,
      warmAfterDays: 30,
      coldAfterDays: 365,
      deepAfterDays: 1826,
    })
  const stores = () => ({ hot: noHot, lake: lakeOf() })
  const asked = { things: ['p'], measures: ['t'], from: FROM, to: FROM + COUNT * 10_000, fill: 'none', reduce: 'none' } as const // prettier-ignore

  beforeAll(async () => {
    double = await athenaDouble(objects)
    for (const thing of ['p', 'q']) await land(files, manifest, lakeRowsOf(effectsFor(thing)), thing, NOON)
    await compactAll(files, manifest, MIDNIGHT + DAY + SEAL_AFTER_MS)
  })
  afterAll(() => double.close())

  it('gives readings back as they were published, texts and receipts included', async () => {
    const { plan, series, tiersUsed } = await querySeries({ ...asked, points: 1000, resolution: 'raw' }, stores()) // prettier-ignore
    expect(plan.resolution).toBe('raw')
    expect(series).toHaveLength(1)
    expect(series[0]!.readings!.map((r) => r.value)).toEqual(Array.from({ length: COUNT }, (_, i) => valueAt(i))) // prettier-ignore
    expect(series[0]!.readings![0]).toMatchObject({ at: FROM, receivedAt: NOON + 9_000_000, quality: 0 })
    expect(tiersUsed).toEqual(['warm'])
    const page = await createPages(stores()).readings({ thing: 'q', measures: ['state'], from: NOON - 1, to: NOON + 1, limit: 5 }) // prettier-ignore
    expect(page).toMatchObject([{ value: null, text: 'it\'s "on", really', quality: 'good' }])
  })

  it.each([
    ['minute', 60_000],
    ['quarter', 900_000],
    ['quarter', 3_600_000],
    ['day', DAY],
  ] as const)(
    'merges %s windows into buckets of %d ms as a batch computation does',
    async (resolution, stepMs) => {
      const answer = await querySeries({ ...asked, points: 1000, resolution, stepMs }, stores())
      expect(answer.missing).toEqual([])
      const buckets = Map.groupBy(Array.from({ length: COUNT }, (_, i) => i), (i) => Math.floor((FROM + i * 10_000) / stepMs) * stepMs) // prettier-ignore
      const found = answer.series[0]!.moments!
      expect(found.map((m) => m.at)).toEqual([...buckets.keys()])
      for (const [n, list] of [...buckets.values()].entries()) {
        const values = list.map(valueAt)
        const mean = values.reduce((a, b) => a + b, 0) / values.length
        const m2 = values.reduce((sum, v) => sum + (v - mean) ** 2, 0)
        expect(found[n]).toMatchObject({ n: values.length, min: Math.min(...values), max: Math.max(...values), first: values[0], last: values.at(-1) }) // prettier-ignore
        expect(found[n]!.sum).toBeCloseTo(mean * values.length, 8)
        expect(found[n]!.m2).toBeCloseTo(m2, 7)
      }
    },
  )

  it('counts only the files that the manifest shows, whatever else lies beside them', async () => {
    const [key] = [...objects.keys()].filter((k) => k.startsWith('windows/'))
    objects.set(key!.replace('.parquet', '9.parquet'), objects.get(key!)!) // being written, or about to go
    const { series } = await querySeries({ ...asked, points: 10, resolution: 'minute', stepMs: DAY }, stores()) // prettier-ignore
    expect(series[0]!.moments!.map((m) => m.n)).toEqual([COUNT])
    objects.delete(key!.replace('.parquet', '9.parquet'))
  })

  it('knows from when on nothing is published, and which days wait', async () => {
    const range = { things: ['p'], from: MIDNIGHT - DAY, to: MIDNIGHT + 3 * DAY }
    const day = MIDNIGHT / DAY
    expect(await lakeOf().extent(range)).toMatchObject({ openFrom: day + 1, openDays: [] })
    const late = lakeRowsOf([pack('p', 9_000_001, 2, { t: [[5, 7, 'late']] })])
    const landedAt = MIDNIGHT + DAY + SEAL_AFTER_MS + 1
    await land(files, manifest, late, 'late', landedAt)
    expect((await lakeOf().extent(range)).openDays).toEqual([day])
    await compactAll(files, manifest, landedAt + 3_600_000)
    expect((await lakeOf().extent(range)).openDays).toEqual([])
    const page = await createPages(stores()).readings({ thing: 'p', measures: ['t'], from: NOON + 5, to: NOON + 6, limit: 5 }) // prettier-ignore
    expect(page).toMatchObject([{ value: 7, quality: 'late' }])
  })

  it('says what has gone where nobody can ask it, but keeps roll-ups askable', async () => {
    now = NOON + 3000 * DAY
    const minutes = await querySeries({ ...asked, points: 10, resolution: 'minute', stepMs: DAY }, stores()) // prettier-ignore
    expect(minutes.missing.map((m) => m.reason)).toEqual(['expired'])
    const days = await querySeries({ ...asked, points: 10, resolution: 'auto', stepMs: DAY }, stores())
    expect(days.series[0]!.moments!.map((m) => m.n)).toEqual([COUNT + 0])
    now = NOON + 40 * DAY
  })

  it('reads no more rows than it is to give, and says so', async () => {
    const range = { things: ['p'], measures: ['t'], from: FROM, to: FROM + COUNT * 10_000 }
    expect((await lakeOf().readings({ ...range, most: COUNT + 1 })).rows[0]!.readings).toHaveLength(COUNT + 1)
    await expect(lakeOf().readings({ ...range, most: COUNT })).rejects.toMatchObject({ name: 'TooMuch' })
    expect(double.statements.at(-1)).toMatch(new RegExp(` LIMIT ${COUNT + 1}$`))
    // A page of many halves its span until it holds what there is room for.
    const page = await createPages(stores()).readings({ thing: 'p', from: FROM, to: FROM + DAY, limit: 1000 })
    expect(page).toHaveLength(COUNT + 2)
  })

  it('says why Athena could not answer', async () => {
    double.failure.reason = 'SYNTAX_ERROR: line 1:1'
    await expect(lakeOf().readings({ things: ['p'], from: FROM, to: FROM + 1000 })).rejects.toThrow(
      'the lake could not be asked: SYNTAX_ERROR: line 1:1',
    )
    double.failure.reason = ''
  })
})

describe('csvRows', () => {
  it('reads what Athena writes: quotes, commas, line breaks, nothing at all', () => {
    expect(csvRows('"a","b","c"\n"1",,"x ""y"", z"\n"","line\nbreak",\n')).toEqual([
      ['a', 'b', 'c'],
      ['1', null, 'x "y", z'],
      ['', 'line\nbreak', null],
    ])
    expect(csvRows('')).toEqual([])
    expect(() => csvRows('"never ends')).toThrow(/cannot be read from character 0/)
  })
})
