import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { overRelation, quoted } from '../../../core/history/lake-sql.ts'
import type { LakeKind } from '../../../core/history/lake-layout.ts'

export interface EngineOptions {
  memoryMb: number
  threads: number
  /** Where sorting may spill; emptied by whoever owns the directory. */
  spillDir: string
}

export interface Engine {
  connect(): Promise<DuckDBConnection>
  close(): void
}

/** DuckDB, in memory: it owns no file, so none of its own can be damaged. */
export async function openEngine({ memoryMb, threads, spillDir }: EngineOptions): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`,
    threads: String(threads),
    temp_directory: spillDir,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  return {
    connect: async () => {
      const connection = await instance.connect()
      await connection.run('SET parquet_metadata_cache = true')
      return connection
    },
    close: () => instance.closeSync(),
  }
}

/** Files as a relation; the date in their folder's name is for others, and no column here. */
export const parquet = (paths: readonly string[]): string =>
  `read_parquet([${paths.map(quoted).join(', ')}], hive_partitioning = false)`

/** Columns of each kind of file, as DuckDB types. Timestamps are milliseconds, UTC. */
export const columnsOf: Record<LakeKind, [name: string, type: string][]> = {
  readings: [
    ['device', 'VARCHAR'],
    ['measure', 'VARCHAR'],
    ['ts', 'TIMESTAMP_MS'],
    ['value', 'DOUBLE'],
    ['text', 'VARCHAR'],
    ['quality', 'TINYINT'],
    ['received', 'TIMESTAMP_MS'],
    ['confirmed', 'TIMESTAMP_MS'],
  ],
  windows: [...key(), ...moments(), ['version', 'TIMESTAMP_MS'], ['repaired', 'BOOLEAN']],
  quarters: [...key(), ...moments()],
  days: [...key(), ['zone', 'VARCHAR'], ['part', 'BIGINT'], ...moments()],
}

function key(): [string, string][] {
  return [
    ['device', 'VARCHAR'],
    ['measure', 'VARCHAR'],
    ['ts', 'TIMESTAMP_MS'],
  ]
}
function moments(): [string, string][] {
  return [
    ['n', 'BIGINT'],
    ...['sum', 'm2', 'min', 'max', 'first', 'last'].map((name): [string, string] => [name, 'DOUBLE']),
  ]
}

/** An empty relation of a kind, for days that have no file. */
export const emptyRelation = (kind: LakeKind): string =>
  `SELECT ${columnsOf[kind].map(([name, type]) => `CAST(NULL AS ${type}) AS "${name}"`).join(', ')} WHERE false`

/** The same text that Athena runs over its tables, here over files. */
export const overFiles = (kind: LakeKind, paths: readonly string[], sql: string): string =>
  overRelation(kind, paths.length === 0 ? emptyRelation(kind) : `SELECT * FROM ${parquet(paths)}`, sql)
