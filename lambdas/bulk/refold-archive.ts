import type { LakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { rawRoot } from '../../src/adapters/aws/lake/raw-archive.ts'
import { dayOf } from '../../src/core/history/lake-layout.ts'
import type { Trade } from '../../src/core/telemetry/reading.ts'
import type { RawMessage } from '../../src/ports/raw-record.ts'
import { refoldRaw } from '../redrive/refold-raw.ts'

export interface RefoldArchiveParts {
  /** Those of this deployment, in the order in which they are sent. */
  trades: readonly Trade[]
  files: Pick<LakeFiles, 'list' | 'get'>
  put(trade: Trade, messages: readonly RawMessage[]): Promise<void>
  outOfTime(): boolean
}

/** Sends what all trades received within a range again, a part at a time: `next` is the file that was the last. */
export async function refoldArchive(
  { from, to, after = '' }: { from: number; to: number; after?: string | undefined },
  { trades, ...parts }: RefoldArchiveParts,
): Promise<{ messages: number; next: string | null }> {
  const begun = trades.findIndex((trade) => after.startsWith(rawRoot(trade)))
  let messages = 0
  for (const trade of trades.slice(Math.max(0, begun))) {
    const done = await refoldRaw(
      {
        trade,
        from: dayOf(from),
        to: dayOf(to - 1) + 1,
        after: after.startsWith(rawRoot(trade)) ? after : rawRoot(trade),
        received: { from, to },
      },
      parts,
    )
    messages += done.messages
    if (done.next !== null) return { messages, next: done.next }
  }
  return { messages, next: null }
}
