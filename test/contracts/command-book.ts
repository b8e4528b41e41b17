import { beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../../src/core/alarm/transition.ts'
import type { ActuatorOrder } from '../../src/core/device/actuator.ts'
import type { CommandBook } from '../../src/ports/command-book.ts'

const T = 1_795_341_600_000
const HOUR = 3_600_000

/** What every command book promises. `make` gives one that knows no thing whose name begins with `cb-`. */
export function commandBookContract(name: string, make: () => Promise<CommandBook> | CommandBook): void {
  describe(`command book: ${name}`, () => {
    let book: CommandBook
    beforeAll(async () => {
      book = await make()
    })

    const command = (thing: string, id: string, over: Partial<Command> = {}): Command => ({
      id: `${thing}/${id}`,
      thing,
      name: 'valve',
      payload: { value: 1 },
      expiresAt: T + HOUR,
      atMostOnce: false,
      ...over,
    })
    const order = (value: number, over: Partial<ActuatorOrder> = {}): ActuatorOrder => ({
      value,
      at: T,
      until: null,
      by: 'ada',
      manual: true,
      trail: [],
      ...over,
    })
    const ids = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id)

    it('takes an id once and gives back what was given', async () => {
      const given = [command('cb-1', 'a', { payload: { list: [1, null, 'ü'] } }), command('cb-1', 'b', { atMostOnce: true, payload: null })] // prettier-ignore
      expect(ids(await book.add(given, 'ada', T))).toEqual(['cb-1/a', 'cb-1/b'])
      expect(await book.add([command('cb-1', 'a', { name: 'other' })], 'eve', T + 1)).toEqual([])
      const record = { by: 'ada', createdAt: T, status: 'queued', sentAt: null, finishedAt: null, detail: null } // prettier-ignore
      expect(await book.get('cb-1', 'cb-1/a')).toEqual({ ...given[0], ...record })
      expect(await book.get('cb-1', 'cb-1/b')).toEqual({ ...given[1], ...record })
      expect(await book.get('cb-1', 'cb-1/c')).toBeNull()
      expect(await book.get('cb-2', 'cb-1/a')).toBeNull()
    })

    it('lists newest first, page by page', async () => {
      for (const n of [1, 2, 3, 4, 5]) await book.add([command('cb-3', String(n))], 'ada', T + n)
      const first = await book.list({ thing: 'cb-3', limit: 2 })
      const second = await book.list({ thing: 'cb-3', limit: 2, cursor: first.at(-1)!.id })
      const third = await book.list({ thing: 'cb-3', limit: 2, cursor: second.at(-1)!.id })
      expect(ids([...first, ...second, ...third])).toEqual([5, 4, 3, 2, 1].map((n) => `cb-3/${n}`))
    })

    it('opens what may still have to be sent, oldest first', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await book.add([command('cb-4', id)], 'ada', T + id.charCodeAt(0)) // prettier-ignore
      await book.add([command('cb-4', 'late', { expiresAt: T + 1 })], 'ada', T)
      await book.advance('cb-4', 'cb-4/b', { kind: 'answered', status: 'acknowledged' }, T)
      await book.advance('cb-4', 'cb-4/c', { kind: 'sent' }, T)
      expect(ids(await book.open('cb-4', T + 1))).toEqual(['cb-4/a', 'cb-4/c', 'cb-4/d'])
    })

    it('counts what is neither finished nor expired, up to what was asked for', async () => {
      const given = ['a', 'b', 'c', 'd'].map((id) => command('cb-13', id))
      await book.add([...given, command('cb-13', 'late', { expiresAt: T + 1 })], 'ada', T)
      expect(await book.countOpen('cb-13', T, 9)).toBe(5)
      await book.advance('cb-13', 'cb-13/a', { kind: 'answered', status: 'acknowledged' }, T)
      await book.advance('cb-13', 'cb-13/b', { kind: 'sent' }, T)
      await book.advance('cb-13', 'cb-13/c', { kind: 'answered', status: 'failed' }, T)
      expect(await book.countOpen('cb-13', T + 1, 9)).toBe(3)
      expect(await book.countOpen('cb-13', T + 1, 2)).toBe(2)
      expect(await book.countOpen('cb-14', T, 9)).toBe(0)
    })

    it('moves a command through its states and says where it was', async () => {
      await book.add([command('cb-5', 'a')], 'ada', T)
      const step = (event: Parameters<CommandBook['advance']>[2], at: number, detail?: string) =>
        book.advance('cb-5', 'cb-5/a', event, at, detail)
      expect(await step({ kind: 'sent' }, T + 1)).toMatchObject({ before: 'queued', command: { status: 'sent', sentAt: T + 1 } }) // prettier-ignore
      expect(await step({ kind: 'sent' }, T + 2)).toMatchObject({ before: 'sent', command: { status: 'sent', sentAt: T + 1 } }) // prettier-ignore
      expect(await step({ kind: 'answered', status: 'acknowledged' }, T + 3)).toMatchObject({ before: 'sent', command: { status: 'acknowledged', finishedAt: null } }) // prettier-ignore
      expect(await step({ kind: 'answered', status: 'succeeded' }, T + 4, 'done')).toMatchObject({ before: 'acknowledged', command: { status: 'succeeded', finishedAt: T + 4, detail: 'done' } }) // prettier-ignore
      expect(await step({ kind: 'answered', status: 'failed' }, T + 5, 'no')).toMatchObject({ before: 'succeeded', command: { status: 'succeeded', detail: 'done' } }) // prettier-ignore
      expect(await book.advance('cb-6', 'cb-5/a', { kind: 'sent' }, T)).toBeNull()
      expect(ids(await book.open('cb-5', T))).toEqual([])
    })

    it('marks a command sent for one of two who try', async () => {
      await book.add([command('cb-7', 'a', { atMostOnce: true })], 'ada', T)
      const both = await Promise.all([T + 1, T + 2].map((at) => book.advance('cb-7', 'cb-7/a', { kind: 'sent' }, at))) // prettier-ignore
      expect(both.filter((moved) => moved?.before === 'queued')).toHaveLength(1)
    })

    it('expires what nobody finished, and lets a late answer count', async () => {
      await book.add([command('cb-8', 'a', { expiresAt: T + 10 })], 'ada', T)
      await book.add([command('cb-8', 'b', { expiresAt: T + 20 })], 'ada', T)
      const own = (found: { thing: string; id: string }[]) =>
        ids(found.filter(({ thing }) => thing === 'cb-8'))
      expect(own(await book.expire(T + 10))).toEqual(['cb-8/a'])
      expect(own(await book.expire(T + 10))).toEqual([])
      const late = await book.advance('cb-8', 'cb-8/a', { kind: 'answered', status: 'succeeded' }, T + 11)
      expect(late?.command).toMatchObject({ status: 'succeeded', finishedAt: T + 11 })
    })

    it('takes an order with its command, unless another one came in between', async () => {
      const take = (id: string, value: number, after: number) =>
        book.order(command('cb-9', id), 'ada', T, { order: order(value), after })
      expect(await book.lastOrder('cb-9', 'valve')).toBeNull()
      expect(await take('a', 1, 0)).toBe('taken')
      expect(await take('a', 2, 0)).toBe('known')
      expect(await take('b', 2, 0)).toBe('overtaken')
      const last = (await book.lastOrder('cb-9', 'valve'))!
      expect(last.order).toEqual(order(1))
      expect(await take('b', 2, last.revision)).toBe('taken')
      expect((await book.lastOrder('cb-9', 'valve'))!.order.value).toBe(2)
      expect(ids(await book.open('cb-9', T))).toEqual(['cb-9/a', 'cb-9/b'])
      expect(await book.lastOrder('cb-9', 'other')).toBeNull()
      const both = await Promise.all(['c', 'd'].map(async (id) => take(id, 3, (await book.lastOrder('cb-9', 'valve'))!.revision))) // prettier-ignore
      expect(both.sort()).toEqual(['overtaken', 'taken'])
    })

    it('lets go once of an actuator whose lease has ended, and not of one that was renewed', async () => {
      const until = (at: number) => ({ order: order(1, { until: at }), after: 0 })
      await book.order(command('cb-10', 'a'), 'ada', T, until(T + 10))
      await book.order(command('cb-11', 'a'), 'ada', T, until(T + 10))
      const { revision } = (await book.lastOrder('cb-11', 'valve'))!
      await book.order(command('cb-11', 'b'), 'ada', T, { order: order(1, { until: T + HOUR }), after: revision }) // prettier-ignore
      const ended = async (at: number) =>
        (await book.endLeases(at, at + HOUR)).filter(({ thing }) => thing === 'cb-10' || thing === 'cb-11')
      expect(await ended(T + 9)).toEqual([])
      const [let_go, ...others] = await ended(T + 10)
      expect(others).toEqual([])
      expect(let_go).toMatchObject({ thing: 'cb-10', name: 'valve', payload: { relinquish: true }, status: 'queued' }) // prettier-ignore
      expect(await ended(T + 11)).toEqual([])
      expect(ids(await book.open('cb-10', T + 10))).toContain(let_go!.id)
      expect((await book.lastOrder('cb-10', 'valve'))!.order.value).toBe(1)
    })

    it('sends nothing of a device that is no more to a later one of its name', async () => {
      await book.order(command('cb-12', 'a'), 'ada', T, { order: order(1, { until: T + 10 }), after: 0 })
      await book.add([command('cb-12', 'b')], 'ada', T)
      await book.forget('cb-12', T + 1)
      expect(await book.open('cb-12', T + 1)).toEqual([])
      expect(await book.lastOrder('cb-12', 'valve')).toBeNull()
      expect((await book.endLeases(T + HOUR, T + HOUR)).filter(({ thing }) => thing === 'cb-12')).toEqual([])
      expect((await book.list({ thing: 'cb-12', limit: 9 })).map(({ status }) => status)).toEqual(['expired', 'expired']) // prettier-ignore
    })
  })
}
