import type { Place } from '../../src/adapters/aws/lake/landing.ts'
import type { Manifest } from '../../src/adapters/aws/lake/manifest.ts'
import { dayOf } from '../../src/core/history/lake-layout.ts'
import { TooMuch } from '../../src/core/history/too-much.ts'

export interface RebuildWindowsParts {
  manifest: Pick<Manifest, 'between'>
  /** Asks the one worker that may change a bucket of a day. */
  ask(places: readonly Place[]): Promise<void>
  refuseArchived(from: number): Promise<void>
}

/** A year of days, sixteen buckets each: as many messages as are sent within a request. */
const MOST_PLACES = 6_000
/** Readings of a bucket and day that one run of the worker gets through. */
const MOST_READINGS = 20_000_000

/** Has the windows of published days made again from their readings, bucket by bucket. Gives how many days. */
export async function rebuildWindows(
  { from, to }: { from: number; to: number },
  { manifest, ask, refuseArchived }: RebuildWindowsParts,
): Promise<{ days: number; givenUp: number }> {
  await refuseArchived(from)
  const places: Place[] = []
  for (const { day, files, rows } of await manifest.between('readings', dayOf(from), dayOf(to - 1) + 1)) {
    const readings = new Map<string, number>()
    for (const [i, key] of files.entries()) {
      const bucket = /\/b=(\d\d)\./.exec(key)![1]!
      readings.set(bucket, (readings.get(bucket) ?? 0) + rows[i]!)
    }
    for (const [bucket, n] of readings) {
      if (n > MOST_READINGS) throw new TooMuch(`bucket ${bucket} of day ${day} has ${n} readings, more than one run of the function publish takes (${MOST_READINGS})`) // prettier-ignore
      places.push({ table: 'windows', day, bucket })
    }
  }
  if (places.length > MOST_PLACES) throw new TooMuch(`the range has ${places.length} buckets of days, at most ${MOST_PLACES} are made again at once: ask for a shorter one`) // prettier-ignore
  await ask(places)
  // S3 keeps checksums of its own: no file is found damaged here.
  return { days: new Set(places.map(({ day }) => day)).size, givenUp: 0 }
}
