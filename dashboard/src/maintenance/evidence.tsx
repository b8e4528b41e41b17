import { now } from '../data/clock.ts'
import { factsOf, numberIn } from '../data/facts.ts'
import { moment, readable, value } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { linkTo } from '../router.ts'
import { Panel } from '../ui/parts.tsx'
import { ALARM_PROBABILITY, timeText, UNHEALTHY, type Risk } from './risk.ts'

const TREND_MS = 30 * 86_400_000

/** Why a machine stands where it stands in the list, and how it came there. */
export function Evidence({ risk }: { risk: Risk }) {
  const { thing, evidence, failure_probability: probability, health_index: health } = risk
  const judged = probability !== null || health !== null
  return (
    <div class="stack">
      <Panel title={`Why: ${thing}`} actions={<a href={linkTo(['device', thing])}>Its charts</a>}>
        <div class="body stack">
          <dl class="facts">
            <dt>Assessed</dt>
            <dd>{moment(risk.at)}</dd>
            <dt>Failure probability</dt>
            <dd>
              {probability === null ? 'no model has been promoted yet' : `${Math.round(probability * 100)} %`}
            </dd>
            <dt>Health</dt>
            <dd>
              {health === null
                ? 'its healthy period is still being recorded'
                : `${value(Math.round(health))} of 100`}
            </dd>
            {risk.estimated_time_to_failure && (
              <>
                <dt>Time to failure</dt>
                <dd>{timeText(risk)}</dd>
              </>
            )}
          </dl>
          {evidence.length > 0 ? (
            <ul class="bullets">
              {evidence.map((line) => (
                <li key={line}>{readable(line)}</li>
              ))}
            </ul>
          ) : (
            <p>
              {judged
                ? 'Nothing deviates from its healthy period.'
                : 'Nothing can be said yet. A machine is compared with its first week, or with the week after it was put right.'}
            </p>
          )}
          {risk.recommended_maintenance && (
            <p class="note">
              <b>Recommended:</b> {risk.recommended_maintenance.action}
              {risk.recommended_maintenance.component !== '' &&
                ` (${risk.recommended_maintenance.component})`}
            </p>
          )}
        </div>
      </Panel>
      <Trend thing={thing} />
    </div>
  )
}

/** The last month, hour by hour; nothing where there is no more than a word or two. */
function Trend({ thing }: { thing: string }) {
  const { data } = useData(
    `health of ${thing}`,
    async (signal) =>
      factsOf('machine_health', { thing, from: now() - TREND_MS, to: now() + 1 }, signal, 1000),
    60_000,
  )
  const facts = data ?? []
  const bounds = { from: Math.max(facts[0]?.at ?? 0, now() - TREND_MS), to: now() }
  const charts = [
    { title: 'Health', unit: 'of 100', name: 'health_index', scale: 1, limits: { low: UNHEALTHY } },
    { title: 'Failure probability', unit: '%', name: 'failure_probability', scale: 100, limits: { high: 100 * ALARM_PROBABILITY } }, // prettier-ignore
  ].map(({ name, scale, ...chart }) => ({
    ...chart,
    points: facts.flatMap((fact) => {
      const found = numberIn(fact, name)
      return found === null ? [] : [{ at: fact.at, value: found * scale }]
    }),
  }))
  return (
    <>
      {charts
        .filter(({ points }) => points.length > 1)
        .map(({ title, unit, limits, points }) => (
          <TimeChart
            key={title}
            title={title}
            sub="last 30 days"
            unit={unit}
            height={120}
            syncKey="health"
            points={{ at: points.map(({ at }) => at), mean: points.map((point) => point.value) }}
            bounds={bounds}
            decoration={{ limits }}
          />
        ))}
    </>
  )
}
