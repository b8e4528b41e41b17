import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAdmission } from '../../local/admission.ts'
import type { RawMessage } from '../../src/ports/raw-record.ts'

const message = (n: number): RawMessage => ({
  topic: 'dt/plant/p1/telemetry',
  client: 'p1',
  receivedAt: n,
  payload: new Uint8Array(100),
})

describe('createAdmission', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function admission(mostHeldBytes: number) {
    const box = { behind: false, appended: [] as number[], refused: [] as number[] }
    const { take, heldBytes } = createAdmission({
      append: ({ receivedAt }, done) => {
        box.appended.push(receivedAt)
        done()
      },
      behind: () => box.behind,
      mostHeldBytes,
      everyMs: 20,
    })
    return {
      box,
      heldBytes,
      take: (n: number) => take(message(n), (error) => error && box.refused.push(n)),
    }
  }

  it('holds messages while the box is behind, and keeps their order against those that come later', () => {
    const { box, take, heldBytes } = admission(1000)
    take(1)
    box.behind = true
    take(2)
    take(3)
    box.behind = false
    take(4)
    expect(box.appended).toEqual([1])
    vi.advanceTimersByTime(20)
    expect(box.appended).toEqual([1, 2, 3, 4])
    expect(heldBytes()).toBe(0)
    take(5)
    expect(box.appended).toEqual([1, 2, 3, 4, 5])
  })

  it('lets in no more than there is room for, and refuses what it may not hold', () => {
    const { box, take } = admission(150)
    box.behind = true
    for (let n = 1; n <= 4; n++) take(n)
    expect(box.refused).toEqual([3, 4])
    vi.advanceTimersByTime(100)
    expect(box.appended).toEqual([])
    box.behind = false
    vi.advanceTimersByTime(20)
    expect(box.appended).toEqual([1, 2])
  })
})
