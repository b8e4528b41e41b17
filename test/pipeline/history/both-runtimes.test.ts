import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hotHistory } from '../../../src/adapters/aws/hot/hot-history.ts'
import { athena } from '../../../src/adapters/aws/lake/athena.ts'
import { athenaLake } from '../../../src/adapters/aws/lake/athena-lake.ts'
import { land } from '../../../src/adapters/aws/lake/landing.ts'
import type { LakeFiles } from '../../../src/adapters/aws/lake/lake-files.ts'
import { lakeRowsOf } from '../../../src/adapters/aws/lake/lake-rows.ts'
import { dynamoManifest } from '../../../src/adapters/aws/lake/manifest.ts'
import { createTailReader } from '../../../src/adapters/local/tail/tail-reader.ts'
import { createRandom } from '../../../simulator/random.ts'
import { querySeries, type SeriesAnswer, type SeriesQuestion } from '../../../src/pipeline/history/query.ts'
import type { HistoryStores } from '../../../src/pipeline/history/series-reader.ts'
import type { DataEffect } from '../../../src/core/telemetry/stage.ts'
import { column } from '../../../src/core/telemetry/reading.ts'
import { compactAll, foldersOf } from '../../aws/compact-all.ts'
import { athenaDouble } from '../../aws/athena-double.ts'
import { dynamoDouble } from '../../aws/dynamo-double.ts'
import { lakeWorld, type Copied, type LakeWorld } from '../../adapters/local/lake/lake-world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Clocks go forward in Oslo on the second day. */
const T0 = Date.UTC(2026, 2, 28)
const TO = T0 + 4 * DAY
const NOW = T0 + 3 * DAY + 6 * HOUR
const THINGS = ['a', 'b', 'c']

const rng = createRandom('both runtimes')
const int = (most: number): number => Math.floor(rng.uniform() * (most + 1))

function someCopies(n: number, receivedFrom: number): Copied[] {
  return Array.from({ length: n }, (_, i) => ({
    thing: THINGS[int(2)]!,
    measure: int(3) === 0 ? 'u@x' : 't',
    // Few enough instants that identities meet again.
    at: T0 + int(75) * HOUR + [0, 1000, 61_000, 59 * 60_000][int(3)]!,
    value: int(100) / 4 - 12,
    receivedAt: receivedFrom + i,
  }))
}

const effectOf = ({ thing, measure, at, value, receivedAt }: Copied, position: number): DataEffect => ({
  kind: 'readings',
  batch: {
    thing,
    lane: 'telemetry',
    receivedAt,
    position: BigInt(position),
    columns: [column(measure, Float64Array.of(at), Float64Array.of(value))],
  },
  dirty: [],
})

/** The box with its sealing, and AWS with its compaction, Athena and a hot store that keeps two days, after the same writes. */
async function runtimes() {
  const box = await lakeWorld()
  /** What InfluxDB or Timestream hold: everything that is young enough, sealed or not. */
  const hotStore = await lakeWorld()
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
  const double = await athenaDouble(objects)
  const keptFrom = T0 + DAY
  const tail = createTailReader(hotStore.db)
  let landed = 0

  async function write(copies: readonly Copied[], now: number): Promise<void> {
    for (const world of [box, hotStore]) {
      world.clock.now = now
      await world.write(copies)
      await world.repair()
    }
    const from = Math.min(...copies.map((c) => Math.floor(c.at / DAY) * DAY))
    const windows = await Promise.resolve(hotStore.stores.hot.windows({ things: THINGS, from, to: TO }))
    const effects = [
      ...copies.map((copy, i) => effectOf(copy, landed * 10_000 + i)),
      ...windows.map((window): DataEffect => ({ kind: 'window', window })),
    ]
    await land(files, manifest, lakeRowsOf(effects), `batch-${landed++}`, now)
  }
  const aws: HistoryStores = {
    hot: hotHistory({
      telemetry: {
        readings: async (range) => tail.readings(range),
        windows: async (range) => tail.windows(range),
      },
      marks: async () => [],
      now: () => NOW,
      keptFrom: () => keptFrom,
    }),
    lake: athenaLake({
      ask: athena(double.options),
      manifest,
      bucket: double.bucket,
      database: double.database,
      now: () => NOW,
      warmAfterDays: 30,
      coldAfterDays: 365,
      deepAfterDays: 1826,
    }),
  }
  async function seal(now: number): Promise<void> {
    box.clock.now = now
    await box.keeper.round()
    await compactAll(files, manifest, now)
    await compactAll(files, manifest, now)
  }
  return {
    box,
    aws,
    write,
    seal,
    statements: double.statements,
    close: () => {
      double.close()
      for (const world of [box, hotStore]) world.close()
    },
  }
}

