import type { DuckDBConnection } from '@duckdb/node-api'
import { join } from 'node:path'
import { bucketsFor, DAY, dayOf } from '../../../core/history/lake-layout.ts'
import { parquet } from './relations.ts'
import type { LakeChange, ManifestFile, ManifestReader } from './manifest.ts'
import { createFileWriter, type Hook } from './seal-files.ts'

/** Roll-ups of a month, or days of a year, in as few files as their rows allow: years are then read from a handful. */
export interface MergeUnit {
  kind: 'quarters' | 'days'
  stage: 'month' | 'year'
  day: number
  until: number
  bucket: number
  buckets: number
  /** What was merged of this span before, whole. */
  old: ManifestFile[]
  /** What goes in, and replaces what the old files say of its devices and days. */
  fresh: ManifestFile[]
}

const spans = [
  { kind: 'quarters', stage: 'month', from: ['day'] },
  { kind: 'days', stage: 'month', from: ['day'] },
  // Quarter-hours of a year would be files that nobody sorts in little memory, and few questions want.
  { kind: 'days', stage: 'year', from: ['month'] },
] as const

/** Months and years that are over and have finer files beside, or instead of, their own. */
export function surveyMerges(manifest: ManifestReader, stage: 'month' | 'year', bound: number): MergeUnit[] {
  const units: MergeUnit[] = []
  for (const { kind, from } of spans.filter((s) => s.stage === stage)) {
    const files = manifest.files(kind, 0, dayOf(bound))
    const bySpan = Map.groupBy(
      files.filter((f) => (from as readonly string[]).includes(f.stage)),
      (f) => startOf(stage, f.day, 0),
    )
    for (const [day, fresh] of bySpan) {
      const until = startOf(stage, day, 1)
      if (until * DAY > bound) continue
      const old = files.filter((f) => f.stage === stage && f.day === day)
      const rows = [...fresh, ...old].reduce((sum, f) => sum + f.rows, 0)
      const buckets = Math.min(bucketsFor(rows), ...[...fresh, ...old].map((f) => f.buckets))
      for (let bucket = 0; bucket < buckets; bucket++) {
        const mine = (f: ManifestFile): boolean => f.bucket % buckets === bucket
        // What is damaged may come back: nothing is merged without it.
        if (!fresh.some(mine) || [...fresh, ...old].some((f) => mine(f) && f.damaged)) continue
        units.push({
          kind,
          stage,
          day,
          until,
          bucket,
          buckets,
          old: old.filter(mine),
          fresh: fresh.filter(mine),
        })
      }
    }
  }
  return units
}

/** First day of the month or year that holds this day, or of the one so many later. */
function startOf(stage: 'month' | 'year', day: number, later: number): number {
  const d = new Date(day * DAY)
  return (
    (stage === 'month'
      ? Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + later, 1)
      : Date.UTC(d.getUTCFullYear() + later, 0, 1)) / DAY
  )
}

export function createRollUpMerger(connection: DuckDBConnection, lakeDir: string, hook: Hook) {
  const files = createFileWriter(connection, lakeDir, hook)
  const paths = (list: readonly ManifestFile[]): string => parquet(list.map((f) => join(lakeDir, f.path)))
  return async (unit: MergeUnit, options: { generation: number; now: number }): Promise<LakeChange> => {
    const { kind, stage, day, until, bucket, buckets, old, fresh } = unit
    const news = `SELECT * FROM ${paths(fresh)}`
    const dayOfRow = (of: string): string => (kind === 'days' ? `${of}part` : `epoch_ms(${of}ts) // 86400000`)
    const kept = `SELECT m.* FROM ${paths(old)} m ANTI JOIN (SELECT DISTINCT device, ${dayOfRow('')} AS d FROM (${news})) r ON m.device = r.device AND ${dayOfRow('m.')} = r.d`
    const sql = old.length === 0 ? news : `${kept} UNION ALL ${news}`
    const tier = fresh.every((f) => f.tier === fresh[0]!.tier) ? fresh[0]!.tier : 'hot'
    const file = await files.write(
      { kind, day, until, bucket, buckets, generation: options.generation, stage, tier },
      `SELECT * FROM (${sql}) ORDER BY device, measure, ts`,
      options.now,
    )
    return {
      add: file ? [file] : [],
      remove: [...old, ...fresh].map((f) => f.path),
      deletions: [],
      at: options.now,
    }
  }
}
