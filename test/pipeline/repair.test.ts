import { describe, expect, it } from 'vitest'
import { repair } from '../../src/pipeline/jobs/repair.ts'
import { dynamoRepairBound } from '../../src/adapters/aws/dynamo/dynamo-repair-bound.ts'
import { dynamoMarkBook } from '../../src/adapters/aws/dynamo/dynamo-mark-book.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'
import type { Reading } from '../../src/ports/telemetry-reader.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'

const M = 60_000
const now = 100 * M
const runAt = (now: number, foldedUntil = Infinity) => ({ now, foldedUntil, limit: 10 })
const reading = (measure: string, at: number, value: number | null, receivedAt = at + 1): Reading => ({ measure, at, value, text: value === null ? 'x' : null, quality: 'good', receivedAt }) // prettier-ignore

function world(readings: Reading[]) {
  const { client } = dynamoDouble()
  const [marks, bound] = [dynamoMarkBook(client, 'Marks'), dynamoRepairBound(client, 'Progress')]
  const written: DataEffect[] = []
  const asked: unknown[] = []
  return {
    marks,
    bound,
    written,
    asked,
    ports: {
      marks,
      bound,
      telemetry: {
        readings: async (range: {
          from: number
          to: number
          limit: number
          after?: { at: number; measure: string }
        }) => {
          asked.push(range)
          return readings
            .filter(
              (r) =>
                r.at >= range.from &&
                r.at < range.to &&
                (!range.after ||
                  r.at > range.after.at ||
                  (r.at === range.after.at && r.measure > range.after.measure)),
            )
            .slice(0, range.limit)
        },
      },
      output: { write: async (effects: readonly DataEffect[]) => void written.push(...effects) },
    },
  }
}

describe('repair', () => {
  it('computes windows of dirty minutes from stored readings, and only of those', async () => {
    const w = world([
      reading('t', 60 * M, 1),
      reading('t', 60 * M + 5, 3, 70 * M),
      reading('s', 60 * M + 6, null),
      reading('t', 61 * M, 9),
      reading('t', 62 * M, 4),
    ])
    await w.marks.put([
      { thing: 'p', minute: 60, stamp: 'a' },
      { thing: 'p', minute: 62, stamp: 'b' },
    ])
    expect(await repair(w.ports, runAt(now))).toBe(2)
    expect(w.written).toMatchObject([
      {
        window: {
          thing: 'p',
          measure: 't',
          minute: 60,
          n: 2,
          sum: 4,
          m2: 2,
          min: 1,
          max: 3,
          first: 1,
          last: 3,
          version: now,
          repaired: true,
        },
      },
      { window: { minute: 62, n: 1, sum: 4 } },
    ])
    expect(w.asked).toHaveLength(1)
    expect(await repair(w.ports, runAt(now))).toBe(0)
  })

  it('leaves minutes alone that may still be open', async () => {
    const w = world([])
    await w.marks.put([{ thing: 'p', minute: 98, stamp: 'a' }])
    expect(await repair(w.ports, runAt(now))).toBe(0)
    expect(await repair(w.ports, runAt(now + M))).toBe(1)
  })

  it('leaves minutes alone that a pipeline behind has not closed, however long ago they ended', async () => {
    const w = world([reading('t', 60 * M, 1)])
    await w.marks.put([{ thing: 'p', minute: 60, stamp: 'a' }])
    expect(await repair(w.ports, runAt(now, -Infinity))).toBe(0)
    expect(await w.bound.get()).toBe(0)
    expect(await repair(w.ports, runAt(now, 61 * M))).toBe(0)
    expect(await w.bound.get()).toBe(60)
    expect(await repair(w.ports, runAt(now, 62 * M))).toBe(1)
    expect(await w.bound.get()).toBe(61)
  })

  it('says how far it may have come before it looks, and never less', async () => {
    const w = world([])
    await w.marks.put([{ thing: 'p', minute: 60, stamp: 'a' }])
    const seen: number[] = []
    const marks = { ...w.marks, before: async (at: number, limit: number) => (seen.push(await w.bound.get()), w.marks.before(at, limit)) } // prettier-ignore
    await repair({ ...w.ports, marks }, runAt(now))
    await repair({ ...w.ports, marks }, runAt(now, 50 * M))
    expect(seen).toEqual([98, 98])
  })

  it('keeps a mark that was made anew meanwhile', async () => {
    const w = world([reading('t', 60 * M, 1)])
    await w.marks.put([{ thing: 'p', minute: 60, stamp: 'a' }])
    await repair(
      { ...w.ports, output: { write: async () => w.marks.put([{ thing: 'p', minute: 60, stamp: 'b' }]) } },
      runAt(now),
    )
    expect(await w.marks.before(now, 10)).toMatchObject([{ stamp: 'b' }])
  })
})
