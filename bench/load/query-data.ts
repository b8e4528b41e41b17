import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { checksumOf } from '../../src/adapters/local/lake/files.ts'
import type { ManifestFile } from '../../src/adapters/local/lake/manifest.ts'
import { bucketOf, bucketsFor, DAY, lakePath, type LakeKind } from '../../src/core/history/lake-layout.ts'
import { quartersSql, quoted, rollUpSql } from '../../src/core/history/lake-sql.ts'

export const DEVICES = 10_000
export const MEASURES = ['temperature', 'vibration', 'pressure', 'current', 'rpm'] as const
const POINTS = 1000
/** Raised whenever the data change. */
const FORMAT = 3
/** A whole day in the past, and five whole years before it. */
export const RAW_DAY = Date.UTC(2026, 9, 15) / DAY
export const HISTORY_FROM = Date.UTC(2021, 9, 1) / DAY
export const HISTORY_UNTIL = Date.UTC(2026, 9, 1) / DAY
export const thing = (i: number): string => `bench-${String(i).padStart(5, '0')}`
/** Two measures of ten devices have the five-year history. */
export const LONG_DEVICES = 10

interface Cached {
  files: ManifestFile[]
  rawRows: number
  rawBytes: number
}

/** The lake that questions are put to: made once from a seed, kept in .cache. */
export async function queryData(cache: string): Promise<Cached & { lakeDir: string }> {
  const lakeDir = join(cache, 'lake')
  const listing = join(cache, `files.${FORMAT}.json`)
  if (!existsSync(listing)) {
    rmSync(cache, { recursive: true, force: true })
    mkdirSync(lakeDir, { recursive: true })
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '3GB', threads: '2' })
    const connection = await instance.connect()
    const files = [...(await rawDay(connection, lakeDir)), ...(await longHistory(connection, lakeDir))]
    const raw = files.filter((f) => f.kind === 'readings')
    writeFileSync(
      listing,
      JSON.stringify({
        files,
        rawRows: raw.reduce((sum, f) => sum + f.rows, 0),
        rawBytes: raw.reduce((sum, f) => sum + f.bytes, 0),
      }),
    )
    connection.disconnectSync()
  }
  return { ...(JSON.parse(readFileSync(listing, 'utf8')) as Cached), lakeDir }
}

/** Random walks of two decimals, one every 86.4 s, one receipt for all measures of a message. */
async function rawDay(connection: DuckDBConnection, lakeDir: string): Promise<ManifestFile[]> {
  const buckets = bucketsFor(DEVICES * MEASURES.length * POINTS)
  const files: ManifestFile[] = []
  for (let bucket = 0; bucket < buckets; bucket++) {
    const mine = Array.from({ length: DEVICES }, (_, i) => i).filter(
      (i) => bucketOf(thing(i), buckets) === bucket,
    )
    const start = RAW_DAY * DAY
    await connection.run(`CREATE OR REPLACE TEMP TABLE walk AS
      SELECT d, m, i, round(20 * (m + 1) + sum(((hash(d * 7919 + m * 104729 + i * 31) % 401)::BIGINT - 200) / 500.0) OVER (PARTITION BY d, m ORDER BY i), 2) AS value,
        ${start} + i * 86400 + (d * 977) % 86400 AS at_ms
      FROM (SELECT unnest([${mine.join(',')}]) AS d), range(${MEASURES.length}) a(m), range(${POINTS}) b(i)`)
    files.push(
      await write(connection, lakeDir, { kind: 'readings', day: RAW_DAY, until: RAW_DAY + 1, bucket, buckets, stage: 'day' },
        `SELECT 'bench-' || lpad(d::VARCHAR, 5, '0') AS device, (['${MEASURES.join("','")}'])[m + 1] AS measure, epoch_ms(at_ms)::TIMESTAMP_MS AS ts, value, NULL::VARCHAR AS text,
          0::TINYINT AS quality, epoch_ms((at_ms + 20 + hash(d * 31 + i) % 180)::BIGINT)::TIMESTAMP_MS AS received, NULL::TIMESTAMP_MS AS confirmed FROM walk ORDER BY device, measure, ts`),
    ) // prettier-ignore
  }
  return files
}

