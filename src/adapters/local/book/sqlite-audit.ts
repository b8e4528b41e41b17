import type { DatabaseSync } from 'node:sqlite'
import type { Audit, AuditEntry } from '../../../ports/audit.ts'
import { inTransaction } from './schema.ts'

const filters = ['subject', 'action', 'actor'] as const

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
    list: async ({ cursor, limit, ...wanted }) =>
      db
        .prepare(
          `SELECT * FROM audit WHERE seq < ? ${filters.flatMap((name) => (wanted[name] === undefined ? [] : [`AND ${name} = ?`])).join(' ')}
           ORDER BY seq DESC LIMIT ?`,
        )
        .all(
          cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor),
          ...filters.flatMap((name) => wanted[name] ?? []),
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
 * Collects entries so that a storm of refusals costs one write, not thousands. What changes something is always kept; of
 * refusals beyond `most` only their number is. What a book that refuses has not taken is tried again.
 */
export function bufferedAudit(
  add: (entries: AuditEntry[]) => Promise<void>,
  list: Audit['list'],
  { everyMs, retryMs, most }: { everyMs: number; retryMs: number; most: number },
): Audit {
  let waiting: AuditEntry[] = []
  let dropped = 0
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
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
      waiting = [...taken, ...waiting]
      dropped += overflow
      timer ??= setTimeout(flushQuietly, retryMs)
      throw error
    }
  }

  /** In order, one write at a time. */
  function flush(): Promise<void> {
    const next = writing.catch(() => undefined).then(write)
    writing = next
    return next
  }

  const flushQuietly = (): void => void flush().catch(() => {})

  return {
    record: (entry, { minor } = { minor: false }) => {
      if (minor && waiting.length >= most) dropped++
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
