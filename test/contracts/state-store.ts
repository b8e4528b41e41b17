import { describe, expect, it } from 'vitest'
import {
  addSeries,
  setPosition,
  positionOf,
  type DeviceState,
} from '../../src/core/telemetry/device-state.ts'
import type { BirthTable } from '../../src/core/telemetry/birth-table.ts'
import type { StateStore } from '../../src/ports/state-store.ts'

export interface StateStoreCase {
  store: StateStore
  /** Another process over the same stored states; null where there is only ever one. */
  other(): StateStore | null
}

/** What the pipeline relies on in every state store. */
export function stateStoreContract(name: string, make: () => StateStoreCase): void {
  const births = (thing: string): BirthTable =>
    ({ thing, bdSeq: 3, seq: 7, born: true, devices: {}, metrics: {}, aliases: {} }) as unknown as BirthTable
  const one = async (store: StateStore, thing: string): Promise<DeviceState> =>
    (await store.load([thing]))[0]!

  describe(`StateStore: ${name}`, () => {
    it('gives states in the order asked for, fresh ones where nothing is stored', async () => {
      const { store } = make()
      const states = await store.load(['b', 'a', 'c'])
      expect(states.map((s) => [s.thing, s.version, s.measures.length])).toEqual([['b', 0, 0], ['a', 0, 0], ['c', 0, 0]]) // prettier-ignore
    })

    it('keeps what was committed and counts versions', async () => {
      const { store } = make()
      const state = await one(store, 'pump-1')
      addSeries(state, 'temperature')
      setPosition(state, (1n << 100n) + 5n)
      state.outbox.push({
        kind: 'request',
        request: { id: 'r', thing: 'pump-1', name: 'route', at: 1, body: '{}' },
      })
      expect(await store.commit([state])).toEqual([])
      const again = await one(store, 'pump-1')
      expect(again.version).toBe(1)
      expect(again.measures).toEqual(['temperature'])
      expect(positionOf(again)).toBe((1n << 100n) + 5n)
      expect(again.outbox).toEqual(state.outbox)
    })

    it('commits hundreds of devices at once', async () => {
      const { store } = make()
      const things = Array.from({ length: 250 }, (_, i) => `d${i}`)
      expect(await store.commit(await store.load(things))).toEqual([])
      expect((await store.load(things)).map((s) => s.version)).toEqual(things.map(() => 1))
    })

    it('refuses a state that someone else committed first, and only that', async () => {
      const { store, other } = make()
      const second = other()
      if (!second) return expect((await one(store, 'x')).version).toBe(0) // one process: nobody else can be first
      const [mine, free] = await store.load(['x', 'y'])
      const theirs = await one(second, 'x')
      setPosition(theirs, 9n)
      expect(await second.commit([theirs])).toEqual([])
      expect(await store.commit([mine!, free!])).toEqual(['x'])
      expect(positionOf(await one(store, 'x'))).toBe(9n)
      expect((await one(store, 'y')).version).toBe(1)
    })

    it('keeps births by edge node', async () => {
      const { store, other } = make()
      expect((await store.loadBirths(['node'])).size).toBe(0)
      await store.saveBirths(new Map([['node', births('node')]]))
      expect((await (other() ?? store).loadBirths(['node', 'none'])).get('node')).toEqual(births('node'))
    })
  })
}
