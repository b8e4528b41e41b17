import type { DatabaseSync } from 'node:sqlite'
import type { Audit, AuditEntry } from '../../../ports/audit.ts'
import { inTransaction } from './schema.ts'

/** Strangers make entries too; of more than this the oldest go. */
const MOST_ROWS = 1_000_000

/** The audit log in SQLite: rows are added, never changed. Synchronous side; entries come in groups. */
export function sqliteAudit(db: DatabaseSync): {
  add(entries: readonly AuditEntry[]): void
  list: Audit['list']
} {
  const insert = db.prepare('INSERT INTO audit (at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)')
  const expire = db.prepare(`DELETE FROM audit WHERE seq <= (SELECT max(seq) FROM audit) - ${MOST_ROWS}`)
  return {
    add: (entries) =>
      inTransaction(db, () => {
        for (const { at, actor, action, subject, detail } of entries)
          insert.run(at, actor, action, subject, detail)
        expire.run()
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

/**
 * Collects entries so that a storm of refusals costs one write, not thousands. What a book that refuses has not taken is
 * tried again; what overflows is counted, not lost silently.
 */
export function bufferedAudit(
  add: (entries: AuditEntry[]) => Promise<void>,
  list: Audit['list'],
  { everyMs, retryMs, most }: { everyMs: number; retryMs: number; most: number },
): Audit & { flush(): Promise<void> } {
  let waiting: AuditEntry[] = []
  let dropped = 0
  let timer: NodeJS.Timeout | null = null

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    const taken = waiting
    const overflow = dropped
    const entries = [...taken]
    waiting = []
    dropped = 0
    if (overflow > 0) {
      const at = entries.at(-1)?.at ?? 0
      entries.push({ at, actor: 'telltale', action: 'audit_overflow', subject: '', detail: `${overflow} further entries in this moment were only counted` }) // prettier-ignore
    }
    if (entries.length === 0) return
    try {
      await add(entries)
    } catch (error) {
      const all = [...taken, ...waiting]
      waiting = all.slice(0, most)
      dropped += overflow + all.length - waiting.length
      timer ??= setTimeout(flushQuietly, retryMs)
      throw error
    }
  }

  const flushQuietly = (): void => void flush().catch(() => {})

  return {
    record: (entry) => {
      if (waiting.length >= most) dropped++
      else waiting.push(entry)
      timer ??= setTimeout(flushQuietly, everyMs)
    },
    list: async (query) => {
      await flush()
      return list(query)
    },
    flush,
  }
}
