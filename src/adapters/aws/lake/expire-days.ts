import { dateOf, dayOf, type LakeKind } from '../../../core/history/lake-layout.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { RetentionPolicy } from '../../../core/retention/retention.ts'
import type { LakeFiles } from './lake-files.ts'
import type { Manifest } from './manifest.ts'
import { entriesOf, type Entry } from './shown-place.ts'

export const lakeKinds: readonly LakeKind[] = ['readings', 'windows', 'quarters', 'days']
/** Threat: a policy that was put by mistake. At this rate somebody sees it before much is gone. */
const DAYS_A_DAY = 2

export interface DueDays {
  kind: LakeKind
  /** Ascending, with the files of the kind. */
  days: { day: number; files: Entry[] }[]
}

/** Published days that a policy no longer keeps, kind by kind, oldest first. */
export async function dueDays(
  manifest: Pick<Manifest, 'between'>,
  policy: RetentionPolicy,
  today: number,
): Promise<DueDays[]> {
  const due: DueDays[] = []
  for (const kind of lakeKinds) {
    // From the very first: a day that was published late, or that a run has not finished, is due again.
    const published = await manifest.between(tableOf(kind), 0, today - policy.classes[0]!.days[kind])
    const days = published.map((shown) => ({ day: shown.day, files: entriesOf(shown).filter(({ key }) => isKind(kind, key)) })) // prettier-ignore
    due.push({ kind, days: days.filter(({ files }) => files.length > 0) })
  }
  return due
}

/**
 * Takes away what the policy no longer keeps, two days of data a day at most. A day is hidden from questions, then its
 * objects go, then the manifest forgets them, so that a run that dies is made up for by the next. Gives the days by kind.
 */
export async function expireDays(
  files: Pick<LakeFiles, 'list' | 'remove'>,
  manifest: Pick<Manifest, 'between' | 'get' | 'publish' | 'expired' | 'policy'>,
  now: EpochMs,
): Promise<Partial<Record<LakeKind, string[]>>> {
  const [policy, hidden] = await Promise.all([manifest.policy.get(), manifest.expired.get()])
  const today = dayOf(now)
  const gone: Partial<Record<LakeKind, string[]>> = {}
  if (policy === null || hidden.lookedOn >= today) return gone
  for (const { kind, days } of await dueDays(manifest, policy, today)) {
    const going = days.slice(0, DAYS_A_DAY)
    if (going.length === 0) continue
    for (const { day } of going) {
      hidden[kind] = Math.max(hidden[kind], day + 1)
      await manifest.expired.set(hidden)
      await expireDay(files, manifest, kind, day)
    }
    gone[kind] = going.map(({ day }) => dateOf(day))
  }
  await manifest.expired.set({ ...hidden, lookedOn: today })
  return gone
}

async function expireDay(
  files: Pick<LakeFiles, 'list' | 'remove'>,
  manifest: Pick<Manifest, 'get' | 'publish'>,
  kind: LakeKind,
  day: number,
): Promise<void> {
  const date = dateOf(day)
  // Those that a run left behind without showing them, too.
  for (const key of await files.list(`${kind}/dt=${date}/`, Infinity)) await files.remove(key)
  const shown = await manifest.get(tableOf(kind), date)
  if (!shown) return
  const kept = entriesOf(shown).filter(({ key }) => !isKind(kind, key))
  const next = { generation: shown.generation + 1, files: kept.map(({ key }) => key), rows: kept.map(({ rows }) => rows) } // prettier-ignore
  if (!(await manifest.publish(tableOf(kind), date, next, shown.generation)))
    throw new Error(`${kind} of ${date} were published meanwhile; the next run takes them away`)
}

const tableOf = (kind: LakeKind): string => (kind === 'readings' ? 'readings' : 'windows')
const isKind = (kind: LakeKind, key: string): boolean => key.startsWith(`${kind}/`)
