import { limits } from '../../core/telemetry/limits.ts'
import type { Sample } from '../../core/telemetry/sample.ts'
import type { Recording } from './recording.ts'

/** One native message of a replay. */
export interface PlannedPack {
  /** Rows of the recording, half-open. */
  from: number
  to: number
  /** Time of its last row: it is due when the replay's clock gets there. */
  dueAt: number
  samples: number
  payload: string
}

const ROWS_A_PACK = 50
const WALL_MS_A_PACK = 1000

/**
 * Cuts a recording into messages, in its own order: up to 50 rows or one second of the replay's wall time each, and
 * within the limits of the wire. `speed` null means as fast as it goes.
 */
export function* planReplay(recording: Recording, speed: number | null): Generator<PlannedPack> {
  const { at, columns } = recording
  const most = Math.max(1, Math.min(ROWS_A_PACK, Math.floor(limits.samplesPerMessage / columns.length)))
  const spanMs = speed === null ? Number.POSITIVE_INFINITY : WALL_MS_A_PACK * speed
  for (let from = 0; from < at.length;) {
    let to = from + 1
    while (to < at.length && to - from < most && Math.abs(at[to]! - at[from]!) <= spanMs) to++
    yield* packsOf(recording, from, to)
    from = to
  }
}

function* packsOf(recording: Recording, from: number, to: number): Generator<PlannedPack> {
  const pack = packOf(recording, from, to)
  if (!pack) return
  if (Buffer.byteLength(pack.payload) <= limits.payloadBytes) yield pack
  else if (to - from === 1) throw new Error(`row ${from + 1} alone is larger than a message may be`)
  else {
    const middle = (from + to) >> 1
    yield* packsOf(recording, from, middle)
    yield* packsOf(recording, middle, to)
  }
}

function packOf({ at, columns }: Recording, from: number, to: number): PlannedPack | null {
  const first = at[from]!
  const measures: Record<string, (Sample | null)[]> = {}
  let samples = 0
  for (const { measure, values } of columns) {
    const part = values.slice(from, to)
    const given = part.reduce<number>((n, value) => n + (value === null ? 0 : 1), 0)
    if (given > 0) measures[measure] = part
    samples += given
  }
  if (samples === 0) return null
  const offsets = Array.from(at.subarray(from, to), (t) => t - first)
  const step = offsets.length > 1 ? offsets[1]! : 1
  const steady = step > 0 && offsets.every((offset, i) => offset === i * step)
  const payload = JSON.stringify({ at: first, ...(steady ? { step } : { offsets }), measures })
  return { from, to, dueAt: at[to - 1]!, samples, payload }
}
