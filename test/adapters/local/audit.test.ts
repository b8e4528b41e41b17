import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bufferedAudit, sqliteAudit } from '../../../src/adapters/local/book/sqlite-audit.ts'
import { openBook } from '../../../src/adapters/local/book/schema.ts'
import { throttledAudit } from '../../../src/adapters/local/throttled-audit.ts'
import type { AuditEntry } from '../../../src/ports/audit.ts'

const entry = (n: number): AuditEntry => ({
  at: n,
  actor: 'a',
  action: 'act',
  subject: String(n),
  detail: '',
})

describe('bufferedAudit', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('keeps what a book refuses until it takes it, in order, and counts what minor ones overflow', async () => {
    const book = sqliteAudit(openBook(':memory:'))
    let refuses = true
    const audit = bufferedAudit(
      async (entries) => {
        if (refuses) throw new Error('database or disk is full')
        book.add(entries)
      },
      book.list,
      { everyMs: 200, retryMs: 2000, most: 5 },
    )
    for (let n = 1; n <= 4; n++) audit.record(entry(n), { minor: true })
    await vi.advanceTimersByTimeAsync(300)
    for (let n = 5; n <= 7; n++) audit.record(entry(n), { minor: true })
    audit.record(entry(8))
    await vi.advanceTimersByTimeAsync(5000)
    refuses = false
    await vi.advanceTimersByTimeAsync(2500)
    const kept = await book.list({ limit: 20 })
    expect(kept.map(({ action, subject }) => `${action} ${subject}`).reverse()).toEqual([
      'act 1',
      'act 2',
      'act 3',
      'act 4',
      'act 5',
      'act 8',
      'audit_overflow ',
    ])
    expect(kept[0]!.detail).toMatch(/^2 further/)
  })
})

describe('throttledAudit', () => {
  it('leaves one line a second of equal actions of one actor, with how many there were', () => {
    let now = 0
    const lines: string[] = []
    const audit = { record: ({ actor, detail }: AuditEntry) => void lines.push(`${now} ${actor} ${detail}`) }
    const note = throttledAudit(audit, { now: () => now, elapsed: () => now })
    const refuse = (actor: string) =>
      note({ actor, action: 'refuse', subject: 's'.repeat(400), detail: 'why' })
    for (let i = 0; i < 5; i++) refuse('a')
    refuse('b')
    now = 1000
    refuse('a')
    expect(lines).toEqual(['0 a why', '0 b why', '1000 a why (and 4 more before)'])
  })
})
