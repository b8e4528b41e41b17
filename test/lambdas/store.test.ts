import { describe, expect, it } from 'vitest'
import { marksOf, storeHandler } from '../../lambdas/store/store-effects.ts'
import { recordsOf } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'
import { contextOf, kinesisRecord } from '../aws/kinesis-event.ts'
import { NOON, pack } from '../contracts/reading-store.ts'

const minute = NOON / 60_000
const eventOf = (effects: DataEffect[]) => ({
  Records: recordsOf(effects).map(({ data, key }, i) => kinesisRecord(data, BigInt(i + 1), key)),
})

describe('storeHandler', () => {
  it('stores readings before it marks their minutes', async () => {
    const order: string[] = []
    const handle = storeHandler({
      store: {
        write: async (effects) => void order.push(`write ${effects.length}`),
        writeWindows: async (windows, until) => {
          order.push(`windows ${windows.length} of ${until - minute}`)
          return [{ thing: 'p', minute: minute - 9 }]
        },
      },
      bound: {
        get: async () => {
          order.push('bound')
          return minute
        },
      },
      facts: { write: async (facts) => void order.push(`facts ${facts.length}`) },
      marks: { put: async (marks) => void order.push(`mark ${marks.map((m) => m.minute - minute).join()}`) },
      passed: async (_name, barriers) => void order.push(`passed ${barriers.length}`),
      clock: { now: () => NOON + 60_000 },
      onFailure: () => {},
    })
    const dirty = pack('p', 100, 1, { t: [[0, 1]] })
    await handle(eventOf([{ ...dirty, dirty: [minute, minute - 7] } as DataEffect]), contextOf())
    expect(order).toEqual(['write 1', 'bound', 'windows 0 of 0', 'facts 0', 'mark -9,0,-7', 'passed 0'])
  })

  it('marks nothing whose reading could not be stored', async () => {
    const marked: unknown[] = []
    const handle = storeHandler({
      store: { write: async () => Promise.reject(new Error('away')), writeWindows: async () => [] },
      bound: { get: async () => Infinity },
      facts: { write: async () => {} },
      marks: { put: async (marks) => void marked.push(...marks) },
      passed: async () => void marked.push('barrier'),
      clock: { now: () => NOON },
      onFailure: () => {},
    })
    await expect(handle(eventOf([pack('p', 100, 1, { t: [[0, 1]] })]), contextOf())).rejects.toThrow('away')
    expect(marked).toEqual([])
  })
})

describe('marksOf', () => {
  it('marks minutes whose repair may have come before their reading', () => {
    const effects = [
      pack('p', 100, 1, {
        t: [
          [0, 1],
          [60_000, 2],
        ],
      }),
    ]
    const marked = (until: number) => marksOf(effects, [], until, NOON).map((m) => m.minute - minute)
    expect(marked(0)).toEqual([])
    expect(marked(minute)).toEqual([])
    expect(marked(minute + 1)).toEqual([0])
    expect(marked(minute + 2)).toEqual([0, 1])
  })
})
