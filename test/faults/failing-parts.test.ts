import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { correctedClock } from '../../src/adapters/local/corrected-clock.ts'
import { createJournal } from '../../src/adapters/local/journal/journal.ts'
import type { Row } from '../../src/adapters/local/journal/segments.ts'
import { createStoreLoop } from '../../src/adapters/local/tail/store-loop.ts'
import type { TailBatch, TailWriter } from '../../src/adapters/local/tail/tail-writer.ts'
import { createTeller } from '../../local/teller.ts'
import type { Transition } from '../../src/core/alarm/transition.ts'
import type { RawRecord } from '../../src/ports/raw-record.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const message = (n: number) => ({ topic: 't', client: 'c', receivedAt: n, payload: Buffer.from([n]) })

describe('the journal on a disk that refuses', () => {
  function journalOn(append: (row: Row) => Promise<void>, maxWaitingBytes = 1000) {
    const durable: RawRecord[] = []
    const journal = createJournal({
      disk: {
        // Like the thread, it keeps the buffer whatever comes of it.
        append: async (row) => append(structuredClone(row, { transfer: [row.data.buffer as ArrayBuffer] })),
        read: async () => [],
      },
      next: 1,
      onDurable: (records) => durable.push(...records),
      maxWaitingBytes,
      retryMs: 100,
    })
    return { journal, durable }
  }

  it('acknowledges nothing, says why, and goes on in order by itself when there is room again', async () => {
    let full = true
    const { journal, durable } = journalOn(async () => {
      if (full) throw new Error('database or disk is full')
    })
    const acknowledged: number[] = []
    for (const n of [1, 2, 3]) journal.append(message(n), (error) => void acknowledged.push(error ? -n : n))
    await vi.advanceTimersByTimeAsync(500)
    expect(acknowledged).toEqual([])
    expect(journal.trouble()).toBe('database or disk is full')
    full = false
    journal.append(message(4), () => void acknowledged.push(4))
    await vi.advanceTimersByTimeAsync(500)
    expect(acknowledged).toEqual([1, 2, 3, 4])
    expect(durable.map((r) => [Number(r.position), r.payload[0]])).toEqual([[1, 1], [2, 2], [3, 3], [4, 4]]) // prettier-ignore
    expect(journal.trouble()).toBeNull()
  })

  it('refuses what memory has no room for', async () => {
    const { journal } = journalOn(() => Promise.reject(new Error('full')), 3)
    const outcomes: (string | undefined)[] = []
    for (const n of [1, 2, 3, 4]) journal.append(message(n), (error) => outcomes.push(error?.message))
    await vi.advanceTimersByTimeAsync(50)
    expect(outcomes).toEqual(['the journal is behind', 'the journal is behind'])
    expect(journal.waitingBytes()).toBe(4)
  })
})

describe('the store on a disk that refuses', () => {
  const batch = (n: number): TailBatch => ({
    names: [[n, String(n)]], packs: new ArrayBuffer(0), packRows: new Float64Array(0), windows: [], anomalies: [], facts: [],
    dirty: [], quarantined: [], checkpoint: null,
  }) // prettier-ignore

  it('skips nothing: what was rolled back is applied again, in order, before what came later', async () => {
    let broken: 'apply' | 'commit' | null = null
    let open: number[] = []
    const kept: number[] = []
    const writer = {
      apply: (b: TailBatch) => {
        if (broken === 'apply') throw new Error('no space')
        open.push(b.names[0]![0])
      },
      commit: () => {
        if (broken === 'commit') throw new Error('no space')
        kept.push(...open)
        open = []
      },
      rollback: () => void (open = []),
      repair: () => 0,
    } as unknown as TailWriter
    const loop = createStoreLoop({
      writer,
      commitEveryMs: 10,
      retryMs: 100,
      repairSlice: 10,
      elapsed: () => 0,
    })
    void loop.write(batch(1))
    broken = 'commit'
    await vi.advanceTimersByTimeAsync(20)
    expect(loop.trouble()).toBe('no space')
    void loop.write(batch(2))
    broken = 'apply'
    await vi.advanceTimersByTimeAsync(100)
    void loop.write(batch(3))
    expect(kept).toEqual([])
    broken = null
    await vi.advanceTimersByTimeAsync(200)
    expect(kept).toEqual([1, 2, 3])
    expect(loop.trouble()).toBeNull()
  })
})

describe('a notifier that hangs', () => {
  const transition = (id: string): Transition => ({
    id, rule: 'r', thing: 't', key: 'k', to: 'active', at: 1, severity: 'critical', why: { detector: 'd', text: '' },
  }) // prettier-ignore

  it('delays only the telling, and every alarm is told once it answers', async () => {
    let hangs = true
    const told: string[] = []
    const crossedOff: string[] = []
    const teller = createTeller({
      notifiers: [
        {
          notify: (t) =>
            hangs
              ? new Promise(() => {})
              : Promise.resolve().then(() => {
                  told.push(t.id)
                }),
        },
      ],
      alarmBook: { untold: async () => [], told: async (ids) => void crossedOff.push(...ids) },
      timeoutMs: 1000,
      retryMs: 500,
    })
    teller.tell([transition('a')])
    teller.tell([transition('b')])
    await vi.advanceTimersByTimeAsync(1200)
    expect(teller.trouble()).toMatch(/did not answer/)
    expect(teller.waiting()).toBe(2)
    hangs = false
    await vi.advanceTimersByTimeAsync(1000)
    expect(told).toEqual(['a', 'b'])
    expect(crossedOff).toEqual(['a', 'b'])
    expect(teller.trouble()).toBeNull()
  })
})

describe('a clock that jumps', () => {
  function clockAt(start: number) {
    let wall = start
    let elapsed = 0
    const clock = correctedClock(
      () => wall,
      () => elapsed,
    )
    const pass = (ms: number, jump = 0) => {
      wall += ms + jump
      elapsed += ms
      return clock.check()
    }
    return { clock, pass }
  }

  it('is not believed at once, in neither direction', () => {
    for (const jump of [400_000_000_000, -86_400_000]) {
      const { clock, pass } = clockAt(1_000_000)
      expect(pass(1000, jump)).toMatchObject({ byMs: jump, accepted: false })
      pass(5000)
      expect(clock.now()).toBe(1_006_000)
      expect(clock.pending()?.byMs).toBe(jump)
    }
  })

  it('is followed once it has stood', () => {
    const { clock, pass } = clockAt(1_000_000)
    pass(1000, -500_000)
    const outcomes = Array.from({ length: 16 }, () => pass(1000))
    expect(outcomes.filter(Boolean)).toMatchObject([{ accepted: true, byMs: -500_000 }])
    expect(clock.now()).toBe(1_017_000 - 500_000)
    expect(clock.pending()).toBeNull()
  })

  it('is forgotten when it jumps back', () => {
    const { clock, pass } = clockAt(1_000_000)
    pass(1000, 60_000)
    expect(pass(1000, -60_000)).toBeNull()
    expect(clock.pending()).toBeNull()
    expect(clock.now()).toBe(1_002_000)
  })

  it('never gives an earlier time while it is only disciplined', () => {
    const { clock, pass } = clockAt(1_000_000)
    let last = 0
    for (const drift of [30, -40, 500, -800, 10]) {
      pass(100, drift)
      expect(clock.now()).toBeGreaterThanOrEqual(last)
      last = clock.now()
    }
  })
})
