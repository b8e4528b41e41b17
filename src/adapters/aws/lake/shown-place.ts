import { dateOf } from '../../../core/history/lake-layout.ts'
import type { Place } from './landing.ts'
import type { Manifest, PublishedDay } from './manifest.ts'

/** The writers of a day's other buckets change its item in the manifest, too. */
const MOST_CONFLICTS = 50

/** A file that the manifest shows. */
export interface Entry {
  key: string
  rows: number
}

/** Shows the place as it is now, whatever became of the day's other places meanwhile. */
export async function show(
  manifest: Pick<Manifest, 'get' | 'publish'>,
  place: Place,
  mine: readonly Entry[],
  { made, replaced }: { made: readonly Entry[]; replaced: readonly string[] },
): Promise<void> {
  const { table } = place
  const date = dateOf(place.day)
  const keysOf = (entries: readonly Entry[]): string => entries.map(({ key }) => key).join('\n')
  for (let attempt = 0; attempt < MOST_CONFLICTS; attempt++) {
    const shown = await manifest.get(table, date)
    const entries = entriesOf(shown)
    if (keysOf(entries.filter(({ key }) => isOf(place, key))) !== keysOf(mine))
      throw new Error(`another run published bucket ${place.bucket} of ${table} of ${date} meanwhile; the next one merges what is left`) // prettier-ignore
    const next = [...entries.filter(({ key }) => !replaced.includes(key)), ...made].sort((a, b) => (a.key < b.key ? -1 : 1)) // prettier-ignore
    const over = shown?.generation ?? 0
    const published: PublishedDay = {
      generation: over + 1,
      files: next.map(({ key }) => key),
      rows: next.map(({ rows }) => rows),
    }
    if (await manifest.publish(table, date, published, over)) return
  }
  throw new Error(`${table} of ${date} kept being published by others; the next run tries again`)
}

export const entriesOf = (shown: PublishedDay | null): Entry[] => (shown?.files ?? []).map((key, i) => ({ key, rows: shown?.rows[i] ?? 0 })) // prettier-ignore
export const isOf = ({ bucket }: Place, key: string): boolean => key.includes(`/b=${bucket}.`)
