import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { LakeFiles } from './lake-files.ts'
import {
  bucketOf,
  dayOf,
  lakeTables,
  parquetOf,
  rowsOfParquet,
  settledReadings,
  settledWindows,
  type LakeRows,
  type LakeTable,
  type ReadingRow,
  type WindowLakeRow,
} from './lake-rows.ts'
import type { Manifest } from './manifest.ts'

/** Files of one day that are merged at once; the rest waits for the next run. */
const FILES_AT_ONCE = 400

/**
 * Lays rows down where compaction finds them: `landing/<table>/dt=<day>/<name>.parquet`. The name is the batch's, so a
 * batch that comes again writes the same files again.
 */
export async function land(files: LakeFiles, rows: LakeRows, name: string): Promise<void> {
  for (const table of lakeTables) {
    const byDay = Map.groupBy<string, ReadingRow | WindowLakeRow>(rows[table], (row) => dayOf(row.ts))
    for (const [day, list] of byDay)
      await files.put(`landing/${table}/dt=${day}/${name}.parquet`, parquetOf(table, list))
  }
}

export interface Compacted {
  days: number
  files: number
  rows: number
}

/**
 * Merges what landed for days that are over into their published files, each device bucket into a new generation, and
 * then lets the manifest show that. A file is never written again; what landed is deleted after it is visible, so a run
 * that stops anywhere loses nothing and counts nothing twice: merging settles copies.
 */
export async function compact(files: LakeFiles, manifest: Manifest, now: EpochMs): Promise<Compacted> {
  const done: Compacted = { days: 0, files: 0, rows: 0 }
  for (const table of lakeTables) {
    const landed = await files.list(`landing/${table}/`, 100_000)
    const byDay = Map.groupBy(landed, (key) => /\/dt=(\d{4}-\d\d-\d\d)\//.exec(key)?.[1] ?? '')
    for (const [day, keys] of byDay) {
      if (day === '' || day >= dayOf(now)) continue
      const taken = keys.slice(0, FILES_AT_ONCE)
      done.rows += await publish(files, manifest, table, day, taken)
      done.days++
      done.files += taken.length
    }
  }
  return done
}

async function publish(
  files: LakeFiles,
  manifest: Manifest,
  table: LakeTable,
  day: string,
  landed: readonly string[],
): Promise<number> {
  const shown = await manifest.get(table, day)
  const generation = (shown?.generation ?? 0) + 1
  const fresh: (ReadingRow | WindowLakeRow)[] = []
  for (const key of landed)
    for (const row of await rowsOfParquet<ReadingRow | WindowLakeRow>(await files.get(key))) fresh.push(row)
  const visible = new Map((shown?.files ?? []).map((key) => [/\/b=(\d\d)\./.exec(key)?.[1] ?? '', key]))
  const replaced: string[] = []
  let rows = 0
  for (const [bucket, list] of Map.groupBy(fresh, (row) => bucketOf(row.device))) {
    const old = visible.get(bucket)
    if (old !== undefined) {
      for (const row of await rowsOfParquet<ReadingRow | WindowLakeRow>(await files.get(old))) list.push(row)
      replaced.push(old)
    }
    const settled =
      table === 'readings' ? settledReadings(list as ReadingRow[]) : settledWindows(list as WindowLakeRow[])
    const key = `${table}/dt=${day}/b=${bucket}.${generation}.parquet`
    await files.put(key, parquetOf(table, settled))
    visible.set(bucket, key)
    rows += settled.length
  }
  const next = { generation, files: [...visible.values()].sort() }
  if (!(await manifest.publish(table, day, next, shown?.generation ?? 0)))
    throw new Error(`another run published ${table} of ${day} meanwhile; the next one merges what is left`)
  for (const key of [...landed, ...replaced]) await files.remove(key)
  return rows
}
