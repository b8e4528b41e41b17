import type { Change, DeviceProfile } from '../core/device/profile.ts'
import {
  emptySnapshot,
  positionOf,
  restore,
  setPosition,
  setReceipt,
  setTickFloor,
  takeSnapshot,
  tickFloorOf,
  type DeviceState,
} from '../core/telemetry/device-state.ts'
import { BadRecord, UnlearnedUnit } from '../core/telemetry/errors.ts'
import type { BirthTable } from '../core/telemetry/birth-table.ts'
import type { Column, EpochMs, Lane, Trade } from '../core/telemetry/reading.ts'
import type { BoundStage, Context, DataEffect, Effect } from '../core/telemetry/stage.ts'
import type { RequestTopic } from '../core/telemetry/topic.ts'
import type { Quarantined } from '../ports/output.ts'
import { CHANGE_TOPIC, TICK_TOPIC, type RawRecord } from '../ports/raw-record.ts'
import type { Configuration } from './configuration.ts'
import { decodeRecord } from './decode/decode.ts'
import { decodeUtf8 } from './decode/utf8.ts'

/** The states that a batch of records may touch. */
export interface States {
  get(thing: string): DeviceState
  /** Those that a tick without an addressee is meant for. */
  all(): Iterable<DeviceState>
  births: Map<string, BirthTable>
}

/** What folding records came to. Nothing of it has happened yet. */
export interface Folded {
  effects: DataEffect[]
  quarantined: Quarantined[]
  touched: Set<DeviceState>
  changes: Change[]
  /** Edge nodes that must announce themselves again, by trade. */
  rebirths: { trade: string; thing: string }[]
  readings: number
}

export const nothingFolded = (): Folded => ({
  effects: [],
  quarantined: [],
  touched: new Set(),
  changes: [],
  rebirths: [],
  readings: 0,
})

export interface FoldOptions {
  /** The stages of each trade, in order. */
  stages: Readonly<Record<Trade, readonly BoundStage[]>>
  configuration: Configuration
  /** First instant of which readings of this measure are still kept; absent where none have ever expired. */
  rawKeptFrom?: (measure: string) => EpochMs
}

/**
 * Folds one record into the states and adds what it came to. Synchronous and deterministic: the same records in the
 * same order over the same states give the same bytes and the same effects, on the box and in a Lambda. Throws
 * UnlearnedUnit, having changed nothing that folding the record again would not mend.
 */
export type Fold = (record: RawRecord, states: States, out: Folded) => void

const utf8 = new TextDecoder()