const whatItSays = ({ series, missing }: SeriesAnswer) => ({
  missing,
  series: series.map(({ thing, measure, readings, moments, filled }) => ({
    thing,
    measure,
    filled,
    readings: readings?.map(({ at, value, text, quality }) => [at, value, text, quality]),
    moments: moments?.map(({ at, n, sum, m2, min, max, first, last }) => ({
      at, n, min, max, first, last,
      sum: Math.fround(sum),
      m2: Math.fround(m2),
    })), // prettier-ignore
  })),
})

describe('the planner over a box, and over a hot store and Athena', () => {
  let both: Awaited<ReturnType<typeof runtimes>>
  let box: LakeWorld
  beforeAll(async () => {
    both = await runtimes()
    box = both.box
    await both.write(
      someCopies(150, T0).filter((c) => c.at < T0 + 29 * HOUR),
      T0 + 30 * HOUR,
    )
    await both.seal(T0 + 30 * HOUR)
    await both.write(someCopies(150, T0 + 1000), NOW - HOUR)
    await both.seal(NOW)
    // Late for days that are sealed, and not sealed again: the overlay on the box, days that wait on AWS.
    await both.write(someCopies(60, T0 + 5000).filter((c) => c.at >= T0 + 2 * DAY), NOW)
  }, 60_000) // prettier-ignore
  afterAll(() => both.close())

  const questions: [string, Partial<SeriesQuestion>][] = [
    ['readings', { resolution: 'raw' }],
    ['readings of some hours, one device, one measure', { resolution: 'raw', things: ['b'], measures: ['t'], from: T0 + 20 * HOUR, to: T0 + 30 * HOUR }],
    ['minutes', { stepMs: 60_000 }],
    ['quarter-hours', { stepMs: 900_000 }],
    ['hours filled by interpolation', { stepMs: HOUR, fill: 'linear' }],
    ['days', { stepMs: DAY }],
    ['days of a zone with summer time', { calendar: { zone: 'Europe/Oslo', unit: 'day' } }],
    ['days of a zone at :45', { calendar: { zone: 'Asia/Kathmandu', unit: 'day' } }],
    ['weeks', { calendar: { zone: 'Australia/Adelaide', unit: 'week' } }],
    ['months', { calendar: { zone: 'UTC', unit: 'month' } }],
    ['twenty points', { points: 20 }],
    ['ten points of a curve', { stepMs: HOUR, points: 10, reduce: 'lttb' }],
  ] // prettier-ignore
  it.each(questions)('gives the same %s', async (_name, over) => {
    const question: SeriesQuestion = {
      things: THINGS,
      from: T0,
      to: TO,
      points: 5000,
      resolution: 'auto',
      fill: 'none',
      reduce: 'none',
      ...over,
    }
    const [local, cloud] = [await querySeries(question, box.stores), await querySeries(question, both.aws)]
    expect(local.series.length).toBeGreaterThan(0)
    expect(whatItSays(cloud)).toEqual(whatItSays(local))
  })

  it('has asked both stores on either side', async () => {
    expect(both.statements.length).toBeGreaterThan(10)
    const answer = await querySeries(
      { things: THINGS, from: T0, to: TO, points: 100, resolution: 'minute', stepMs: HOUR, fill: 'none', reduce: 'none' },
      both.aws,
    ) // prettier-ignore
    expect(new Set(answer.plan.steps.map((s) => s.place))).toEqual(new Set(['lake', 'both']))
  })
})
