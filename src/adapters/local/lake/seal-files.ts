import type { DuckDBConnection } from '@duckdb/node-api'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { lakePath, type LakeFile } from '../../../core/history/lake-layout.ts'
import { quoted } from '../../../core/history/lake-sql.ts'
import type { ManifestFile } from './manifest.ts'
import { install, makeFolder, temporaryOf } from './files.ts'

/** Told of each step of a seal, and waited for: tests of crashes stop there. Does nothing in the product. */
export type Hook = (step: string) => unknown

export interface FileWriter {
  /** Writes the rows of a query as a lake file under its final name; null where there are none. */
  write(
    file: Omit<LakeFile, 'path' | 'rows' | 'bytes' | 'checksum' | 'minAt' | 'maxAt' | 'damaged'>,
    sql: string,
    sealedAt: number,
  ): Promise<ManifestFile | null>
}

/** Rows a row group: one device's day of five measures is a few of these pages, and statistics skip the others. */
const ROW_GROUP = 122_880

export function createFileWriter(connection: DuckDBConnection, lakeDir: string, hook: Hook): FileWriter {
  return {
    write: async (file, sql, sealedAt) => {
      const path = lakePath(file)
      const target = join(lakeDir, path)
      const temporary = temporaryOf(target)
      makeFolder(target)
      try {
        await connection.run(
          `COPY (${sql}) TO ${quoted(temporary)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2, ROW_GROUP_SIZE ${ROW_GROUP})`,
        )
        await hook(`written ${file.kind}`)
        const [stats] = (
          await connection.runAndReadAll(
            `SELECT CAST(count(*) AS DOUBLE), CAST(epoch_ms(min(ts)) AS DOUBLE), CAST(epoch_ms(max(ts)) AS DOUBLE) FROM read_parquet(${quoted(temporary)})`,
          )
        ).getRows() as [number, number, number][]
        const [rows, minAt, maxAt] = stats!
        if (rows === 0) {
          rmSync(temporary, { force: true })
          return null
        }
        const { bytes, checksum } = await install(temporary, target)
        await hook(`installed ${file.kind}`)
        return { ...file, path, rows, bytes, checksum, minAt, maxAt, damaged: false, sealedAt }
      } catch (error) {
        rmSync(temporary, { force: true })
        throw error
      }
    },
  }
}
