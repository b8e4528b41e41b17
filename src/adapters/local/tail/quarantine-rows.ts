import type { DatabaseSync } from 'node:sqlite'
import type { QuarantineEntry } from '../../../ports/quarantine.ts'

export interface QuarantineLimits {
  /** Devices that send nothing but rubbish, for years, must not fill the disk. */
  mostRows: number
  mostBytes: number
}

export const quarantineLimits: QuarantineLimits = { mostRows: 100_000, mostBytes: 256 * 1024 * 1024 }

export interface QuarantineRows {
  add(entries: readonly Omit<QuarantineEntry, 'status'>[]): void
  mark(id: string, status: QuarantineEntry['status']): void
  /** How many open ones have had to go since the start. */
  dropped(): number
  /** What was counted may not have been committed. */
  recount(): void
}

/** Records that were set aside. Beyond the limits the oldest go, those that were dealt with first, a tenth at a time. */
export function createQuarantineRows(db: DatabaseSync, limits: QuarantineLimits): QuarantineRows {
  const insert = db.prepare(`INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, 'open')`)
  const setStatus = db.prepare('UPDATE quarantine SET status = ? WHERE position = ?')
  const count = db.prepare(
    'SELECT count(*) AS rows, coalesce(sum(length(payload)), 0) AS bytes FROM quarantine',
  )
  const oldest = db.prepare(
    `SELECT position, length(payload) AS bytes, status = 'open' AS open FROM quarantine ORDER BY status = 'open', position`,
  )
  const remove = db.prepare('DELETE FROM quarantine WHERE position = ?')
  let size: { rows: number; bytes: number } | null = null
  let dropped = 0

  function makeRoom(held: { rows: number; bytes: number }): void {
    const { mostRows, mostBytes } = limits
    const goal = { rows: mostRows * 0.9, bytes: mostBytes * 0.9 }
    const going: number[] = []
    for (const row of oldest.iterate()) {
      if (held.rows <= goal.rows && held.bytes <= goal.bytes) break
      going.push(row['position'] as number)
      held.rows--
      held.bytes -= row['bytes'] as number
      dropped += row['open'] as number
    }
    for (const position of going) remove.run(position)
  }

  return {
    add: (entries) => {
      if (entries.length === 0) return
      size ??= count.get() as { rows: number; bytes: number }
      for (const { id, topic, client, receivedAt, payload, reason, detail } of entries) {
        const { changes } = insert.run(Number(id), topic, client, receivedAt, payload, reason, detail)
        if (changes === 0) continue
        size.rows++
        size.bytes += payload.length
      }
      if (size.rows > limits.mostRows || size.bytes > limits.mostBytes) makeRoom(size)
    },
    mark: (id, status) => void setStatus.run(status, Number(id)),
    dropped: () => dropped,
    recount: () => void (size = null),
  }
}
