import { setTimeout as sleep } from 'node:timers/promises'
import { DirectoryInUse, lockDataDirectory } from '../src/adapters/local/data-directory.ts'
import { isAnnounced } from './endpoint-file.ts'

/** A box with work under way takes seconds to end; one that takes longer hangs. */
const PATIENCE_MS = 30_000
const AGAIN_MS = 100

/**
 * Locks the data directory, and waits where its holder is about to end: who stops a box and starts it at once is to have
 * one box afterwards, not none. A holder that is up is refused at once.
 */
export async function takeDataDirectory(dir: string, patienceMs = PATIENCE_MS): Promise<() => void> {
  for (let left = patienceMs; ; left -= AGAIN_MS) {
    try {
      return lockDataDirectory(dir)
    } catch (error) {
      if (!(error instanceof DirectoryInUse) || left <= 0 || isAnnounced(dir)) throw error
      await sleep(AGAIN_MS)
    }
  }
}
