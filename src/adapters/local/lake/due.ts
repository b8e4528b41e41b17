import type { DatabaseSync } from 'node:sqlite'
import { dayOf, type LakeKind } from '../../../core/history/lake-layout.ts'
import { planExpiry, type Expiry, type RetentionPolicy } from '../../../core/retention/retention.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { fileOf, readManifest, type ManifestFile } from './manifest.ts'

export interface DueOptions {
  now: EpochMs
  mostDays: number
}

/** Bytes whose checksum is compared in one round: a terabyte in the course of weeks, none of it noticeably. */
const SCRUB_BYTES = 128 * 1024 * 1024
const SCRUB_FILES = 2000

/** What age has made due, read from the manifest beside its writer: years of files are too many to hand around. */
export function createDue(db: DatabaseSync) {
  const manifest = readManifest(db)
  const all = (sql: string, ...values: (string | number)[]): ManifestFile[] =>
    db
      .prepare(sql)
      .all(...values)
      .map(fileOf)

  function toScrub(after: string): ManifestFile[] {
    // Damaged ones each time, so that a file that was put back counts soon.
    const chosen = all('SELECT * FROM lake_file WHERE damaged = 1')
    let bytes = 0
    for (const file of all(
      `SELECT * FROM lake_file WHERE path > ? AND damaged = 0 ORDER BY path LIMIT ${SCRUB_FILES}`,
      after,
    )) {
      if (bytes > SCRUB_BYTES) break
      bytes += file.bytes
      chosen.push(file)
    }
    return chosen
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
  }
}
