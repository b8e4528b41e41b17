import { overRelation, quoted } from '../../../core/history/lake-sql.ts'
import type { LakeKind } from '../../../core/history/lake-layout.ts'

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
