import type { DatabaseSync } from 'node:sqlite'

/**
 * Deletes every row about a device: in each table that has a column `thing`, whoever made it. Gives how many. The
 * database overwrites what it deletes (`secure_delete`), and its log is emptied, so that no byte of them stays.
 */
export function eraseThing(db: DatabaseSync, thing: string): number {
  let rows = 0
  const tables = db
    .prepare(
      `SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = 'thing'`,
    )
    .all()
    .map((row) => row['name'] as string)
  for (const table of tables)
    rows += Number(db.prepare(`DELETE FROM "${table}" WHERE thing = ?`).run(thing).changes)
  return rows
}

/** Empties the write-ahead log, where earlier versions of rows lie; to be called outside a transaction. */
export const emptyLog = (db: DatabaseSync): void => db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
