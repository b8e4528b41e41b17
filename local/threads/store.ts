import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { createLakeStore } from '../../src/adapters/local/lake/store-side.ts'
import { serve } from '../../src/adapters/local/rpc.ts'
import { openTail } from '../../src/adapters/local/tail/schema.ts'
import { createStoreLoop } from '../../src/adapters/local/tail/store-loop.ts'
import { createTailWriter } from '../../src/adapters/local/tail/tail-writer.ts'

/** The thread that writes the tail: readings, windows, findings, states, and repairs. */
const { dir, commitEveryMs } = workerData as { dir: string; commitEveryMs: number }

const db = openTail(join(dir, 'tail.db'))
const writer = createTailWriter(db)
const loop = createStoreLoop({
  writer,
  commitEveryMs,
  retryMs: 1000,
  repairSlice: 200,
  elapsed: () => performance.now(),
})

const lake = createLakeStore(dir, db, writer, loop)

const handlers = {
  ...lake,
  recover: () => writer.recover(),
  write: loop.write,
  repair: loop.repair,
  waitingForRepair: writer.waitingForRepair,
  mark: loop.mark,
  trouble: () => loop.trouble(),
  quarantineDropped: writer.quarantineDropped,
  close: () => {
    loop.close()
    db.close()
  },
}
export type StoreThread = typeof handlers

serve(parentPort!, handlers)
