import { call, segment } from '../api/client.ts'
import type { Alarm, AlarmEvent, Page } from '../api/types.ts'

const LOOKED_AT = 20
/** What is found later than this was history when it came in (a device that was cut off, say). */
const LIVE_MS = 300_000

/** From the reading that raised an alarm to its line in the alarm book, over the newest of those that readings raise. */
export async function alarmLatency(
  signal: AbortSignal,
): Promise<{ medianMs: number; worstMs: number; n: number } | null> {
  const { items } = await call<Page<Alarm>>('/v1/alarms?state=all&limit=500', { signal })
  const newest = items
    .filter(({ rule }) => rule.startsWith('detect-'))
    .sort((a, b) => b.raisedAt - a.raisedAt)
    .slice(0, LOOKED_AT)
  const histories = await Promise.all(
    newest.map(async ({ id }) =>
      call<{ items: AlarmEvent[] }>(`/v1/alarms/${segment(id)}/history?limit=10`, { signal }),
    ),
  )
  const latencies = histories
    .flatMap(({ items }) => items.filter(({ kind }) => kind === 'raised').slice(0, 1))
    .map(({ at, recordedAt }) => Math.max(0, recordedAt - at))
    .filter((ms) => ms < LIVE_MS)
    .sort((a, b) => a - b)
  const median = latencies[Math.floor(latencies.length / 2)]
  return median === undefined
    ? null
    : { medianMs: median, worstMs: latencies.at(-1) ?? median, n: latencies.length }
}
