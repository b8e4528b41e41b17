import { describe, expect, it } from 'vitest'
import { createBoxUpkeep, type BoxUpkeepParts } from '../../local/box-upkeep.ts'

type Changed = ReturnType<BoxUpkeepParts['states']['takeChanged']>
const nothing: Changed = { states: [], births: [] }

/** A box of which only the order of events is real. */
function fakeBox({ syncFails = false } = {}) {
  const events: string[] = []
  let endBatch = (): void => {}
  const batch = new Promise<void>((resolve) => (endBatch = resolve))
  const upkeep = createBoxUpkeep({
    gate: { mend: async () => {}, detached: () => false },
    journal: { settled: async () => {} },
    loop: {
      settled: async () => {},
      foldedThrough: () => 7,
      pause: async () => {
        await batch
        events.push('between batches')
        return () => events.push('resumed')
      },
    },
    states: {
      takeChanged: () => {
        events.push('states taken')
        return nothing
      },
      putBack: () => events.push('states put back'),
    },
    deliveries: { settled: async () => void events.push('delivered') },
    threads: {
      book: {
        call: {
          bookSync: async () => {
            if (syncFails) throw new Error('no space left')
            events.push('book durable')
          },
        },
      },
      journal: {
        call: { dropBefore: async (at: number) => void events.push(`journal dropped before ${at}`) },
      },
    },
    output: {
      checkpoint: async ({ position }: { position: number }) => void events.push(`stored at ${position}`),
    },
    options: { checkpointEveryMs: 1000, tickEveryMs: 1000 },
  } as unknown as BoxUpkeepParts)
  return { upkeep, events, endBatch }
}

describe('a checkpoint', () => {
  it('takes states between two batches, and stores them once the book holds what they told', async () => {
    const { upkeep, events, endBatch } = fakeBox()
    const done = upkeep.settled()
    await new Promise(setImmediate)
    expect(events).toEqual([])
    endBatch()
    await done
    expect(events).toEqual([
      'between batches',
      'states taken',
      'resumed',
      'delivered',
      'book durable',
      'stored at 7',
      'journal dropped before 7',
    ])
  })

  it('keeps the states for the next one if the book cannot be made durable', async () => {
    const { upkeep, events, endBatch } = fakeBox({ syncFails: true })
    endBatch()
    await expect(upkeep.settled()).rejects.toThrow('no space left')
    expect(events.at(-1)).toBe('states put back')
  })
})
