import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { AlarmBook } from '../../src/ports/alarm-book.ts'
import type { Notifier } from '../../src/ports/notifier.ts'

/** What is younger is being told by whoever found it. */
const OLDER_THAN_MS = 60_000
const AT_ONCE = 500

/** Tells what the pipelines found and did not get round to telling; gives how many. */
export async function tellUntold(
  book: Pick<AlarmBook, 'untold' | 'told'>,
  notifier: Notifier,
  now: EpochMs,
): Promise<number> {
  let told = 0
  for (const transition of await book.untold(AT_ONCE)) {
    if (transition.at > now - OLDER_THAN_MS) continue
    await notifier.notify(transition)
    await book.told([transition.id])
    told++
  }
  return told
}
