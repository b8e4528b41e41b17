import type { DatabaseSync } from 'node:sqlite'
import type { Command } from '../../../core/alarm/transition.ts'
import type { ActuatorOrder } from '../../../core/device/actuator.ts'
import { isFinal, nextStatus, type CommandStatus } from '../../../core/device/command-state.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { relinquishCommand, type CommandBook, type CommandRecord } from '../../../ports/command-book.ts'
import type { Commit } from './schema.ts'

/** A sweep must not hold the thread: what is left is done a minute later. */
const AT_ONCE = 1000

/** Commands and their lives in SQLite. */
export function sqliteCommandBook(db: DatabaseSync, commit: Commit): CommandBook {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO command (id, thing, name, payload, once, status, by, created, expires)
     VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?)`,
  )
  const one = db.prepare('SELECT * FROM command WHERE thing = ? AND id = ?')
  const page = db.prepare(
    `SELECT * FROM command WHERE thing = ?1
       AND seq < coalesce((SELECT seq FROM command WHERE thing = ?1 AND id = ?2), 9007199254740991)
     ORDER BY seq DESC LIMIT ?3`,
  )
  const waiting = db.prepare(
    `SELECT * FROM command WHERE thing = ? AND expires > ? AND status IN ('queued', 'sent') ORDER BY seq`,
  )
  const move = db.prepare(
    `UPDATE command SET status = ?3, sent = coalesce(sent, ?4), finished = coalesce(?5, finished), detail = coalesce(?6, detail)
     WHERE thing = ?1 AND id = ?2`,
  )
  const late = db.prepare(
    `SELECT * FROM command WHERE status IN ('queued', 'sent', 'acknowledged') AND expires <= ? LIMIT ${AT_ONCE}`,
  )
  const open = db.prepare(
    `SELECT * FROM command WHERE thing = ? AND status IN ('queued', 'sent', 'acknowledged')`,
  )
  const count = db.prepare(
    `SELECT count(*) AS n FROM (SELECT 1 FROM command
       WHERE thing = ? AND expires > ? AND status IN ('queued', 'sent', 'acknowledged') LIMIT ?)`,
  )
  const old = db.prepare(
    `DELETE FROM command WHERE seq IN (SELECT seq FROM command WHERE finished < ? LIMIT ${AT_ONCE})`,
  )
  const order = db.prepare('SELECT value, revision FROM actuator WHERE thing = ? AND name = ?')
  const putOrder = db.prepare(
    `INSERT INTO actuator (thing, name, ends, value, revision) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT DO UPDATE SET ends = ?3, value = ?4, revision = ?5`,
  )
  const ended = db.prepare(`SELECT * FROM actuator WHERE ends <= ? LIMIT ${AT_ONCE}`)
  const settle = db.prepare('UPDATE actuator SET ends = NULL WHERE thing = ? AND name = ?')
  const letGo = db.prepare('DELETE FROM actuator WHERE thing = ?')

  const find = (thing: string, id: string): CommandRecord | null => {
    const row = one.get(thing, id)
    return row ? toRecord(row) : null
  }

  function store(command: Command, by: string, now: EpochMs): CommandRecord | null {
    const { id, thing, name, payload, atMostOnce, expiresAt } = command
    const text = JSON.stringify(payload ?? null)
    const { changes } = insert.run(id, thing, name, text, atMostOnce ? 1 : 0, by, now, expiresAt)
    return changes === 1 ? find(thing, id) : null
  }

  function expire({ thing, id }: CommandRecord, now: EpochMs): CommandRecord {
    move.run(thing, id, 'expired', null, now, null)
    return find(thing, id)!
  }

  return {
    add: (commands, by, now) => commit(() => commands.flatMap((command) => store(command, by, now) ?? [])),
    order: (command, by, now, change) =>
      commit(() => {
        const { thing, name } = command
        if (find(thing, command.id)) return 'known'
        const row = order.get(thing, name)
        const revision = row ? (row['revision'] as number) : 0
        if (revision !== change.after) return 'overtaken'
        const { until } = change.order
        const ends = until !== null && until > now ? until : null
        putOrder.run(thing, name, ends, JSON.stringify(change.order), revision + 1)
        store(command, by, now)
        return 'taken'
      }),
    get: async (thing, id) => find(thing, id),
    list: async ({ thing, cursor, limit }) => page.all(thing, cursor ?? null, limit).map(toRecord),
    open: async (thing, now) => waiting.all(thing, now).map(toRecord),
    countOpen: async (thing, now, atMost) => count.get(thing, now, atMost)!['n'] as number,
    advance: (thing, id, event, now, detail) =>
      commit(() => {
        const command = find(thing, id)
        if (!command) return null
        const before = command.status
        const status = nextStatus(before, event, now, command.expiresAt)
        if (status === before) return { before, command }
        move.run(thing, id, status, event.kind === 'sent' ? now : null, isFinal(status) ? now : null, detail ?? null) // prettier-ignore
        return { before, command: find(thing, id)! }
      }),
    expire: (now) => commit(() => late.all(now).map((row) => expire(toRecord(row), now))),
    lastOrder: async (thing, actuator) => {
      const row = order.get(thing, actuator)
      if (!row) return null
      const given = JSON.parse(row['value'] as string) as ActuatorOrder
      return { order: given, revision: row['revision'] as number }
    },
    endLeases: (now, expiresAt) =>
      commit(() =>
        ended.all(now).flatMap((row) => {
          const [thing, actuator] = [row['thing'] as string, row['name'] as string]
          settle.run(thing, actuator)
          const command = relinquishCommand(thing, actuator, row['revision'] as number, expiresAt)
          return store(command, 'telltale', now) ?? []
        }),
      ),
    forget: (thing, now) =>
      commit(() => {
        for (const row of open.all(thing)) expire(toRecord(row), now)
        letGo.run(thing)
      }),
    prune: (before) => commit(() => void old.run(before)),
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
