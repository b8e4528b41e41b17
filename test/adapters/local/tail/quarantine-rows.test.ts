import { describe, expect, it } from 'vitest'
import { createQuarantineRows } from '../../../../src/adapters/local/tail/quarantine-rows.ts'
import { openTail } from '../../../../src/adapters/local/tail/schema.ts'

function quarantine(mostRows: number, mostBytes: number) {
  const db = openTail(':memory:')
  const rows = createQuarantineRows(db, { mostRows, mostBytes })
  return {
    ...rows,
    set: (from: number, n: number, bytes = 1) =>
      rows.add(
        Array.from({ length: n }, (_, i) => ({
          id: String(from + i),
          topic: 't',
          client: 'c',
          receivedAt: 1,
          payload: new Uint8Array(bytes),
          reason: 'bad_json' as const,
          detail: '',
        })),
      ),
    ids: () =>
      db
        .prepare('SELECT position FROM quarantine ORDER BY position')
        .all()
        .map((r) => r['position']),
  }
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('createQuarantineRows', () => {
  it('keeps the newest within its number of rows, and counts what had to go unseen', () => {
    const { set, ids, dropped } = quarantine(20, 1e6)
    set(1, 20)
    expect(ids()).toEqual(range(1, 20))
    set(21, 1)
    expect(ids()).toEqual(range(4, 21))
    expect(dropped()).toBe(3)
  })

  it('lets go first of what was dealt with', () => {
    const { set, ids, mark, dropped } = quarantine(20, 1e6)
    set(1, 20)
    for (const id of ['10', '15', '20']) mark(id, 'discarded')
    set(21, 1)
    expect(ids()).toEqual(range(1, 21).filter((id) => id % 5 !== 0 || id === 5))
    expect(dropped()).toBe(0)
  })

  it('counts bytes, an entry that comes twice once, and anew after a rollback', () => {
    const { set, ids, recount } = quarantine(1000, 1000)
    set(1, 9, 100)
    set(1, 9, 100)
    expect(ids()).toEqual(range(1, 9))
    recount()
    set(10, 2, 100)
    expect(ids()).toEqual(range(3, 11))
  })
})
