import { BASE_HEADER_BYTES, type Layout } from './layout.ts'
import type { EpochMs, Position } from './reading.ts'
import type { OutboxEntry } from '../alarm/transition.ts'

/**
 * A device's fast state: one buffer with a typed view of each width. `version` counts commits; the measures' names
 * lie beside the bytes, slot by slot. Series s starts at byte headerBytes + s · seriesBytes.
 */
export interface DeviceState {
  readonly thing: string
  readonly layout: Layout
  version: number
  measures: string[]
  outbox: OutboxEntry[]
  bytes: Uint8Array
  f64: Float64Array
  f32: Float32Array
  u32: Uint32Array
  u64: BigUint64Array
  slots: Map<string, number>
}

/** What a store keeps of a state: plain values, copied out of the live buffers. */
export interface StoredState {
  thing: string
  version: number
  measures: string[]
  outbox: OutboxEntry[]
  bytes: Uint8Array
}

const header = { format: 0, series: 1, config: 1, position: 1, receipt: 4, tickFloor: 5 } as const

export function emptyState(thing: string, layout: Layout): DeviceState {
  const state = attach(
    { thing, layout, version: 0, measures: [], outbox: [] },
    new Uint8Array(layout.headerBytes),
  )
  state.bytes[header.format] = layout.format
  return state
}

/** Copies a live state into plain values that may be sent or kept. */
export function storedState(state: DeviceState): StoredState {
  return {
    thing: state.thing,
    version: state.version,
    measures: [...state.measures],
    outbox: [...state.outbox],
    bytes: state.bytes.slice(),
  }
}

/** Opens stored bytes. A format that this release does not know is refused, never guessed at. */
export function openState(stored: StoredState, layouts: readonly Layout[]): DeviceState {
  const format = stored.bytes[header.format]
  const layout = layouts.find((l) => l.format === format)
  if (!layout)
    throw new Error(
      `state of ${stored.thing} has format ${format}, this release reads ${layouts.map((l) => l.format).join(', ')}; start the release that wrote it, or make it anew: telltale rebuild states`,
    )
  const { thing, version, measures, outbox } = stored
  return attach(
    { thing, layout, version, measures: [...measures], outbox: [...outbox] },
    stored.bytes.slice(),
  )
}

/** The slot of a measure's series, −1 if the device never sent it. */
export const slotOf = (state: DeviceState, measure: string): number => state.slots.get(measure) ?? -1

/** Adds a series, all zero, and gives its slot. The buffers are replaced, so views must be read afresh. */
export function addSeries(state: DeviceState, measure: string): number {
  const slot = state.measures.length
  const bytes = new Uint8Array(state.layout.headerBytes + (slot + 1) * state.layout.seriesBytes)
  bytes.set(state.bytes)
  state.measures.push(measure)
  state.slots.set(measure, slot)
  Object.assign(state, views(bytes))
  return slot
}

/** First index of a series in the f64 view; double it for f32 and u32. */
export const seriesBase = (layout: Layout, slot: number): number =>
  (layout.headerBytes + slot * layout.seriesBytes) / 8
/** First index of the stages' device-wide fields in the f64 view; double it for f32 and u32. */
export const deviceBase = BASE_HEADER_BYTES / 8

export function positionOf({ u32, u64 }: DeviceState): Position {
  const low = u64[header.position]!
  // A journal's row number has the high words zero; adding big integers up would be most of the work here.
  for (let word = 2; word < 6; word++)
    if (u32[header.position * 2 + word] !== 0)
      return low | (u64[header.position + 1]! << 64n) | (u64[header.position + 2]! << 128n)
  return low
}

const BEYOND_ONE_WORD = 1n << 64n

export function setPosition(state: DeviceState, position: Position): void {
  state.u64[header.position] = position // BigUint64Array keeps the low 64 bits
  if (position >= BEYOND_ONE_WORD) {
    state.u64[header.position + 1] = position >> 64n
    state.u64[header.position + 2] = position >> 128n
  }
}

export const receiptOf = (state: DeviceState): EpochMs => state.f64[header.receipt]!
export const setReceipt = (state: DeviceState, at: EpochMs): void => {
  state.f64[header.receipt] = at
}

/** The latest time that a tick gave to a transition: whatever comes later is later than it (DESIGN section 5). */
export const tickFloorOf = (state: DeviceState): EpochMs => state.f64[header.tickFloor]!
export const setTickFloor = (state: DeviceState, at: EpochMs): void => {
  state.f64[header.tickFloor] = at
}

/** Everything that a failed record must not leave behind, kept in a buffer that is used over and over. */
export interface Snapshot {
  bytes: Uint8Array
  length: number
  measures: number
  outbox: number
}
export const emptySnapshot = (): Snapshot => ({
  bytes: new Uint8Array(4096),
  length: 0,
  measures: 0,
  outbox: 0,
})

export function takeSnapshot(state: DeviceState, into: Snapshot): void {
  into.length = state.bytes.length
  if (into.bytes.length < into.length) into.bytes = new Uint8Array(into.length * 2)
  into.bytes.set(state.bytes)
  into.measures = state.measures.length
  into.outbox = state.outbox.length
}

export function restore(state: DeviceState, from: Snapshot): void {
  for (const added of state.measures.splice(from.measures)) state.slots.delete(added)
  state.outbox.splice(from.outbox)
  Object.assign(state, views(from.bytes.slice(0, from.length)))
}

function views(bytes: Uint8Array) {
  const { buffer, byteOffset, byteLength } = bytes
  return {
    bytes,
    f64: new Float64Array(buffer, byteOffset, byteLength / 8),
    f32: new Float32Array(buffer, byteOffset, byteLength / 4),
    u32: new Uint32Array(buffer, byteOffset, byteLength / 4),
    u64: new BigUint64Array(buffer, byteOffset, byteLength / 8),
  }
}

function attach(
  plain: Pick<DeviceState, 'thing' | 'layout' | 'version' | 'measures' | 'outbox'>,
  bytes: Uint8Array,
): DeviceState {
  return { ...plain, ...views(bytes), slots: new Map(plain.measures.map((m, i) => [m, i])) }
}