/** Minute windows of twenty series over five years, with the roll-ups that sealing would have made of them. */
async function longHistory(connection: DuckDBConnection, lakeDir: string): Promise<ManifestFile[]> {
  const files: ManifestFile[] = []
  for (let day = HISTORY_FROM; day < HISTORY_UNTIL;) {
    const d = new Date(day * DAY)
    const until = Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1) / DAY
    await connection.run(`CREATE OR REPLACE TEMP TABLE w AS
      SELECT 'bench-' || lpad(d::VARCHAR, 5, '0') AS device, (['temperature','vibration'])[m + 1] AS measure, epoch_ms(${day * DAY} + i * 60000)::TIMESTAMP_MS AS ts, 60::BIGINT AS n,
        round(60 * (20 + 5 * sin(i / 229.0 + d) + (hash(d * 7919 + m * 31 + i + ${day}) % 1000) / 1000.0), 2) AS sum, round((hash(i + d) % 1000) / 100.0, 3) AS m2,
        round(19 + 5 * sin(i / 229.0 + d), 2) AS min, round(22 + 5 * sin(i / 229.0 + d), 2) AS max, round(20 + 5 * sin(i / 229.0 + d), 2) AS first, round(20.3 + 5 * sin(i / 229.0 + d), 2) AS last,
        epoch_ms(${day * DAY} + i * 60000 + 60000)::TIMESTAMP_MS AS version, false AS repaired
      FROM range(${LONG_DEVICES}) a(d), range(2) b(m), range(${(until - day) * 1440}) c(i)`)
    for (let one = day; one < until; one++)
      files.push(
        await write(connection, lakeDir, { kind: 'windows', day: one, until: one + 1, bucket: 0, buckets: 1, stage: 'day' },
          `SELECT * FROM w WHERE ts >= epoch_ms(${one * DAY}) AND ts < epoch_ms(${(one + 1) * DAY}) ORDER BY device, measure, ts`),
      ) // prettier-ignore
    const month = { day, until, bucket: 0, buckets: 1, stage: 'month' as const }
    files.push(
      await write(
        connection,
        lakeDir,
        { kind: 'quarters', ...month },
        `${quartersSql('w')} ORDER BY 1, 2, 3`,
      ),
    )
    const daily = rollUpSql(`(SELECT *, 'UTC' AS zone FROM w)`, `date_trunc('day', ts)`, 'zone')
    files.push(
      await write(connection, lakeDir, { kind: 'days', ...month },
        `SELECT device, measure, ts::TIMESTAMP_MS AS ts, zone, epoch_ms(ts) // 86400000 AS part, "n", "sum", "m2", "min", "max", "first", "last" FROM (${daily}) ORDER BY 1, 2, 3`),
    ) // prettier-ignore
    day = until
  }
  return files
}

async function write(
  connection: DuckDBConnection,
  lakeDir: string,
  file: {
    kind: LakeKind
    day: number
    until: number
    bucket: number
    buckets: number
    stage: ManifestFile['stage']
  },
  sql: string,
): Promise<ManifestFile> {
  const path = lakePath({ ...file, generation: 1, tier: 'hot' })
  const target = join(lakeDir, path)
  mkdirSync(dirname(target), { recursive: true })
  await connection.run(
    `COPY (${sql}) TO ${quoted(`${target}.tmp`)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2, ROW_GROUP_SIZE 122880)`,
  )
  const [row] = (
    await connection.runAndReadAll(
      `SELECT count(*)::DOUBLE, epoch_ms(min(ts))::DOUBLE, epoch_ms(max(ts))::DOUBLE FROM read_parquet(${quoted(`${target}.tmp`)})`,
    )
  ).getRows() as [number, number, number][]
  renameSync(`${target}.tmp`, target)
  const [rows, minAt, maxAt] = row!
  return {
    ...file,
    path,
    generation: 1,
    tier: 'hot',
    rows,
    bytes: statSync(target).size,
    checksum: await checksumOf(target),
    minAt,
    maxAt,
    damaged: false,
    sealedAt: (file.until + 1) * DAY,
  }
}
