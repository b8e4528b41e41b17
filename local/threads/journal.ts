import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { openSegments } from '../../src/adapters/local/journal/segments.ts'
import { serve } from '../../src/adapters/local/rpc.ts'

/** The journal's own thread: nothing but the sync that devices wait for, so that no other write delays it. */
const { dir, segmentBytes, archive } = workerData as { dir: string; segmentBytes: number; archive: boolean }

const segments = openSegments(
  join(dir, 'journal'),
  segmentBytes,
  archive ? join(dir, 'raw', 'pending') : null,
)
const { next, append, read, dropBefore, rotate, close } = segments

const handlers = { next, append, read, dropBefore, rotate, close }
export type JournalThread = typeof handlers

serve(parentPort!, handlers)
