import type { DatabaseSync } from 'node:sqlite'
import type { ActuatorOrder } from '../../../core/device/actuator.ts'
import { isFinal, nextStatus, type CommandStatus } from '../../../core/device/command-state.ts'
import type { CommandBook, CommandRecord } from '../../../ports/command-book.ts'
import type { Commit } from './schema.ts'

/** Commands and their lives in SQLite. */
export function sqliteCommandBook(db: DatabaseSync, commit: Commit): CommandBook {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO command (id, thing, name, payload, once, status, by, created, expires)
     VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?)`,
  )
  const one = db.prepare('SELECT * FROM command WHERE id = ?')
  const page = db.prepare(
    `SELECT * FROM command WHERE thing = ?1
       AND seq < coalesce((SELECT seq FROM command WHERE id = ?2), 9007199254740991) ORDER BY seq DESC LIMIT ?3`,
  )
  const waiting = db.prepare(
    `SELECT * FROM command WHERE thing = ? AND expires > ? AND status IN ('queued', 'sent') ORDER BY seq`,
  )
  const move = db.prepare(
    `UPDATE command SET status = ?2, sent = coalesce(sent, ?3), finished = coalesce(finished, ?4), detail = coalesce(?5, detail)
     WHERE id = ?1`,
  )
  const late = db.prepare(
    `SELECT * FROM command WHERE status IN ('queued', 'sent', 'acknowledged') AND expires <= ? LIMIT 10000`,
  )
  const order = db.prepare('SELECT value FROM actuator WHERE thing = ? AND name = ?')
  const putOrder = db.prepare('INSERT OR REPLACE INTO actuator VALUES (?, ?, ?, ?)')
  const ended = db.prepare('SELECT * FROM actuator WHERE ends <= ? LIMIT 1000')
  const settle = db.prepare('UPDATE actuator SET ends = NULL WHERE thing = ? AND name = ?')

  const find = (id: string): CommandRecord | null => {
    const row = one.get(id)
    return row ? toRecord(row) : null
  }

  return {
    add: (commands, by, now) =>
      commit(() =>
        commands.flatMap(({ id, thing, name, payload, atMostOnce, expiresAt }) => {
          const text = JSON.stringify(payload ?? null)
          const { changes } = insert.run(id, thing, name, text, atMostOnce ? 1 : 0, by, now, expiresAt)
          return changes === 1 ? [find(id)!] : []
        }),
      ),
    get: async (id) => find(id),
    list: async ({ thing, cursor, limit }) => page.all(thing, cursor ?? null, limit).map(toRecord),
    open: async (thing, now) => waiting.all(thing, now).map(toRecord),
    advance: (thing, id, event, now, detail) =>
      commit(() => {
        const before = find(id)
        if (before?.thing !== thing) return null
        const status = nextStatus(before.status, event, now, before.expiresAt)
        if (status === before.status) return before
        move.run(id, status, event.kind === 'sent' ? now : null, isFinal(status) ? now : null, detail ?? null)
        return find(id)
      }),
    expire: (now) =>
      commit(() =>
        late.all(now).map((row) => {
          const { id } = toRecord(row)
          move.run(id, 'expired', null, now, null)
          return find(id)!
        }),
      ),
    lastOrder: async (thing, actuator) => {
      const row = order.get(thing, actuator)
      return row ? (JSON.parse(row['value'] as string) as ActuatorOrder) : null
    },
    saveOrder: (thing, actuator, value) =>
      commit(() => void putOrder.run(thing, actuator, value.until, JSON.stringify(value))),
    endedLeases: (now) =>
      commit(() =>
        ended.all(now).map((row) => {
          const [thing, actuator] = [row['thing'] as string, row['name'] as string]
          settle.run(thing, actuator)
          return { thing, actuator, order: JSON.parse(row['value'] as string) as ActuatorOrder }
        }),
      ),
  }
}

const toRecord = (r: Record<string, unknown>): CommandRecord => ({
  id: r['id'] as string,
  thing: r['thing'] as string,
  name: r['name'] as string,
  payload: JSON.parse(r['payload'] as string) as unknown,
  expiresAt: r['expires'] as number,
  atMostOnce: r['once'] === 1,
  status: r['status'] as CommandStatus,
  by: r['by'] as string,
  createdAt: r['created'] as number,
  sentAt: r['sent'] as number | null,
  finishedAt: r['finished'] as number | null,
  detail: r['detail'] as string | null,
})
