import type { DatabaseSync } from 'node:sqlite'
import type { Audit, AuditEntry } from '../../../ports/audit.ts'
import { inTransaction } from './schema.ts'

/** The audit log in SQLite: rows are added, never changed. Synchronous side; entries come in groups. */
export function sqliteAudit(db: DatabaseSync): {
  add(entries: readonly AuditEntry[]): void
  list: Audit['list']
} {
  const insert = db.prepare('INSERT INTO audit (at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)')
  return {
    add: (entries) =>
      inTransaction(db, () => {
        for (const { at, actor, action, subject, detail } of entries)
          insert.run(at, actor, action, subject, detail)
      }),
    list: async ({ action, subject, cursor, limit }) =>
      db
        .prepare(
          `SELECT * FROM audit WHERE seq < ?1 AND (?2 IS NULL OR action = ?2) AND (?3 IS NULL OR subject = ?3)
           ORDER BY seq DESC LIMIT ?4`,
        )
        .all(
          cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor),
          action ?? null,
          subject ?? null,
          limit,
        )
        .map((r) => ({
          id: String(r['seq']),
          at: r['at'] as number,
          actor: r['actor'] as string,
          action: r['action'] as string,
          subject: r['subject'] as string,
          detail: r['detail'] as string,
        })),
  }
}

/** Collects entries so that a storm of refusals costs one write, not thousands; what overflows is counted, not lost silently. */
export function bufferedAudit(
  add: (entries: AuditEntry[]) => Promise<void>,
  list: Audit['list'],
  { everyMs, most }: { everyMs: number; most: number },
): Audit & { flush(): Promise<void> } {
  let waiting: AuditEntry[] = []
  let dropped = 0
  let timer: NodeJS.Timeout | null = null

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    const entries = waiting
    waiting = []
    if (dropped > 0) {
      const at = entries.at(-1)?.at ?? 0
      entries.push({ at, actor: 'telltale', action: 'audit_overflow', subject: '', detail: `${dropped} further entries in this moment were only counted` }) // prettier-ignore
      dropped = 0
    }
    if (entries.length > 0) await add(entries)
  }

  return {
    record: (entry) => {
      if (waiting.length >= most) dropped++
      else waiting.push(entry)
      timer ??= setTimeout(() => void flush().catch(() => {}), everyMs)
    },
    list: async (query) => {
      await flush()
      return list(query)
    },
    flush,
  }
}
