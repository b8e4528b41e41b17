import type { Manifest } from '../../src/adapters/aws/lake/manifest.ts'
import { ApiProblem } from '../../src/api/problem.ts'
import { DAY, dayOf } from '../../src/core/history/lake-layout.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'

/** Throws where readings from here on lie in Deep Archive in part: Athena leaves those out without a word. */
export async function refuseArchived(
  manifest: Pick<Manifest, 'first' | 'expired'>,
  { from, now, coldDays }: { from: EpochMs; now: EpochMs; coldDays: number },
): Promise<void> {
  const queryable = dayOf(now) - coldDays
  if (dayOf(from) >= queryable) return
  const [first, expired] = await Promise.all([manifest.first('readings'), manifest.expired.get()])
  if (first === null || Math.max(first, expired.readings) >= queryable) return
  throw new ApiProblem('deep_archive', `readings before ${new Date(queryable * DAY).toISOString()} lie in Deep Archive: begin there, or restore their objects and ask Athena`) // prettier-ignore
}
