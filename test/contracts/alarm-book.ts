import { describe, expect, it } from 'vitest'
import { transitionId, type Transition } from '../../src/core/alarm/transition.ts'
import { alarmId, type AlarmBook } from '../../src/ports/alarm-book.ts'

export function transition(over: Partial<Transition> = {}): Transition {
  const t = { rule: 'limit', thing: 'pump-1', key: 'temperature', to: 'active', at: 1000, severity: 'critical', ...over } as const // prettier-ignore
  return {
    ...t,
    id: transitionId(t.rule, t.thing, t.key, t.at),
    why: { detector: 'limit', text: `seen at ${t.at}` },
  }
}

/** What the pipeline, the API and the tellers rely on in every alarm book. */
export function alarmBookContract(name: string, make: () => AlarmBook): void {
  const all = () => true
  const id = alarmId('limit', 'pump-1', 'temperature')

  describe(`AlarmBook: ${name}`, () => {
    it('takes a transition once, however often it is delivered', async () => {
      const book = make()
      expect(await book.apply([transition()], 5, all)).toHaveLength(1)
      expect(await book.apply([transition()], 9, all)).toEqual([])
      expect(await book.history(id, 10)).toMatchObject([{ kind: 'raised', at: 1000, recordedAt: 5 }])
    })

    it('ignores what is not newer than the last of its key, and a clear without an alarm', async () => {
      const book = make()
      expect(await book.apply([transition({ to: 'clear' })], 5, all)).toEqual([])
      await book.apply([transition({ at: 2000 })], 5, all)
      expect(await book.apply([transition({ at: 1999 })], 5, all)).toEqual([])
      expect((await book.get(id))?.raisedAt).toBe(2000)
    })

    it('follows ISA-18.2 through an episode and into the next', async () => {
      const book = make()
      await book.apply([transition({ at: 1 })], 1, all)
      expect(await book.get(id)).toMatchObject({ state: 'unackActive', occurrences: 1 })
      await book.apply([transition({ at: 2, severity: 'major' })], 2, all)
      expect(await book.get(id)).toMatchObject({ severity: 'major', raisedAt: 1, occurrences: 1 })
      expect(await book.acknowledge(id, 'ann', 'on it', 3)).toMatchObject({ state: 'ackActive', acknowledgedBy: 'ann', comment: 'on it' }) // prettier-ignore
      await book.apply([transition({ at: 4, to: 'clear' })], 4, all)
      expect(await book.get(id)).toMatchObject({ state: 'normal', clearedAt: 4 })
      await book.apply([transition({ at: 5 })], 5, all)
      expect(await book.get(id)).toMatchObject({ state: 'unackActive', occurrences: 2, clearedAt: null, acknowledgedBy: null, comment: null }) // prettier-ignore
      await book.apply([transition({ at: 6, to: 'clear' })], 6, all)
      expect(await book.get(id)).toMatchObject({ state: 'unackCleared' })
      expect((await book.history(id, 10)).map((e) => e.kind)).toEqual(['cleared', 'raised', 'cleared', 'acknowledged', 'raised', 'raised']) // prettier-ignore
    })

    it('lets the first acknowledgement stand, and none of an alarm that never was', async () => {
      const book = make()
      await book.apply([transition()], 1, all)
      await book.acknowledge(id, 'ann', null, 3)
      expect(await book.acknowledge(id, 'bob', 'me too', 4)).toMatchObject({
        acknowledgedBy: 'ann',
        acknowledgedAt: 3,
      })
      expect(await book.acknowledge('limit/none/none', 'bob', null, 4)).toBeNull()
    })

    it('keeps who must be told until they were', async () => {
      const book = make()
      const told = [
        transition({ key: 'a', at: 3 }),
        transition({ key: 'b', at: 1 }),
        transition({ key: 'c', at: 2 }),
      ]
      await book.apply(told.slice(1), 5, ({ key }) => key !== 'c')
      await book.apply(told.slice(0, 1), 6, all)
      expect((await book.untold(10)).map((t) => t.key).sort()).toEqual(['a', 'b'])
      await book.told([told[1]!.id, 'limit/none/none/1'])
      expect(await book.untold(10)).toEqual([told[0]])
      await book.apply([told[0]!], 7, all)
      expect(await book.untold(10)).toEqual([told[0]])
    })

    it('lists by state, thing, severity and rule, in pages by id', async () => {
      const book = make()
      const made = [
        transition({ thing: 'a', severity: 'minor' }),
        transition({ thing: 'b' }),
        transition({ thing: 'c', rule: 'rate' }),
        transition({ thing: 'd' }),
      ]
      await book.apply(made, 1, all)
      await book.apply([transition({ thing: 'd', to: 'clear', at: 2000 })], 2, all)
      await book.acknowledge(alarmId('limit', 'b', 'temperature'), 'ann', null, 3)
      const things = async (query: Parameters<AlarmBook['list']>[0]) =>
        (await book.list(query)).map((a) => a.thing)
      expect(await things({ limit: 10 })).toEqual(['a', 'b', 'd', 'c'])
      expect(await things({ state: 'active', limit: 10 })).toEqual(['a', 'b', 'c'])
      expect(await things({ state: 'unacknowledged', limit: 10 })).toEqual(['a', 'd', 'c'])
      expect(await things({ severity: 'critical', thing: 'b', limit: 10 })).toEqual(['b'])
      expect(await things({ rule: 'rate', limit: 10 })).toEqual(['c'])
      expect(await things({ limit: 2 })).toEqual(['a', 'b'])
      expect(await things({ limit: 2, cursor: alarmId('limit', 'b', 'temperature') })).toEqual(['d', 'c'])
    })
  })
}
