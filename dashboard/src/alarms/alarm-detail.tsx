import { call, segment } from '../api/client.ts'
import type { Alarm, AlarmEvent } from '../api/types.ts'
import { isUnacknowledged } from '../data/active-alarms.ts'
import { duration, measureText, moment, unitText, value, readable } from '../data/format.ts'
import { devices, measureTypeOf } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { now } from '../data/clock.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { fetchSeries } from '../device/series-source.ts'
import { linkTo, route } from '../router.ts'
import { Loading, Panel, ProblemNote, SeverityMark } from '../ui/parts.tsx'
import { stateText } from './alarm-table.tsx'

/** Why an alarm stands, what led to it, and what happened since. */
export function AlarmDetail(props: {
  id: string
  version: string
  /** Absent for those who may not. */
  onAcknowledge?: (alarm: Alarm) => void
}) {
  const { id, version, onAcknowledge } = props
  const { data, problem, reload } = useData(
    id,
    async (signal) => {
      const path = `/v1/alarms/${segment(id)}`
      const [alarm, history] = await Promise.all([
        call<Alarm>(path, { signal }),
        call<{ items: AlarmEvent[] }>(`${path}/history?limit=50`, { signal }),
      ])
      return { alarm, history: history.items }
    },
    undefined,
    version,
  )
  if (problem) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data)
    return (
      <Panel title="Why">
        <Loading lines={8} />
      </Panel>
    )
  const { alarm, history } = data
  const { why } = alarm
  return (
    <div class="stack">
      <Panel
        title="Why"
        actions={
          <a href={linkTo(['alarms'], Object.fromEntries(route.value.query))} aria-label="Close the details">
            ✕
          </a>
        }
      >
        <div class="body stack">
          <p>
            <SeverityMark severity={alarm.severity} /> <b>{readable(why.text)}</b>
          </p>
          <dl class="facts">
            <dt>Device</dt>
            <dd>
              <a href={linkTo(['device', alarm.thing])}>{alarm.thing}</a>
            </dd>
            <dt>State</dt>
            <dd>{stateText[alarm.state]}</dd>
            {why.observed !== undefined && (
              <>
                <dt>Observed</dt>
                <dd>
                  {typeof why.observed === 'number' ? value(why.observed) : why.observed} {unitText(why.unit)}
                </dd>
              </>
            )}
            {why.expected && (
              <>
                <dt>Expected</dt>
                <dd>{expectedText(why.expected, why.unit)}</dd>
              </>
            )}
            <dt>Found by</dt>
            <dd>
              {why.detector} <span class="muted">({alarm.rule})</span>
            </dd>
            <dt>Raised</dt>
            <dd>{moment(alarm.raisedAt)}</dd>
            {alarm.clearedAt !== null && (
              <>
                <dt>Cleared</dt>
                <dd>
                  {moment(alarm.clearedAt)}, after {duration(alarm.clearedAt - alarm.raisedAt)}
                </dd>
              </>
            )}
            <dt>Occurrences</dt>
            <dd>{alarm.occurrences}</dd>
            {alarm.acknowledgedAt !== null && (
              <>
                <dt>Acknowledged</dt>
                <dd>
                  {moment(alarm.acknowledgedAt)} by {alarm.acknowledgedBy}
                  {alarm.comment !== null && `: ${alarm.comment}`}
                </dd>
              </>
            )}
            {Object.entries(why.details ?? {}).map(([name, detail]) => (
              <>
                <dt>{name.replaceAll('_', ' ')}</dt>
                <dd>{detailText(detail)}</dd>
              </>
            ))}
          </dl>
          {onAcknowledge && isUnacknowledged(alarm) && (
            <div class="buttons">
              <button type="button" class="primary" onClick={() => onAcknowledge(alarm)}>
                Acknowledge
              </button>
            </div>
          )}
        </div>
      </Panel>
      <LeadUp alarm={alarm} />
      <Panel title="History">
        <ul class="entries happened">
          {history.map((event) => (
            <li key={event.id}>
              <b>{event.kind}</b>
              <span class="muted">{moment(event.at)}</span>
              <span>
                {event.by === null
                  ? readable(event.text)
                  : `by ${event.by}${event.text === '' ? '' : `: ${event.text}`}`}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  )
}

const detailText = (detail: unknown): string =>
  typeof detail === 'number' ? value(detail) : typeof detail === 'string' ? detail : JSON.stringify(detail)

export function expectedText({ low, high }: { low?: number; high?: number }, unit?: string): string {
  const u = unitText(unit)
  if (low !== undefined && high !== undefined) return `${value(low)} to ${value(high)} ${u}`
  if (low === undefined && high === undefined) return 'not known'
  return low === undefined ? `at most ${value(high)} ${u}` : `at least ${value(low)} ${u}`
}

/** The measure in the minutes around the moment when the alarm was raised. */
function LeadUp({ alarm }: { alarm: Alarm }) {
  const device = devices.value?.get(alarm.thing)
  const from = alarm.raisedAt - 300_000
  const to = Math.min(now(), alarm.raisedAt + 300_000)
  const { data } = useData(`${alarm.id} ${alarm.raisedAt} lead-up`, (signal) =>
    fetchSeries({ thing: alarm.thing, measures: [alarm.key], from, to, points: 400 }, signal),
  )
  const points = data?.series.get(alarm.key)
  if (!points) return null
  const limits = measureTypeOf(device, alarm.key)
  const { expected } = alarm.why
  return (
    <TimeChart
      title={measureText(alarm.key)}
      sub="when it was raised"
      unit={alarm.why.unit ?? measureTypeOf(device, alarm.key).unit}
      points={points}
      bounds={{ from, to }}
      height={150}
      decoration={{
        limits,
        spans: [{ from: alarm.raisedAt, to: alarm.clearedAt ?? to, severity: alarm.severity }],
        ...(expected &&
          (expected.low !== limits.low || expected.high !== limits.high) && {
            expected: [{ from, to, ...expected }],
          }),
      }}
    />
  )
}
