import type { DuckDBConnection } from '@duckdb/node-api'
import { join } from 'node:path'
import { parquet } from './relations.ts'
import type { LakeChange, ManifestFile } from './manifest.ts'
import { createFileWriter, type Hook } from './seal-files.ts'

/** Rewrites a file with the rows that a condition keeps; the change takes it away where nothing is left. */
export function createCutter(connection: DuckDBConnection, lakeDir: string, hook: Hook) {
  const files = createFileWriter(connection, lakeDir, hook)
  return async (
    file: ManifestFile,
    { generation, now, where }: { generation: number; now: number; where: string },
  ): Promise<LakeChange> => {
    const source = parquet([join(lakeDir, file.path)])
    const [row] = (
      await connection.runAndReadAll(`SELECT count(*) FILTER (NOT (${where})) FROM ${source}`)
    ).getRows()
    if (row?.[0] === 0n) return { add: [], remove: [], deletions: [], at: now }
    const { kind, day, until, bucket, buckets, stage, tier } = file
    const kept = await files.write(
      { kind, day, until, bucket, buckets, stage, tier, generation },
      `SELECT * FROM ${source} WHERE ${where} ORDER BY device, measure, ts`,
      file.sealedAt,
    )
    return { add: kept ? [kept] : [], remove: [file.path], deletions: [], at: now }
  }
}
