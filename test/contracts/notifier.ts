import { expect, it } from 'vitest'
import type { Transition } from '../../src/core/alarm/transition.ts'
import type { Notifier } from '../../src/ports/notifier.ts'

export const transition: Transition = {
  id: 'detect-high/pump-2/vibration/1795341600000',
  rule: 'detect-high',
  thing: 'pump-2',
  key: 'vibration',
  to: 'active',
  at: 1_795_341_600_000,
  severity: 'critical',
  why: {
    detector: 'high',
    text: 'vibration is 4.8 mm/s, above its limit of 4.5',
    observed: 4.8,
    unit: 'mm/s',
  },
}

export interface NotifierWorld {
  notifier: Notifier
  /** Everything that has reached people, as text. */
  heard(): string[]
  /** From now on the way to them is broken; absent where it cannot break. */
  breakDown?(): Promise<void>
}

/** What every notifier promises. */
export function notifierContract(open: () => Promise<NotifierWorld>): void {
  it('tells what happened, to what, and why', async () => {
    const { notifier, heard } = await open()
    await notifier.notify(transition)
    expect(heard()).toHaveLength(1)
    for (const word of ['pump-2', 'critical', transition.why.text])
      expect(heard()[0]!.toLowerCase()).toContain(word)
  })

  it('tells of a clearing differently', async () => {
    const { notifier, heard } = await open()
    await notifier.notify(transition)
    await notifier.notify({ ...transition, to: 'clear', id: 'other' })
    expect(heard()).toHaveLength(2)
    expect(heard()[1]!.toLowerCase()).toContain('clear')
    expect(heard()[0]!.toLowerCase()).not.toContain('cleared')
  })

  it('fails where nobody was told, so that it is tried again', async () => {
    const { notifier, breakDown, heard } = await open()
    if (!breakDown) {
      await expect(notifier.notify(transition)).resolves.toBeUndefined()
      return
    }
    await breakDown()
    await expect(notifier.notify(transition)).rejects.toThrow()
    expect(heard()).toEqual([])
  })
}
