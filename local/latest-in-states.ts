import type { DeviceState } from '../src/core/telemetry/device-state.ts'
import { latestOf } from '../src/pipeline/latest.ts'
import type { LatestReader, LatestValue } from '../src/ports/telemetry-reader.ts'
import type { BoxStates } from './box-states.ts'
import { createJsonArena, type JsonSlot } from './json-arena.ts'
import type { LatestTexts } from './latest-texts.ts'

interface Written {
  state: DeviceState
  /** Of the state as it was written; −1 where it is to be written again. */
  version: number
  slot: JsonSlot
}
interface Item {
  thing: string
  values: LatestValue[]
}
interface LatestInStates extends Required<LatestReader> {
  forget(thing: string): void
  /** What it keeps. */
  bytes(): number
}

/**
 * The newest values straight from the states. What is written of a device as JSON is kept until its state is committed
 * again: most of 10,000 devices have sent nothing between two polls (bench/api-latest.ts). That is about as many bytes
 * as the states themselves take.
 */
export function latestInStates(states: Pick<BoxStates, 'get'>, texts: LatestTexts): LatestInStates {
  const arena = createJsonArena()
  const written = new Map<string, Written>()

  /** Those that were not written as they are now. The look at the state itself is spared: `forget` says when it goes. */
  async function renew(things: readonly string[]): Promise<void> {
    const renewed: { state: DeviceState; version: number; item: Item }[] = []
    for (const thing of things) {
      const known = written.get(thing)
      if (known && known.version === known.state.version) continue
      const state = states.get(thing)
      if (state) renewed.push({ state, version: state.version, item: { thing, values: latestOf(state) } })
      else forget(thing)
    }
    await texts.complete(renewed.map(({ item }) => item))
    for (const { state, version, item } of renewed) write(state, isFinal(version, item) ? version : -1, item)
  }

  function write(state: DeviceState, version: number, item: Item): Written {
    const slot = arena.write(JSON.stringify(item), written.get(item.thing)?.slot ?? null)
    const now = { state, version, slot }
    written.set(item.thing, now)
    return now
  }

  /** What another request has cleared away while this one waited for texts. */
  function writeAgain(thing: string): Written | null {
    const state = states.get(thing)
    return state ? write(state, -1, { thing, values: latestOf(state) }) : null
  }

  function forget(thing: string): void {
    const known = written.get(thing)
    if (known) arena.free(known.slot)
    written.delete(thing)
  }

  return {
    latest: async (things) => {
      const latest = things.flatMap((thing) => {
        const state = states.get(thing)
        return state ? [{ thing, values: latestOf(state) }] : []
      })
      await texts.complete(latest)
      return latest
    },
    latestPage: async (things, rest) => {
      await renew(things)
      const slots: JsonSlot[] = []
      for (const thing of things) {
        const known = written.get(thing) ?? writeAgain(thing)
        if (known) slots.push(known.slot)
      }
      const page = arena.page(slots, rest)
      if (arena.isSparse()) {
        arena.clear()
        written.clear()
      }
      return page
    },
    forget,
    bytes: arena.bytes,
  }
}

/** A text that is still to be found comes with a later request; a state that was never committed may go again. */
const isFinal = (version: number, { values }: Item): boolean =>
  version > 0 && values.every(({ value, text }) => value !== null || text !== undefined)
