import type { DatabaseSync } from 'node:sqlite'
import type { WorkOrder } from '../../../core/maintenance/work-order.ts'
import type { WorkOrders } from '../../../ports/work-orders.ts'

export function sqliteWorkOrders(db: DatabaseSync): WorkOrders {
  const insert = db.prepare('INSERT OR IGNORE INTO work_order VALUES (?, ?, ?, ?)')
  const update = db.prepare('UPDATE work_order SET status = ?, body = ? WHERE id = ? AND status = ?')
  const byId = db.prepare('SELECT body FROM work_order WHERE id = ?')
  const select = db.prepare(
    `SELECT body FROM work_order WHERE id > ?1 AND (?2 IS NULL OR thing = ?2) AND (?3 IS NULL OR status = ?3)
     ORDER BY id LIMIT ?4`,
  )
  const read = (row: Record<string, unknown>): WorkOrder => JSON.parse(row['body'] as string) as WorkOrder
  return {
    open: async (order) => void insert.run(order.id, order.thing, order.status, JSON.stringify(order)),
    move: async (order, from) =>
      update.run(order.status, JSON.stringify(order), order.id, from).changes === 1,
    get: async (id) => {
      const row = byId.get(id)
      return row ? read(row) : null
    },
    list: async ({ thing, status, cursor, limit }) =>
      select.all(cursor ?? '', thing ?? null, status ?? null, limit).map(read),
  }
}
