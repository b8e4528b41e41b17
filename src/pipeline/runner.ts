import type { BirthTable } from '../core/telemetry/birth-table.ts'
import type { DeviceState } from '../core/telemetry/device-state.ts'
import type { Output } from '../ports/output.ts'
import type { RawRecord } from '../ports/raw-record.ts'
import type { StateStore } from '../ports/state-store.ts'
import type { Deliver } from './delivery.ts'
import { UnlearnedUnit } from '../core/telemetry/errors.ts'
import { topicOf } from './decode/decode.ts'
import { learnConversion } from './decode/units.ts'
import { nothingFolded, type Fold, type Folded, type States } from './fold.ts'

export interface RunnerPorts {
  fold: Fold
  states: StateStore
  output: Output
  deliver: Deliver
  /** Asks an edge node to announce itself again; lost requests are repeated by the next unknown alias. */
  requestRebirth(node: { trade: string; thing: string }): void
}

export interface RunResult {
  readings: number
  quarantined: number
}

/** A device that someone else commits to at the same moment is refolded this often before the batch is given back. */
const MAX_CONFLICTS = 8

export interface Runner {
  run(records: readonly RawRecord[]): Promise<RunResult>
  /** Delivers what these outboxes hold and empties them; the emptiness is committed with the next batch. */
  flush(states: readonly DeviceState[]): Promise<DeviceState[]>
}

/**
 * Runs a batch of records: load, fold in order, write data effects, commit, deliver. Throws only for a failing
 * dependency, and then the whole batch may be run again: nothing is lost and nothing happens twice.
 */
export function createRunner(ports: RunnerPorts): Runner {
  const { fold, states: store, output, deliver, requestRebirth } = ports

  async function run(records: readonly RawRecord[]): Promise<RunResult> {
    const result: RunResult = { readings: 0, quarantined: 0 }
    let pending = records
    for (let attempt = 0; pending.length > 0; attempt++) {
      if (attempt > MAX_CONFLICTS) throw new Error(`${pending.length} records kept meeting other writers`)
      const { table, loaded } = await load(pending)
      const flushed = await flush(loaded)
      const out = nothingFolded()
      for (const record of pending) {
        const learning = foldOne(record, table, out)
        if (learning) await learning
      }
      await write(out, table.births)
      for (const state of flushed) out.touched.add(state)
      const refused = await commit(out)
      await flush([...out.touched].filter((state) => !refused.has(state.thing)))
      for (const node of out.rebirths) requestRebirth(node)
      if (attempt === 0) {
        result.readings = out.readings
        result.quarantined = out.quarantined.length
      }
      pending = refused.size === 0 ? [] : pending.filter((record) => touches(record, refused))
    }
    return result
  }

  async function load(records: readonly RawRecord[]): Promise<{ table: States; loaded: DeviceState[] }> {
    const things = new Set<string>()
    const nodes = new Set<string>()
    for (const record of records) {
      const topic = topicOf(record.topic)
      if (!topic) {
        const addressee = tickThing(record)
        if (addressee !== null) things.add(addressee)
        continue
      }
      things.add(topic.thing)
      if (topic.format !== 'request' && topic.child !== null) things.add(topic.child)
      if (topic.format === 'sparkplug') nodes.add(topic.thing)
    }
    const loading = store.load([...things])
    const loaded = loading instanceof Promise ? await loading : loading
    const births = nodes.size === 0 ? new Map<string, BirthTable>() : await store.loadBirths([...nodes])
    const byThing = new Map(loaded.map((state) => [state.thing, state]))
    const get = (thing: string): DeviceState => {
      const state = byThing.get(thing)
      if (!state) throw new Error(`the state of ${thing} was not loaded with its batch`)
      return state
    }
    return { table: { get, all: () => store.all(), births }, loaded }
  }

  function foldOne(record: RawRecord, table: States, out: Folded): Promise<void> | void {
    try {
      fold(record, table, out)
    } catch (error) {
      if (!(error instanceof UnlearnedUnit)) throw error
      return learnConversion(error.from, error.to).then(() => foldOne(record, table, out))
    }
  }

  async function write(out: Folded, births: ReadonlyMap<string, BirthTable>): Promise<void> {
    if (out.effects.length > 0) await output.write(out.effects)
    if (out.quarantined.length > 0) await output.quarantine(out.quarantined)
    if (births.size > 0) await store.saveBirths(births)
  }

  async function commit(out: Folded): Promise<Set<string>> {
    const committing = store.commit([...out.touched])
    return new Set(committing instanceof Promise ? await committing : committing)
  }

  async function flush(states: readonly DeviceState[]): Promise<DeviceState[]> {
    const waiting = states.filter((state) => state.outbox.length > 0)
    if (waiting.length === 0) return waiting
    await deliver(waiting.flatMap((state) => state.outbox))
    for (const state of waiting) state.outbox = []
    return waiting
  }

  return { run, flush }
}

const utf8 = new TextDecoder()

/** A tick's addressee; null for a tick meant for all, and for everything that is no tick. */
function tickThing(record: RawRecord): string | null {
  if (!record.topic.startsWith('$tick')) return null
  return (JSON.parse(utf8.decode(record.payload)) as { thing?: string }).thing ?? null
}

function touches(record: RawRecord, things: ReadonlySet<string>): boolean {
  const topic = topicOf(record.topic)
  if (!topic) return things.has(tickThing(record) ?? '')
  return (
    things.has(topic.thing) || (topic.format !== 'request' && topic.child !== null && things.has(topic.child))
  )
}