export function createFold({ stages, configuration, rawKeptFrom }: FoldOptions): Fold {
  const saved = emptySnapshot()
  const dirty = new Set<number>() // of one record at a time, nearly always empty

  function fold(record: RawRecord, states: States, out: Folded): void {
    try {
      if (record.topic === TICK_TOPIC) tick(record, states, out)
      else if (record.topic === CHANGE_TOPIC) change(record, out)
      else data(record, states, out)
    } catch (error) {
      if (error instanceof UnlearnedUnit) throw error
      const { reason, message } = error instanceof BadRecord ? error : failure(error)
      out.quarantined.push({ record, reason, detail: message })
    }
  }

  function data(record: RawRecord, states: States, out: Folded): void {
    const decoded = decodeRecord(record, (thing) => states.births.get(thing))
    const { topic } = decoded
    const speaker = authorize(record, topic.thing, topic.trade)
    if (decoded.births) states.births.set(topic.thing, decoded.births)
    if (decoded.rebirth) out.rebirths.push({ trade: topic.trade, thing: topic.thing })
    if (topic.format === 'request') {
      ask(record, topic, states.get(topic.thing), out)
      return
    }
    const lane: Lane = topic.format === 'message' ? topic.lane : 'telemetry'
    for (const { child, columns } of decoded.batches) {
      const thing = child ?? topic.thing
      const profile = child === null ? authorizeSelf(speaker) : authorizeChild(child, topic, record)
      apply(record, thing, profile, lane, columns, states.get(thing), out)
    }
    if (decoded.refusal) throw decoded.refusal
  }

  function apply(
    record: RawRecord,
    thing: string,
    profile: DeviceProfile,
    lane: Lane,
    columns: Column[],
    state: DeviceState,
    out: Folded,
  ): void {
    if (columns.length === 0) return
    if (rawKeptFrom) refuseExpired(columns, rawKeptFrom)
    const { receivedAt, position } = record
    // Its effects were written before its state was committed, so a record that was folded is complete.
    if (lane === 'telemetry' && position <= positionOf(state)) return
    takeSnapshot(state, saved)
    const batch = { thing, lane, receivedAt, position, columns }
    if (dirty.size > 0) dirty.clear()
    const context: Context = { receivedAt, position, profile, dirty }
    const effects: Effect[] = []
    try {
      for (const stage of stages[profile.device.trade])
        for (const effect of stage.step(state, batch, context)) effects.push(effect)
    } catch (error) {
      restore(state, saved)
      if (error instanceof BadRecord || error instanceof UnlearnedUnit) throw error
      throw failure(error)
    }
    out.effects.push({ kind: 'readings', batch, dirty: dirty.size > 0 ? [...dirty] : [] })
    for (const column of columns) out.readings += column.at.length
    sort(effects, state, out)
    if (lane === 'telemetry') {
      setPosition(state, position)
      setReceipt(state, receivedAt)
    }
    out.touched.add(state)
  }

  function ask(record: RawRecord, topic: RequestTopic, state: DeviceState, out: Folded): void {
    if (record.position <= positionOf(state)) return
    const id = `request/${topic.thing}/${topic.name}/${record.position}`
    state.outbox.push({
      kind: 'request',
      request: {
        id,
        thing: topic.thing,
        name: topic.name,
        at: record.receivedAt,
        body: decodeUtf8(record.payload),
      },
    })
    setPosition(state, record.position)
    out.touched.add(state)
  }

  function tick(record: RawRecord, states: States, out: Folded): void {
    const { thing } = JSON.parse(utf8.decode(record.payload)) as { thing?: string }
    const { receivedAt, position } = record
    for (const state of thing === undefined ? states.all() : [states.get(thing)]) {
      const profile = configuration.profile(state.thing, receivedAt)
      if (!profile || position <= positionOf(state)) continue
      const context: Context = { receivedAt, position, profile, dirty: new Set() }
      takeSnapshot(state, saved)
      let effects: Effect[]
      try {
        effects = stages[profile.device.trade].flatMap((stage) => stage.tick(state, receivedAt, context))
      } catch (error) {
        restore(state, saved)
        const { reason, message } = failure(error)
        out.quarantined.push({ record, reason, detail: `${state.thing}: ${message}` })
        continue // time passes for the others all the same
      }
      if (effects.length === 0) continue
      sort(effects, state, out)
      for (const effect of effects)
        if (effect.kind === 'transition' && effect.transition.at > tickFloorOf(state))
          setTickFloor(state, effect.transition.at)
      setPosition(state, position)
      out.touched.add(state)
    }
  }

  function change(record: RawRecord, out: Folded): void {
    const applied = JSON.parse(utf8.decode(record.payload)) as Change
    configuration.apply(applied)
    out.changes.push(applied)
  }

  /** Who speaks must exist, in this trade, and be active; the transport proved that it is who it says. */
  function authorize(record: RawRecord, thing: string, trade: string): DeviceProfile {
    const profile = configuration.profile(thing, record.receivedAt)
    if (!profile || profile.device.trade !== trade)
      throw new BadRecord('unknown_device', `${thing} is not registered in trade ${trade}`)
    if (profile.device.status !== 'active')
      throw new BadRecord('device_suspended', `${thing} is ${profile.device.status}`)
    return profile
  }

  /** One partition key a device: a child's records come in its gateway's order, or not at all. */
  function authorizeSelf(speaker: DeviceProfile): DeviceProfile {
    const { thing, gateway } = speaker.device
    if (gateway !== undefined)
      throw new BadRecord('not_its_gateway', `${thing} speaks through its gateway ${gateway}`)
    return speaker
  }

  function authorizeChild(
    child: string,
    topic: { thing: string; trade: string },
    record: RawRecord,
  ): DeviceProfile {
    const profile = authorize(record, child, topic.trade)
    if (profile.device.gateway !== topic.thing)
      throw new BadRecord('not_its_gateway', `${topic.thing} is not the gateway of ${child}`)
    return profile
  }

  return fold
}

/** A window is never recomputed from what is left of its readings: such a record waits in quarantine instead. */
function refuseExpired(columns: readonly Column[], rawKeptFrom: (measure: string) => EpochMs): void {
  for (const { measure, at } of columns)
    if (at.length > 0 && at[0]! < rawKeptFrom(measure))
      throw new BadRecord(
        'expired_neighbours',
        `${measure} at ${new Date(at[0]!).toISOString()}, readings are kept from ${new Date(rawKeptFrom(measure)).toISOString()} on`,
      )
}

/** Data effects are written as they are; the rest waits in the state's outbox for its commit. */
function sort(effects: readonly Effect[], state: DeviceState, out: Folded): void {
  for (const effect of effects) {
    switch (effect.kind) {
      case 'transition':
      case 'command':
      case 'request':
        state.outbox.push(effect)
        break
      case 'readings':
      case 'window':
      case 'anomaly':
      case 'fact':
        out.effects.push(effect)
    }
  }
}

const failure = (error: unknown): BadRecord =>
  new BadRecord('stage_failed', error instanceof Error ? (error.stack ?? error.message) : String(error))
