import type { DuckDBConnection } from '@duckdb/node-api'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { DAY } from '../../../core/history/lake-layout.ts'
import { quartersSql, quoted, rollUpSql } from '../../../core/history/lake-sql.ts'
import { calendarEdges } from '../../../core/history/calendar.ts'
import { settleStored, type StoredReading } from '../../../core/history/settle-stored.ts'
import { copiesByHour } from '../tail/copies.ts'
import { toStored } from '../tail/recompute.ts'
import { bulkAppender, dropBulk } from './bulk-append.ts'
import { columnsOf, parquet } from './relations.ts'
import type { LakeChange, ManifestFile } from './manifest.ts'
import { createFileWriter, type Hook } from './seal-files.ts'
import type { SealUnit } from './survey.ts'

export interface SealOptions {
  generation: number
  /** The zone of a device's days. */
  zoneOf: (thing: string) => string
  now: number
}

/**
 * Turns rows of the tail, and what was sealed of the same day before, into lake files. It only writes files; they are
 * seen, and the rows go, when the change that it gives is published.
 */
export function createSealer(connection: DuckDBConnection, db: DatabaseSync, lakeDir: string, hook: Hook) {
  const files = createFileWriter(connection, lakeDir, hook)
  const measureNames = new Map<number, string>()
  const nameOf = (id: number): string => {
    let name = measureNames.get(id)
    if (name === undefined) {
      name = (db.prepare('SELECT name FROM name WHERE id = ?').get(id) as { name: string }).name
      measureNames.set(id, name)
    }
    return name
  }
  const absolute = (list: readonly ManifestFile[]): string => parquet(list.map((f) => join(lakeDir, f.path)))
  /** Appends readings by device, measure and time. Gives how many. */
  async function appendReadings(
    into: string,
    series: Iterable<[thing: string, measure: string, StoredReading[]]>,
  ): Promise<number> {
    const bulk = await bulkAppender(connection, into, 'readings')
    for (const [thing, measure, readings] of series) {
      for (const { at, value, text, quality, receivedAt, confirmedAt } of readings)
        bulk.row(
          thing,
          measure,
          at,
          Number.isNaN(value) ? null : value,
          text,
          quality,
          receivedAt,
          confirmedAt,
        )
      await bulk.breathe()
    }
    return bulk.close()
  }

  function* tailReadings({ devices, from, to }: SealUnit): Generator<[string, string, StoredReading[]]> {
    for (const { id, thing } of devices) {
      const byMeasure = new Map<string, StoredReading[]>()
      for (const { copies } of copiesByHour(db, id, from, to, () => true))
        for (const [measure, list] of copies) {
          const settled = settleStored(toStored(list))
          const known = byMeasure.get(nameOf(measure))
          if (known) for (const reading of settled) known.push(reading)
          else byMeasure.set(nameOf(measure), settled)
        }
      for (const measure of [...byMeasure.keys()].sort()) yield [thing, measure, byMeasure.get(measure)!]
    }
  }

  async function appendWindows({ devices, from, to }: SealUnit): Promise<number> {
    const select = db.prepare(
      'SELECT w.*, n.name AS name FROM window w JOIN name n ON n.id = w.measure WHERE device = ? AND measure = ? AND minute >= ? AND minute < ? ORDER BY minute',
    )
    const next = db.prepare('SELECT min(measure) AS m FROM window WHERE device = ? AND measure > ?')
    const bulk = await bulkAppender(connection, 'fresh_windows', 'windows')
    for (const { id, thing } of devices) {
      const measures: number[] = []
      for (let measure = -1; ;) {
        const { m } = next.get(id, measure) as { m: number | null }
        if (m === null) break
        measures.push((measure = m))
      }
      measures.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
      for (const measure of measures)
        for (const w of select.iterate(id, measure, from / 60_000, to / 60_000))
          bulk.row(
            thing,
            w['name'] as string,
            (w['minute'] as number) * 60_000,
            ...(['n', 'sum', 'm2', 'min', 'max', 'first', 'last', 'version'] as const).map(
              (c) => w[c] as number,
            ),
            w['repaired'] === 1,
          )
      await bulk.breathe()
    }
    return bulk.close()
  }

  /** Identities that more than one source holds are settled here, by the rule that queries use; all others just move. */
  async function mergedReadings(old: readonly ManifestFile[]): Promise<string> {
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE twice AS SELECT device, measure, ts FROM (SELECT device, measure, ts FROM ${absolute(old)} UNION ALL SELECT device, measure, ts FROM fresh) GROUP BY ALL HAVING count(*) > 1`,
    )
    const copies = await connection.runAndReadAll(
      `SELECT device, measure, CAST(epoch_ms(ts) AS DOUBLE), value, text, CAST(quality AS DOUBLE), CAST(epoch_ms(received) AS DOUBLE), CAST(epoch_ms(confirmed) AS DOUBLE) FROM (` +
        `SELECT *, 0 AS source FROM ${absolute(old)} UNION ALL SELECT *, 1 FROM fresh) SEMI JOIN twice USING (device, measure, ts) ORDER BY device, measure, ts, source`,
    )
    const series = new Map<string, [string, string, StoredReading[]]>()
    for (const [device, measure, at, value, text, quality, receivedAt, confirmedAt] of copies.getRows() as [
      string,
      string,
      number,
      number | null,
      string | null,
      number,
      number,
      number | null,
    ][]) {
      const key = `${device}\n${measure}`
      let entry = series.get(key)
      if (!entry) series.set(key, (entry = [device, measure, []]))
      entry[2].push({ at, value: value ?? NaN, text, quality, receivedAt, confirmedAt })
    }
    for (const entry of series.values()) entry[2] = settleStored(entry[2])
    await appendReadings('settled', series.values())
    const once = `SELECT * FROM (SELECT * FROM ${absolute(old)} UNION ALL SELECT * FROM fresh) ANTI JOIN twice USING (device, measure, ts)`
    return `SELECT * FROM (${once} UNION ALL SELECT * FROM settled) ORDER BY device, measure, ts`
  }

  const windowsOf = (old: readonly ManifestFile[]): string => {
    const names = columnsOf.windows.map(([name]) => `"${name}"`).join(', ')
    if (old.length === 0) return `SELECT ${names} FROM fresh_windows`
    // Repaired beats streamed, then the newer receipt, then what came later into the tail.
    return (
      `SELECT ${names} FROM (SELECT ${names}, 0 AS source FROM ${absolute(old)} UNION ALL SELECT ${names}, 1 FROM fresh_windows) ` +
      `QUALIFY row_number() OVER (PARTITION BY device, measure, ts ORDER BY repaired DESC, version DESC, source DESC) = 1 ORDER BY device, measure, ts`
    )
  }

  async function seal(unit: SealUnit, { generation, zoneOf, now }: SealOptions): Promise<LakeChange> {
    const { day, bucket, buckets, whole, merge, from, to } = unit
    const place = {
      day,
      until: day + 1,
      bucket,
      buckets,
      generation,
      stage: whole ? ('day' as const) : ('hour' as const),
      tier: 'hot' as const,
    }
    const add: ManifestFile[] = []
    const push = (file: ManifestFile | null): ManifestFile | null => {
      if (file) add.push(file)
      return file
    }
    db.exec('BEGIN') // one snapshot of the tail for rows and windows
    try {
      const oldReadings = merge.filter((f) => f.kind === 'readings')
      const readings = await appendReadings('fresh', tailReadings(unit))
      hook('read')
      if (readings > 0 || oldReadings.length > 1 || oldReadings.some((f) => f.stage === 'hour'))
        push(
          await files.write(
            { kind: 'readings', ...place },
            oldReadings.length === 0 ? 'SELECT * FROM fresh' : await mergedReadings(oldReadings),
            now,
          ),
        )
      for (const name of ['fresh', 'settled']) await dropBulk(connection, name)
      await connection.run('DROP TABLE IF EXISTS twice')
      const oldWindows = merge.filter((f) => f.kind === 'windows')
      const windows = await appendWindows(unit)
      if (windows > 0 || oldWindows.length > 1 || oldWindows.some((f) => f.stage === 'hour')) {
        const file = push(await files.write({ kind: 'windows', ...place }, windowsOf(oldWindows), now))
        if (file && whole) for (const roll of await rollUps(file, place, zoneOf, now)) push(roll)
      }
      await dropBulk(connection, 'fresh_windows')
    } finally {
      db.exec('COMMIT')
    }
    const kinds = new Set(add.map((f) => f.kind))
    const ids = unit.devices.map((d) => d.id)
    return {
      add,
      remove: merge.filter((f) => kinds.has(f.kind)).map((f) => f.path),
      deletions: [
        { table: 'pack', devices: ids, from, to, arrival: generation },
        { table: 'window', devices: ids, from, to, arrival: generation },
      ],
      at: now,
    }
  }

  /** Quarter-hours and zone days of a day's windows. */
  async function rollUps(
    windows: ManifestFile,
    place: Omit<
      ManifestFile,
      'kind' | 'path' | 'rows' | 'bytes' | 'checksum' | 'minAt' | 'maxAt' | 'damaged' | 'sealedAt'
    >,
    zoneOf: (thing: string) => string,
    now: number,
  ): Promise<ManifestFile[]> {
    const source = absolute([windows])
    const quarters = await files.write(
      { kind: 'quarters', ...place },
      `${quartersSql(source)} ORDER BY 1, 2, 3`,
      now,
    )
    if (!quarters) return []
    const things = (await connection.runAndReadAll(`SELECT DISTINCT device FROM ${source}`)).getRows() as [
      string,
    ][]
    const zones = Map.groupBy(
      things.map(([thing]) => thing),
      zoneOf,
    )
    await connection.run(
      'CREATE OR REPLACE TEMP TABLE zone_of (device VARCHAR, zone VARCHAR); CREATE OR REPLACE TEMP TABLE zone_day (zone VARCHAR, lo BIGINT, hi BIGINT)',
    )
    const appender = await connection.createAppender('zone_of')
    for (const [zone, members] of zones) {
      for (const thing of members) {
        appender.appendVarchar(thing)
        appender.appendVarchar(zone)
        appender.endRow()
      }
      const edges = calendarEdges(zone, 'day', place.day * DAY, (place.day + 1) * DAY)
      for (const [i, lo] of edges.slice(0, -1).entries())
        await connection.run(`INSERT INTO zone_day VALUES (${quoted(zone)}, ${lo}, ${edges[i + 1]})`)
    }
    appender.closeSync()
    const joined =
      `(SELECT q.*, z.zone AS zone, d.lo AS lo FROM ${absolute([quarters])} q JOIN zone_of z ON q.device = z.device ` +
      `JOIN zone_day d ON d.zone = z.zone AND epoch_ms(q.ts) >= d.lo AND epoch_ms(q.ts) < d.hi)`
    const sql = `SELECT device, measure, ts, zone, CAST(${place.day} AS BIGINT) AS part, "n", "sum", "m2", "min", "max", "first", "last" FROM (${rollUpSql(joined, 'CAST(epoch_ms(lo) AS TIMESTAMP_MS)', 'zone')}) ORDER BY 1, 2, 3`
    const days = await files.write({ kind: 'days', ...place }, sql, now)
    return days ? [quarters, days] : [quarters]
  }

  return { seal }
}
