import type { LakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { asHistory, rawPrefix, readRaw } from '../../src/adapters/aws/lake/raw-archive.ts'
import { dayOf } from '../../src/core/history/lake-layout.ts'
import { trades, type Trade } from '../../src/core/telemetry/reading.ts'
import type { RawMessage } from '../../src/ports/raw-record.ts'

export interface RawRange {
  trade: Trade
  /** Days of receipt since the epoch, half-open. */
  from: number
  to: number
  /** The last file that an earlier run has sent. */
  after: string
  /** Epoch milliseconds, half-open; all of the days where absent. */
  received?: { from: number; to: number }
}

/** Checks what a person typed. */
export function rawRange(given: unknown): RawRange {
  const { trade, from, to, after = '' } = (given ?? {}) as Record<string, unknown>
  const [first, last] = [from, to].map((date) =>
    typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date) ? dayOf(Date.parse(date)) : NaN,
  )
  if (!trades.includes(trade as Trade)) throw new Error(`raw.trade must be one of ${trades.join(', ')}`)
  if (!(first! < last!)) throw new Error('raw.from and raw.to must be days as 2026-11-01, from before to')
  if (typeof after !== 'string') throw new Error('raw.after must be the `next` of an earlier run')
  return { trade: trade as Trade, from: first!, to: last!, after }
}

export interface RefoldRawParts {
  files: Pick<LakeFiles, 'list' | 'get'>
  put(trade: Trade, messages: readonly RawMessage[]): Promise<void>
  /** Stops before the next file once this says so. */
  outOfTime(): boolean
}

/**
 * Sends archived messages through the pipeline again, as history: what was lost is stored, what is there stays. `next`
 * is what to give as `after` to go on, null when all is sent. Sending a file twice changes nothing.
 */
export async function refoldRaw(
  { trade, from, to, after, received }: RawRange,
  { files, put, outOfTime }: RefoldRawParts,
): Promise<{ files: number; messages: number; next: string | null }> {
  const done = { files: 0, messages: 0 }
  let last = after
  const isAsked = ({ receivedAt: at }: RawMessage): boolean =>
    received === undefined || (at >= received.from && at < received.to)
  for (let day = from; day < to; day++) {
    if (rawPrefix(trade, day + 1) <= after) continue
    for (const key of await files.list(rawPrefix(trade, day), Infinity)) {
      if (key <= after) continue
      if (outOfTime()) return { ...done, next: last }
      const all = readRaw(await files.get(key)).filter(isAsked)
      const messages = all.flatMap((message) => asHistory(message) ?? [])
      await put(trade, messages)
      done.files++
      done.messages += messages.length
      last = key
    }
  }
  return { ...done, next: null }
}
