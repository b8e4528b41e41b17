import type { RawRecord } from '../src/ports/raw-record.ts'
import type { PipelineLoop } from './pipeline-loop.ts'

const READ_BYTES = 4 * 1024 * 1024

/** Folds again what the last checkpoint did not hold. Nothing is listening yet. */
export async function replayJournal(parts: {
  journal: { read(from: number, mostBytes: number): Promise<readonly RawRecord[]> }
  loop: PipelineLoop
  output: { outstandingBytes(): number }
  after: number
  /** Reading on waits until the store has less than this to write. */
  mostOutstanding: number
}): Promise<void> {
  const { journal, loop, output, after, mostOutstanding } = parts
  for (let from = after + 1; ;) {
    const records = await journal.read(from, READ_BYTES)
    if (records.length === 0) return
    from = Number(records.at(-1)!.position) + 1
    loop.push(records)
    await loop.settled()
    while (output.outstandingBytes() > mostOutstanding)
      await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
