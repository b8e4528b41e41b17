import type { Severity } from '../../core/alarm/transition.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Alarm, AlarmEvent } from '../../ports/alarm-book.ts'
import type { ReportRequest, ReportSources } from './report-sources.ts'

/** One time that an alarm stood. */
export interface Episode {
  thing: string
  key: string
  rule: string
  severity: Severity
  text: string
  from: EpochMs
  /** Null while it still stands. */
  until: EpochMs | null
  acknowledgedAt: EpochMs | null
}

const PAGE = 1000
const EVENTS = 1000
/** Threat: a plant that has chattered for years must not be read whole for one week. */
const MOST_ALARMS = 5000

/** What stood at any time of the request on these things, ascending by start. `complete` is false if there was more. */
export async function alarmEpisodes(
  { alarms }: Pick<ReportSources, 'alarms'>,
  { from, to }: Pick<ReportRequest, 'from' | 'to'>,
  concerns: (thing: string) => boolean,
): Promise<{ episodes: Episode[]; complete: boolean }> {
  const episodes: Episode[] = []
  let looked = 0
  for (let cursor: string | undefined; ;) {
    const page = await alarms.list({ state: 'all', limit: PAGE, ...(cursor !== undefined && { cursor }) })
    for (const alarm of page) {
      if (!concerns(alarm.thing) || !touches(alarm, from)) continue
      if (looked++ >= MOST_ALARMS) return { episodes: sorted(episodes), complete: false }
      const events = await alarms.history(alarm.id, EVENTS)
      episodes.push(...episodesOf(alarm, events).filter((e) => e.from < to && (e.until ?? Infinity) > from))
    }
    cursor = page.at(-1)?.id
    if (page.length < PAGE) return { episodes: sorted(episodes), complete: true }
  }
}

/** Whether it changed or stood since the start; what was acknowledged later changes nothing. */
const touches = ({ transitionAt, clearedAt }: Alarm, from: EpochMs): boolean =>
  clearedAt === null || transitionAt >= from

const sorted = (episodes: Episode[]): Episode[] =>
  episodes.sort((a, b) => a.from - b.from || (a.thing < b.thing ? -1 : 1))

/** The book’s events, newest first, as stretches of time. */
function episodesOf({ thing, key, rule }: Alarm, events: readonly AlarmEvent[]): Episode[] {
  const found: Episode[] = []
  for (const { kind, at, severity, text } of events.toReversed()) {
    const open = found.at(-1)
    if (kind === 'raised')
      found.push({ thing, key, rule, severity, text, from: at, until: null, acknowledgedAt: null })
    else if (!open) continue
    else if (kind === 'cleared') open.until ??= at
    else open.acknowledgedAt ??= at
  }
  // One that was raised again has ended before, whatever became of its event.
  return found.map((episode, i) => ({ ...episode, until: episode.until ?? found[i + 1]?.from ?? null }))
}
