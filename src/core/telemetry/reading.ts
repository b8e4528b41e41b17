import { bytes, floats } from './slab.ts'

/** Milliseconds since 1970-01-01T00:00:00Z. Event time is `at`, arrival is `receivedAt`. */
export type EpochMs = number

export type Trade = 'plant' | 'fleet' | 'building'
export const trades: readonly Trade[] = ['plant', 'fleet', 'building']

/** Telemetry may advance state; backfill is stored and repaired but never advances. */
export type Lane = 'telemetry' | 'backfill'

/** Order of a record within its lane: the journal's row number, or the Kinesis sequence number. */
export type Position = bigint

/** Quality codes as they are stored, one byte a reading. */
export const Quality = {
  good: 0,
  late: 1,
  duplicate: 2,
  ahead: 3,
  outOfRange: 4,
  stuck: 5,
  spike: 6,
  backfilled: 7,
} as const
export type QualityName = keyof typeof Quality
export const qualityNames = Object.keys(Quality) as QualityName[]

/**
 * One measure's readings out of one record. `at` ascends (equal times allowed); `value` is NaN where the
 * reading is a text. Columns of a pack without gaps share one `at` array, so nobody writes into it.
 */
export interface Column {
  measure: string
  /** The unit the values are in, null once they are in the measure's canonical unit. */
  unit: string | null
  at: Float64Array
  value: Float64Array
  text: (string | null)[] | null
  quality: Uint8Array
  /** Buffered history within a live message: stored and repaired, never advancing. */
  history: boolean
  /** 1 where the reading moved state, 0 where it was only stored. Filled by the normalize stage. */
  advancing: Uint8Array
  /** The series' slot in the device's state, −1 before the normalize stage. */
  slot: number
  /** The series' newest reading before this record; `before.at` is 0 if there was none. */
  before: { at: EpochMs; value: number }
  /** Change since the previous advancing reading (a counter's increase, resets allowed for); NaN where there is none. */
  delta: Float64Array
}

/** What one record says about one device, after decoding. */
export interface ReadingBatch {
  thing: string
  lane: Lane
  receivedAt: EpochMs
  position: Position
  columns: Column[]
}

export const MINUTE = 60_000
/** Minutes since the epoch; a window of minute m covers the half-open range [m·60 s, (m+1)·60 s). */
export const minuteOf = (at: EpochMs): number => Math.floor(at / MINUTE)

export function column(
  measure: string,
  at: Float64Array,
  value: Float64Array,
  text: Column['text'] = null,
): Column {
  const n = at.length
  return {
    measure,
    unit: null,
    at,
    value,
    text,
    history: false,
    quality: bytes(n),
    advancing: bytes(n),
    slot: -1,
    before: { at: 0, value: NaN },
    delta: allNaN(n),
  }
}

function allNaN(n: number): Float64Array {
  const array = floats(n)
  for (let i = 0; i < n; i++) array[i] = NaN // a call of fill() costs more than this for packs of usual length
  return array
}
