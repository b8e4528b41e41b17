import { dateOf } from '../../../core/history/lake-layout.ts'
import { MINUTE } from '../../../core/telemetry/reading.ts'
import { add, momentsOf } from '../../../core/window/window.ts'
import { partOf } from './bucket-name.ts'
import type { Place } from './landing.ts'
import type { LakeFiles } from './lake-files.ts'
import { rowsOfParquet } from './lake-parquet.ts'
import { settledReadings, type ReadingRow, type WindowLakeRow } from './lake-rows.ts'
import type { Manifest } from './manifest.ts'
import { putWindows, splitsFor } from './publish-bucket.ts'
import { entriesOf, isOf, show } from './shown-place.ts'

/** Readings that are held at once, at some 600 bytes each while they are settled. */
const AT_ONCE = 1_500_000

/**
 * Makes the windows of a bucket of a published day again from its readings, with their quarter-hours and days; they take
 * the place of all that were there. Nobody else may work on the place meanwhile (the queue of `publish` sees to that).
 * Gives how many windows there are now; null where no readings are kept, so that what is there stays.
 */
export async function rebuildPlace(
  files: Pick<LakeFiles, 'get' | 'put' | 'remove'>,
  manifest: Pick<Manifest, 'get' | 'publish'>,
  place: Place & { table: 'windows' },
  atOnce = AT_ONCE,
): Promise<number | null> {
  const { day, bucket } = place
  const readings = entriesOf(await manifest.get('readings', dateOf(day))).filter(({ key }) =>
    isOf(place, key),
  )
  if (readings.length === 0) return null
  const shown = await manifest.get('windows', dateOf(day))
  const mine = entriesOf(shown).filter(({ key }) => isOf(place, key))
  const at = { day, bucket: Number(bucket), generation: (shown?.generation ?? 0) + 1 }
  const of = splitsFor(readings.reduce((sum, { rows }) => sum + rows, 0), atOnce) // prettier-ignore
  const made = []
  let windows = 0
  for (let split = 0; split < of; split++) {
    const rows: ReadingRow[] = []
    for (const { key } of readings)
      for (const row of await rowsOfParquet<ReadingRow>(await files.get(key)))
        if (partOf(row.device, of) === split) rows.push(row)
    const again = windowsOf(settledReadings(rows))
    if (again.length === 0) continue
    windows += again.length
    made.push(...(await putWindows(files, at, again, { split, of })))
  }
  const replaced = mine.map(({ key }) => key)
  await show(manifest, place, mine, { made, replaced })
  for (const key of replaced) await files.remove(key)
  return windows
}

/** Windows of settled readings, which come series by series in the order of their time. */
function windowsOf(readings: readonly ReadingRow[]): WindowLakeRow[] {
  const windows: WindowLakeRow[] = []
  for (const { device, measure, ts: at, value, received, confirmed } of readings) {
    if (value === null) continue
    const ts = Math.floor(at / MINUTE) * MINUTE
    const version = confirmed ?? received
    const open = windows.at(-1)
    if (open?.ts === ts && open.device === device && open.measure === measure) {
      add(open, value)
      open.version = Math.max(open.version, version)
    } else windows.push({ device, measure, ts, ...momentsOf(value), version, repaired: true })
  }
  return windows
}
