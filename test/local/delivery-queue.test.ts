import { describe, expect, it } from 'vitest'
import { createDeliveryQueue } from '../../local/delivery-queue.ts'
import type { OutboxEntry } from '../../src/core/alarm/transition.ts'

const entry = (id: number): OutboxEntry => ({
  kind: 'request',
  request: { id: String(id), thing: 'pump-1', name: 'route', at: id, body: '' },
})
const idOf = (e: OutboxEntry): number => (e.kind === 'request' ? Number(e.request.id) : -1)

describe('createDeliveryQueue', () => {
  it('delivers in order, one delivery at a time, without holding up whoever brings entries', async () => {
    const seen: number[] = []
    let open = 0
    const queue = createDeliveryQueue({
      retryMs: 1,
      deliver: async (entries) => {
        expect(++open).toBe(1)
        await new Promise(setImmediate)
        seen.push(...entries.map(idOf))
        open--
      },
    })
    for (let i = 0; i < 20; i += 2) {
      await queue.deliver([entry(i), entry(i + 1)])
      if (i === 10) await new Promise(setImmediate)
    }
    expect(seen.length).toBeLessThan(20)
    await queue.settled()
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  it('tries a failed delivery again before anything later, and says so meanwhile', async () => {
    const seen: number[] = []
    let failures = 2
    const queue = createDeliveryQueue({
      retryMs: 1,
      deliver: async (entries) => {
        if (failures-- > 0) throw new Error('the book is shut')
        seen.push(...entries.map(idOf))
      },
    })
    await queue.deliver([entry(1)])
    await queue.deliver([entry(2)])
    await new Promise(setImmediate)
    expect(queue.trouble()).toBe('the book is shut')
    await queue.settled()
    expect(seen).toEqual([1, 2])
    expect(queue.trouble()).toBeNull()
  })

  it('makes the pipeline wait when too much is waiting', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const queue = createDeliveryQueue({ retryMs: 1, deliver: () => gate })
    await queue.deliver([entry(0)])
    let accepted = false
    const crowd = queue
      .deliver(Array.from({ length: 10_001 }, (_, i) => entry(i)))
      .then(() => (accepted = true))
    await new Promise(setImmediate)
    expect(accepted).toBe(false)
    expect(queue.waiting()).toBe(10_001)
    release()
    await crowd
    await queue.settled()
    expect(queue.waiting()).toBe(0)
  })
})
