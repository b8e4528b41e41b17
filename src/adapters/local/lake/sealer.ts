import type { DuckDBConnection } from '@duckdb/node-api'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { DAY } from '../../../core/history/lake-layout.ts'
import { quartersSql, quoted, rollUpSql } from '../../../core/history/lake-sql.ts'
import { calendarEdges } from '../../../core/history/calendar.ts'
import { settleColumns, type CopyColumns } from '../../../core/history/settle-columns.ts'
import { columnsByHour } from '../tail/copies.ts'
import { bulkAppender, dropBulk } from './bulk-append.ts'
import { columnsOf, parquet } from './relations.ts'
import type { LakeChange, ManifestFile } from './manifest.ts'
import { createFileWriter, type Hook } from './seal-files.ts'
import { settledSql } from './settled-sql.ts'
import type { SealUnit } from './survey.ts'

/** Readings of one device that are held at once: at some forty bytes each, a few megabytes. */
const MOST_HELD = 200_000

/** A sealed day of a bucket whose windows are made again. */
export interface RebuildUnit {
  day: number
  bucket: number
  buckets: number
  readings: ManifestFile[]
  replaced: ManifestFile[]
}

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
  /**
   * Appends the tail's readings of a unit. Gives how many, and whether they are by device, measure and time: of a
   * device that has more than there is room for they are only within pieces.
   */
  async function appendReadings({ devices, from, to }: SealUnit): Promise<{ rows: number; sorted: boolean }> {
    const bulk = await bulkAppender(connection, 'fresh', 'readings')
    let sorted = true
    for (const { id, thing } of devices) {
      let held = new Map<string, CopyColumns[]>()
      let count = 0
      let pieces = 0
      const emit = async (): Promise<void> => {
        for (const [measure, copies] of [...held].sort(([a], [b]) => (a < b ? -1 : 1)))
          bulk.series(thing, measure, settleColumns(copies))
        held = new Map()
        count = 0
        if (++pieces > 1) sorted = false
        await bulk.breathe()
      }
      // Copies of one time lie within one hour, so a piece may end after any.
      for (const { columns } of columnsByHour(db, id, from, to, () => true)) {
        for (const [measure, copies] of columns) {
          const name = nameOf(measure)
          const known = held.get(name)
          if (known) known.push(...copies)
          else held.set(name, copies)
          for (const { at } of copies) count += at.length
        }
        if (count > MOST_HELD) await emit()
      }
      if (count > 0) await emit()
    }
    return { rows: await bulk.close(), sorted }
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

  /** A query for the readings of files and of the tail, each identity once, in the lake's order. */
  async function mergedReadings(old: readonly ManifestFile[], fresh: number): Promise<string> {
    const relations = [...old.map((f) => absolute([f])), ...(fresh > 0 ? ['fresh'] : [])]
    // Only what comes after later readings were sealed can meet an identity that was sealed before.
    let newest = -Infinity
    const late: string[] = []
    for (const [i, relation] of relations.entries()) {
      if (i > 0 && (old[i]?.minAt ?? -Infinity) <= newest)
        late.push(`SELECT device, measure, ts FROM ${relation} WHERE ts <= epoch_ms(${newest})`)
      newest = Math.max(newest, old[i]?.maxAt ?? -Infinity)
    }
    const all = relations.map((r, source) => `SELECT *, ${source} AS source FROM ${r}`).join(' UNION ALL ')
    const order = 'ORDER BY device, measure, ts'
    if (late.length === 0) return `SELECT * EXCLUDE (source) FROM (${all}) ${order}`
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE late AS SELECT DISTINCT * FROM (${late.join(' UNION ALL ')})`,
    )
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE twice AS SELECT * FROM (${all}) SEMI JOIN late USING (device, measure, ts) ` +
        `QUALIFY count(*) OVER (PARTITION BY device, measure, ts) > 1`,
    )
    await connection.run('DROP TABLE late')
    const once = `SELECT * EXCLUDE (source) FROM (${all}) ANTI JOIN twice USING (device, measure, ts)`
    return `SELECT * FROM (${once} UNION ALL (${settledSql('twice')})) ${order}`
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
      const { rows: readings, sorted } = await appendReadings(unit)
      await hook('read')
      if (readings > 0 || oldReadings.length > 1 || oldReadings.some((f) => f.stage === 'hour'))
        push(
          await files.write(
            { kind: 'readings', ...place },
            oldReadings.length === 0 && sorted
              ? 'SELECT * FROM fresh'
              : await mergedReadings(oldReadings, readings),
            now,
          ),
        )
      await dropBulk(connection, 'fresh')
      await connection.run('DROP TABLE IF EXISTS twice')
      const oldWindows = merge.filter((f) => f.kind === 'windows')
      const windows = unit.windowsWait ? 0 : await appendWindows(unit)
      if (unit.windowsWait) {
        // They stay where they are until the damaged file is back, or given up.
      } else if (windows > 0 || oldWindows.length > 1 || oldWindows.some((f) => f.stage === 'hour')) {
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
        ...(unit.windowsWait
          ? []
          : [{ table: 'window' as const, devices: ids, from, to, arrival: generation }]),
      ],
      at: now,
    }
  }

  /** Windows of a sealed day again from its readings, and their roll-ups; all of it replaces what was there. */
  async function rebuild(unit: RebuildUnit, { generation, zoneOf, now }: SealOptions): Promise<LakeChange> {
    const { day, bucket, buckets, readings, replaced } = unit
    const place = {
      day,
      until: day + 1,
      bucket,
      buckets,
      generation,
      stage: 'day' as const,
      tier: 'hot' as const,
    }
    const file = await files.write(
      { kind: 'windows', ...place },
      `SELECT device, measure, CAST(date_trunc('minute', ts) AS TIMESTAMP_MS) AS ts, count(*) AS n, sum(value) AS sum, ` +
        `var_pop(value) * count(*) AS m2, min(value) AS min, max(value) AS max, arg_min(value, ts) AS first, ` +
        `arg_max(value, ts) AS last, max(coalesce(confirmed, received)) AS version, true AS repaired ` +
        `FROM ${absolute(readings)} WHERE value IS NOT NULL GROUP BY ALL ORDER BY 1, 2, 3`,
      now,
    )
    const add = file ? [file, ...(await rollUps(file, place, zoneOf, now))] : []
    return { add, remove: replaced.map((f) => f.path), deletions: [], at: now }
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

  return { seal, rebuild }
}
