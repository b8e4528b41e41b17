import type { LakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { duePlaces } from '../../src/adapters/aws/lake/landing.ts'
import type { Manifest } from '../../src/adapters/aws/lake/manifest.ts'
import { publishBucket, type PublishLimits } from '../../src/adapters/aws/lake/publish-bucket.ts'

/** A planner's run, its workers one after the other, and the next planner's run, which sees that they are done. */
export async function compactAll(
  files: LakeFiles,
  manifest: Manifest,
  now: number,
  limits?: PublishLimits,
): Promise<{ days: number; files: number; rows: number }> {
  const done = { days: 0, files: 0, rows: 0 }
  const places = await duePlaces(files, manifest, now)
  for (const place of places) {
    const published = await publishBucket(files, manifest, place, { outOfTime: () => false, ...(limits && { limits }) }) // prettier-ignore
    done.files += published.files
    done.rows += published.rows
  }
  done.days = new Set(places.map(({ day }) => day)).size
  await duePlaces(files, manifest, now)
  return done
}

/** S3's common prefixes. */
export const foldersOf = (keys: readonly string[], prefix: string, delimiter: string): string[] =>
  [
    ...new Set(
      keys
        .filter((key) => key.startsWith(prefix) && key.includes(delimiter, prefix.length))
        .map((key) => key.slice(0, key.indexOf(delimiter, prefix.length) + 1)),
    ),
  ].sort()
