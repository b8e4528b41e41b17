import { setTimeout as sleep } from 'node:timers/promises'
import { scoreFindings, type Finding, type Score } from '../../../simulator/score.ts'
import type { FaultLabel } from '../../../simulator/truth.ts'
import type { Anomaly } from '../../core/telemetry/stage.ts'
import type { Alarm, AlarmEvent } from '../../ports/alarm-book.ts'
import { presenceRules } from '../../pipeline/jobs/presence.ts'
import { inPath, type ApiClient } from './api-client.ts'
import { table } from './output.ts'

export interface RunScore {
  alarms: Score
  anomalies: Score
}

/** What is seen this long after a repair still counts for its fault. */
const GRACE_MS = 60_000
/** The store commits a few times a second. */
const SETTLE_MS = 1500

/** Compares what the box found in this run with what was really wrong. */
export async function scoreRun(
  api: ApiClient,
  things: ReadonlySet<string>,
  truth: readonly FaultLabel[],
  start: number,
  end: number,
): Promise<RunScore> {
  await sleep(SETTLE_MS)
  const within = ({ thing, at }: Finding): boolean => things.has(thing) && at >= start && at < end + GRACE_MS
  const raised: Finding[] = []
  for await (const alarms of api.pages<Alarm>('/v1/alarms', { state: 'all', limit: 1000 }))
    for (const { id, thing, rule, key } of alarms.filter((alarm) => things.has(alarm.thing))) {
      // That a device is away is no word on how it is.
      if ((presenceRules as readonly string[]).includes(rule)) continue
      const { items } = await api.get<{ items: AlarmEvent[] }>(`/v1/alarms/${inPath(id)}/history`, {
        limit: 1000,
      })
      for (const { kind, at } of items) if (kind === 'raised') raised.push(rule.startsWith('detect-') ? { thing, at, measure: key } : { thing, at }) // prettier-ignore
    }
  const found: Finding[] = []
  const range = { from: Math.floor(start), to: Math.ceil(end + GRACE_MS), limit: 1000 }
  for await (const anomalies of api.pages<Anomaly>('/v1/anomalies', range)) found.push(...anomalies)
  return {
    alarms: scoreFindings(truth, raised.filter(within), GRACE_MS),
    anomalies: scoreFindings(truth, found.filter(within), GRACE_MS),
  }
}

export function scoreText({ alarms, anomalies }: RunScore): string {
  const share = (value: number | null): string => (value === null ? '–' : `${Math.round(value * 100)} %`)
  const row = (name: string, s: Score) => [name, s.findings, s.falseFindings, share(s.precision), `${s.found} of ${s.faults}`, share(s.recall), share(s.f1), s.medianDelayS] // prettier-ignore
  const missed = alarms.byFault.filter(({ delayS }) => delayS === null)
  return [
    table(
      ['', 'found', 'false', 'precision', 'faults', 'recall', 'F1', 'median delay s'],
      [row('alarms', alarms), row('anomalies', anomalies)],
    ),
    ...(missed.length > 0 ? [`no alarm for ${missed.map(({ thing, mode }) => `${thing} ${mode}`).join(', ')}`] : []), // prettier-ignore
  ].join('\n')
}
