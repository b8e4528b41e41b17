import type { DatabaseSync } from 'node:sqlite'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { column } from '../../../../src/core/telemetry/reading.ts'
import { copiesByHour } from '../../../../src/adapters/local/tail/copies.ts'
import { createPackWriter } from '../../../../src/adapters/local/tail/pack.ts'
import { createPackRows } from '../../../../src/adapters/local/tail/pack-rows.ts'
import { openTail } from '../../../../src/adapters/local/tail/schema.ts'

interface Sent {
  position: number
  device: number
  at: number
}

const HOUR = 3_600_000
const openMemory = (): DatabaseSync => openTail(':memory:')

/** One number a message: its position, so that each can be told from every other. */
function add(rows: ReturnType<typeof createPackRows>, { position, device, at }: Sent): void {
  const packs = createPackWriter()
  const [row] = packs.add([column('m', Float64Array.of(at), Float64Array.of(position))], () => 7)
  const data = new Uint8Array(packs.take(), row!.from, row!.to - row!.from)
  rows.add(device, row!.at, row!.last, { position, receivedAt: 1000 + position, data })
}

function stored(db: DatabaseSync, device: number): string[] {
  const found = new Set<string>()
  for (const { copies } of copiesByHour(db, device, 0, 10 * HOUR, () => true))
    for (const list of copies.values())
      for (const c of list) {
        expect(c).toMatchObject({ value: c.position, receivedAt: 1000 + c.position })
        found.add(`${c.position} at ${c.at}`)
      }
  return [...found].sort()
}
const named = (sent: readonly Sent[], device: number): string[] =>
  sent
    .filter((s) => s.device === device)
    .map((s) => `${s.position} at ${s.at}`)
    .sort()

const stream = fc
  .array(fc.record({ device: fc.integer({ min: 1, max: 2 }), at: fc.integer({ min: 0, max: 3 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((list): Sent[] => list.map(({ device, at }, i) => ({ position: i + 1, device, at: at * (HOUR / 2) })))

describe('pack rows', () => {
  it('join what a device sends within one commit and hour', () => {
    const db = openMemory()
    const rows = createPackRows(db, () => 0)
    for (let position = 1; position <= 30; position++) add(rows, { position, device: 1, at: position })
    rows.flush()
    expect(db.prepare('SELECT count(*) AS n FROM pack').get()).toEqual({ n: 1 })
    expect(stored(db, 1)).toHaveLength(30)
  })

  it('begin a new row before one grows without bound', () => {
    const db = openMemory()
    const rows = createPackRows(db, () => 0)
    for (let position = 1; position <= 2000; position++) add(rows, { position, device: 1, at: position })
    rows.flush()
    const sizes = db.prepare('SELECT length(data) AS n FROM pack').all() as { n: number }[]
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes.map(({ n }) => n))).toBeLessThanOrEqual(32 * 1024 + 4)
  })

  it('hold every message once they are written, however the stream was cut and whatever of it was folded again', () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.nat(40)),
        fc.array(fc.record({ from: fc.nat(40), cuts: fc.array(fc.nat(40)), skip: fc.boolean() }), {
          maxLength: 3,
        }),
        (sent, cuts, replays) => {
          const db = openMemory()
          const rows = createPackRows(db, () => 0)
          const write = (some: readonly Sent[], at: readonly number[]): void => {
            for (const one of some) {
              add(rows, one)
              if (at.includes(one.position)) rows.flush()
            }
            rows.flush()
          }
          write(sent, cuts)
          for (const { from, cuts: again, skip } of replays)
            write(
              sent.filter((s) => s.position >= from && !(skip && s.position % 2 === 0)),
              again,
            )
          for (const device of [1, 2]) expect(stored(db, device)).toEqual(named(sent, device))
          db.close()
        },
      ),
      { numRuns: 200 },
    )
  })

  it('forget what is open when its transaction is undone', () => {
    const db = openMemory()
    const rows = createPackRows(db, () => 0)
    add(rows, { position: 1, device: 1, at: 1 })
    rows.drop()
    rows.flush()
    expect(stored(db, 1)).toEqual([])
  })
})
