import type { DatabaseSync } from 'node:sqlite'
import { dayOf, type LakeKind } from '../../../core/history/lake-layout.ts'
import { planExpiry, type Expiry, type RetentionPolicy } from '../../../core/retention/retention.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { fileOf, readManifest, type ManifestFile, type ManifestReader } from './manifest.ts'
import type { RebuildUnit } from './sealer.ts'

export interface DueOptions {
  now: EpochMs
  mostDays: number
}

export interface Scrub {
  files: ManifestFile[]
  /** Where to go on next time; empty to begin again. */
  last: string
}

/** Bytes whose checksum is compared in one round: a terabyte in the course of weeks, none of it noticeably. */
const SCRUB_BYTES = 128 * 1024 * 1024

/** Sealed days within [from, until) whose readings can all be read, with what was made of them. */
function rebuildUnits(manifest: ManifestReader, from: number, until: number): RebuildUnit[] {
  const units: RebuildUnit[] = []
  const sealed = manifest
    .files(null, from, until)
    .filter((f) => f.stage === 'day' && f.day >= from && f.day < until)
  for (const files of Map.groupBy(sealed, (f) => `${f.day}/${f.bucket}/${f.buckets}`).values()) {
    const readings = files.filter((f) => f.kind === 'readings')
    const { day, bucket, buckets } = files[0]!
    if (readings.length > 0 && !readings.some((f) => f.damaged))
      units.push({ day, bucket, buckets, readings, replaced: files.filter((f) => f.kind !== 'readings') })
  }
  return units
}

/** What age has made due, read from the manifest beside its writer: years of files are too many to hand around. */
export function createDue(db: DatabaseSync) {
  const manifest = readManifest(db)
  const all = (sql: string, ...values: (string | number)[]): ManifestFile[] =>
    db
      .prepare(sql)
      .all(...values)
      .map(fileOf)

  function toScrub(after: string): Scrub {
    // Damaged ones each time, so that a file that was put back counts soon.
    const files = all('SELECT * FROM lake_file WHERE damaged = 1')
    let bytes = 0
    let last = ''
    for (const row of db
      .prepare('SELECT * FROM lake_file WHERE path > ? AND damaged = 0 ORDER BY path')
      .iterate(after)) {
      const file = fileOf(row)
      if (bytes > SCRUB_BYTES) return { files, last }
      bytes += file.bytes
      last = file.path
      files.push(file)
    }
    return { files, last: '' }
  }

  return {
    /** In either direction: a policy may change, and a clock may have been wrong. */
    toMove: (policy: RetentionPolicy, now: EpochMs): ManifestFile[] => {
      const today = dayOf(now)
      return all(
        `SELECT * FROM lake_file WHERE tier <> CASE WHEN until <= ?1 THEN 'cold' WHEN until <= ?2 THEN 'warm' ELSE 'hot' END`,
        today - policy.coldAfterDays,
        today - policy.warmAfterDays,
      )
    },
    toExpire: (policy: RetentionPolicy, { now, mostDays }: DueOptions): Expiry[] =>
      planExpiry(policy, {
        today: dayOf(now),
        keptFrom: (kind, name) => manifest.state(`expired_${kind}/${name}`),
        filesBefore: (kind: LakeKind, day: number) => manifest.files(kind, 0, day),
        mostDays,
      }),
    toScrub,
    toRebuild: (from: number, until: number): RebuildUnit[] => rebuildUnits(manifest, from, until),
  }
}
