import type { RawRecord } from '../src/ports/raw-record.ts'

/** Durable records that wait to be folded. Live ones first; buffered history when there is nothing live. */
export interface Lanes {
  push(records: readonly RawRecord[]): void
  /** The next records to fold, all of one lane. */
  take(most: number): RawRecord[]
  /** Every record up to this position has been taken. */
  takenThrough(): number
  length(): number
  live(): number
  /** Payload bytes of what waits. */
  bytes(): number
}

/** Beyond this many waiting, history is taken in its turn: memory is bounded by more than good will. */
const MOST_BACKFILL = 20_000

export function createLanes(takenThrough: number): Lanes {
  let live: RawRecord[] = []
  let backfill: RawRecord[] = []
  let head = takenThrough
  let bytes = 0

  const isBackfill = (record: RawRecord): boolean => record.topic.includes('/backfill')

  return {
    push: (records) => {
      for (const record of records) {
        bytes += record.payload.length
        ;(isBackfill(record) ? backfill : live).push(record)
      }
      const last = records.at(-1)
      if (last) head = Number(last.position)
    },
    take: (most) => {
      const crowded = backfill.length > MOST_BACKFILL
      const from = live.length > 0 && !crowded ? live : backfill
      const taken = from.length <= most ? from : from.splice(0, most)
      if (taken === live) live = []
      else if (taken === backfill) backfill = []
      for (const { payload } of taken) bytes -= payload.length
      return taken
    },
    takenThrough: () => {
      const first = Math.min(Number(live[0]?.position ?? Infinity), Number(backfill[0]?.position ?? Infinity))
      return first === Infinity ? head : first - 1
    },
    length: () => live.length + backfill.length,
    live: () => live.length,
    bytes: () => bytes,
  }
}
