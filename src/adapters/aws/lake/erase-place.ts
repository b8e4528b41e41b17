import { dateOf, type LakeKind } from '../../../core/history/lake-layout.ts'
import { landedAt, type Place } from './landing.ts'
import type { LakeFiles } from './lake-files.ts'
import { parquetOf, rowsOfParquet } from './lake-parquet.ts'
import type { LandedTable } from './lake-rows.ts'
import type { Manifest } from './manifest.ts'
import { entriesOf, isOf, show } from './shown-place.ts'

const kindsOf: Readonly<Record<LandedTable, readonly LakeKind[]>> = {
  readings: ['readings'],
  windows: ['windows', 'quarters', 'days'],
}

/** Asks for a copy of an object that lies in an archive tier. */
export type Restore = (key: string) => Promise<void>

/**
 * Takes a device out of everything that a place has: what landed, what is shown (a new generation, since a published
 * file is never written again), and what a run that died left behind without showing it. Nobody else may work on the
 * place meanwhile (the queue of `publish` sees to that). False where a file lies in Deep Archive: it is being restored,
 * which takes two days, and the place must be asked for again.
 */
export async function eraseFromPlace(
  files: Pick<LakeFiles, 'list' | 'get' | 'put' | 'remove'>,
  manifest: Pick<Manifest, 'get' | 'publish'>,
  { place, thing }: { place: Place; thing: string },
  restore: Restore,
): Promise<boolean> {
  /** Rows of others; null where all are. */
  async function othersIn(key: string): Promise<object[] | null> {
    const rows = await rowsOfParquet<{ device: string }>(await files.get(key))
    const kept = rows.filter(({ device }) => device !== thing)
    return kept.length === rows.length ? null : kept
  }

  for (const key of await files.list(landedAt(place), Infinity)) {
    const kept = await othersIn(key)
    if (kept === null) continue
    if (kept.length > 0) await files.put(key, parquetOf(place.table, kept))
    else await files.remove(key)
  }

  const date = dateOf(place.day)
  let whole = true
  for (const kind of kindsOf[place.table])
    for (const key of await files.list(`${kind}/dt=${date}/b=${place.bucket}.`, Infinity)) {
      const shown = await manifest.get(place.table, date)
      const mine = entriesOf(shown).filter((entry) => isOf(place, entry.key))
      if (!mine.some((entry) => entry.key === key)) {
        await files.remove(key)
        continue
      }
      try {
        const kept = await othersIn(key)
        if (kept === null) continue
        const next = key.replace(/\/b=(\d\d)\.\d+/, `/b=$1.${(shown?.generation ?? 0) + 1}`)
        if (kept.length > 0) await files.put(next, parquetOf(kind, kept))
        const made = kept.length > 0 ? [{ key: next, rows: kept.length }] : []
        await show(manifest, place, mine, { made, replaced: [key] })
        await files.remove(key)
      } catch (error) {
        if (!(error instanceof Error && error.name === 'InvalidObjectState')) throw error
        await restore(key)
        whole = false
      }
    }
  return whole
}
