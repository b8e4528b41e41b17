import type { DuckDBConnection } from '@duckdb/node-api'
import { join } from 'node:path'
import { bucketsFor, DAY, dayOf } from '../../../core/history/lake-layout.ts'
import { parquet } from './relations.ts'
import type { LakeChange, ManifestFile, ManifestReader } from './manifest.ts'
import { createFileWriter, type Hook } from './seal-files.ts'

/** One month's roll-ups of a kind, in as few files as its rows allow: years are then read from a few dozen files. */
export interface MonthUnit {
  kind: 'quarters' | 'days'
  day: number
  until: number
  bucket: number
  buckets: number
  /** Files of the month before, whole. */
  months: ManifestFile[]
  /** Days that go in, and replace what a month file says of them. */
  days: ManifestFile[]
}

/** Months that are over and have days of their own beside, or instead of, month files. */
export function surveyMonths(manifest: ManifestReader, bound: number): MonthUnit[] {
  const units: MonthUnit[] = []
  for (const kind of ['quarters', 'days'] as const) {
    const files = manifest.files(kind, 0, dayOf(bound))
    const byMonth = Map.groupBy(
      files.filter((f) => f.stage === 'day'),
      (f) => monthOf(f.day),
    )
    for (const [day, days] of byMonth) {
      const until = nextMonth(day)
      if (until * DAY > bound) continue
      const months = files.filter((f) => f.stage === 'month' && f.day === day)
      const rows = [...days, ...months].reduce((sum, f) => sum + f.rows, 0)
      const buckets = Math.min(bucketsFor(rows), ...[...days, ...months].map((f) => f.buckets))
      for (let bucket = 0; bucket < buckets; bucket++) {
        const mine = (f: ManifestFile): boolean => f.bucket % buckets === bucket
        if (days.some(mine))
          units.push({
            kind,
            day,
            until,
            bucket,
            buckets,
            months: months.filter(mine),
            days: days.filter(mine),
          })
      }
    }
  }
  return units
}

const monthOf = (day: number): number => {
  const d = new Date(day * DAY)
  return Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), 1) / DAY
}
const nextMonth = (day: number): number => {
  const d = new Date(day * DAY)
  return Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1) / DAY
}

export function createMonthMerger(connection: DuckDBConnection, lakeDir: string, hook: Hook) {
  const files = createFileWriter(connection, lakeDir, hook)
  const paths = (list: readonly ManifestFile[]): string => parquet(list.map((f) => join(lakeDir, f.path)))
  return async (unit: MonthUnit, options: { generation: number; now: number }): Promise<LakeChange> => {
    const { kind, day, until, bucket, buckets, months, days } = unit
    const fresh = `SELECT * FROM ${paths(days)}`
    const dayOfRow = kind === 'days' ? 'part' : 'epoch_ms(ts) // 86400000'
    const kept = `SELECT m.* FROM ${paths(months)} m ANTI JOIN (SELECT DISTINCT device, ${dayOfRow} AS d FROM (${fresh})) r ON m.device = r.device AND ${dayOfRow.replace('ts', 'm.ts').replace('part', 'm.part')} = r.d`
    const sql = months.length === 0 ? fresh : `${kept} UNION ALL ${fresh}`
    const tier = days.every((f) => f.tier === days[0]!.tier) ? days[0]!.tier : 'hot'
    const file = await files.write(
      { kind, day, until, bucket, buckets, generation: options.generation, stage: 'month', tier },
      `SELECT * FROM (${sql}) ORDER BY device, measure, ts`,
      options.now,
    )
    return {
      add: file ? [file] : [],
      remove: [...months, ...days].map((f) => f.path),
      deletions: [],
      at: options.now,
    }
  }
}
