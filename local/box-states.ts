import type { BirthTable } from '../src/core/telemetry/birth-table.ts'
import {
  emptyState,
  openState,
  storedState,
  type DeviceState,
  type StoredState,
} from '../src/core/telemetry/device-state.ts'
import type { Layout } from '../src/core/telemetry/layout.ts'
import type { StateStore } from '../src/ports/state-store.ts'

interface Changed {
  states: StoredState[]
  births: [thing: string, value: string][]
}

export interface BoxStates extends StateStore {
  get(thing: string): DeviceState | undefined
  /** What has changed since the last call, copied. */
  takeChanged(): Changed
  /** It could not be stored: the next call gives it again, as it is by then. */
  putBack(changed: Changed): void
  /** Forgets a device whose data are erased. */
  forget(thing: string): void
  size(): number
}

/**
 * The box's fast state: in memory, with the journal as its durability. Everything is folded by one process, so a
 * commit always succeeds; a checkpoint saves replaying the journal from its beginning.
 */
export function createBoxStates(
  layouts: readonly Layout[],
  /** The layout of a device that has no state yet. */
  layoutFor: (thing: string) => Layout,
  stored: Iterable<StoredState>,
  storedBirths: Iterable<[thing: string, value: string]>,
): BoxStates {
  const states = new Map<string, DeviceState>()
  for (const state of stored) states.set(state.thing, openState(state, layouts))
  const births = new Map<string, BirthTable>()
  for (const [thing, value] of storedBirths) births.set(thing, JSON.parse(value) as BirthTable)
  /** Loaded for the first time, and of nobody unless this batch commits it: a gateway may invent children for ever. */
  let fresh: DeviceState[] = []
  let changed = new Set<DeviceState>()
  let changedBirths = new Set<string>()

  function stateOf(thing: string): DeviceState {
    let state = states.get(thing)
    if (!state) {
      state = emptyState(thing, layoutFor(thing))
      states.set(thing, state)
      fresh.push(state)
    }
    return state
  }

  return {
    load: (things) => things.map(stateOf),
    commit: (committed) => {
      for (const state of committed) {
        state.version++
        changed.add(state)
      }
      for (const { thing, version } of fresh) if (version === 0) states.delete(thing)
      fresh = []
      return []
    },
    all: () => states.values(),
    loadBirths: (things) =>
      new Map(things.flatMap((thing) => (births.has(thing) ? [[thing, births.get(thing)!]] : []))),
    saveBirths: (saved) => {
      for (const [thing, table] of saved) {
        births.set(thing, table)
        changedBirths.add(thing)
      }
    },
    get: (thing) => states.get(thing),
    takeChanged: () => {
      const taken = {
        states: [...changed].map(storedState),
        births: [...changedBirths].map((thing): [string, string] => [
          thing,
          JSON.stringify(births.get(thing)),
        ]),
      }
      changed = new Set()
      changedBirths = new Set()
      return taken
    },
    putBack: (taken) => {
      for (const { thing } of taken.states) changed.add(stateOf(thing))
      for (const [thing] of taken.births) changedBirths.add(thing)
    },
    forget: (thing) => {
      const state = states.get(thing)
      if (state) changed.delete(state)
      states.delete(thing)
      births.delete(thing)
      changedBirths.delete(thing)
    },
    size: () => states.size,
  }
}
