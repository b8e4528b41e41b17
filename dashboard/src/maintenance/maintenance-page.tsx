import type { Fact } from '../api/types.ts'
import { activeAlarms } from '../data/active-alarms.ts'
import { now } from '../data/clock.ts'
import { factsOf, factTypes, listIn, newestBy, numberIn, objectIn, textIn } from '../data/facts.ts'
import { count, duration, moment } from '../data/format.ts'
import { devices } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route } from '../router.ts'
import { Empty, Loading, Panel, ProblemNote, Tile } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { AlarmTable } from '../alarms/alarm-table.tsx'

const DAY = 86_400_000
const ALARM_PROBABILITY = 0.7

/** Which machines are likely to fail, what speaks for it, and what is being done. */
export function MaintenancePage() {
  const chosen = route.value.parts[1]
  const { data, problem, reload } = useData(
    'maintenance',
    async (signal) => {
      const to = now() + DAY
      const [assessments, orders] = await Promise.all([
        factsOf(factTypes.assessment, { from: to - 8 * DAY, to }, signal, 20_000),
        factsOf(factTypes.workOrder, { from: to - 360 * DAY, to }, signal, 5000),
      ])
      return { assessments, orders }
    },
    30_000,
  )
  if (problem) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data) return <Loading lines={10} />
  const risks = [...newestBy(data.assessments, ({ thing }) => thing).values()].sort(
    (a, b) => riskOf(b) - riskOf(a),
  )
  const orders = [...newestBy(data.orders, ({ thing, key }) => `${thing} ${key}`).values()]
  const standing = orders.filter((order) => ['open', 'inProgress'].includes(textIn(order, 'status') ?? ''))
  const shown = risks.find(({ thing }) => thing === chosen) ?? risks[0]
  const machines = [...(devices.value?.values() ?? [])].filter(({ trade }) => trade === 'plant').length
  if (risks.length === 0) return <NotAssessed machines={machines} />
  return (
    <>
      <div class="tiles">
        <Tile label="Machines assessed" value={count(risks.length)} unit={`of ${count(machines)}`} />
        <Tile
          label="Likely to fail"
          value={count(risks.filter((risk) => riskOf(risk) > ALARM_PROBABILITY).length)}
          note="probability above 70 %"
        />
        <Tile label="Open work orders" value={count(standing.length)} note={overdue(standing)} />
      </div>
      <div class="columns">
        <div class="stack">
          <Panel title="Risk">
            <Table
              label="Risk"
              items={risks}
              keyOf={({ thing }) => thing}
              rowClass={({ thing }) => (thing === shown?.thing ? 'selected' : '')}
              columns={[
                {
                  title: 'Machine',
                  cell: ({ thing }) => <a href={linkTo(['maintenance', thing])}>{thing}</a>,
                },
                { title: 'Failure probability', cell: (risk) => <Probability share={numberIn(risk, 'failure_probability')} /> }, // prettier-ignore
                { title: 'Health', cell: (risk) => health(numberIn(risk, 'health_index')), numeric: true },
                { title: 'Time to failure', cell: timeText, numeric: true, minor: true },
                { title: 'Recommended', cell: (risk) => actionOf(risk) ?? <span class="muted">nothing</span>, minor: true }, // prettier-ignore
              ]}
            />
          </Panel>
          <Panel title="Work orders">
            {orders.length === 0 ? (
              <Empty title="No work order was opened yet">
                One opens by itself when a failure becomes likely.
              </Empty>
            ) : (
              <Table
                label="Work orders"
                items={orders.sort((a, b) => b.at - a.at)}
                keyOf={({ thing, key }) => `${thing} ${key}`}
                columns={[
                  { title: 'Machine', cell: ({ thing }) => thing },
                  { title: 'What to do', cell: (order) => textIn(order, 'action') },
                  { title: 'Status', cell: (order) => textIn(order, 'status') },
                  { title: 'Due', cell: (order) => due(numberIn(order, 'dueAt')), numeric: true },
                ]}
              />
            )}
          </Panel>
        </div>
        {shown && <Evidence risk={shown} />}
      </div>
    </>
  )
}

const riskOf = (fact: Fact): number => numberIn(fact, 'failure_probability') ?? -1
const health = (index: number | null): string => (index === null ? 'not known' : `${Math.round(index * (index <= 1 ? 100 : 1))} %`) // prettier-ignore
const due = (at: number | null): string => (at === null ? '–' : moment(at))
const actionOf = (risk: Fact): string | null => {
  const action = objectIn(risk, 'recommended_maintenance')?.['action']
  return typeof action === 'string' ? action : null
}
function timeText(risk: Fact): string {
  const found = objectIn(risk, 'estimated_time_to_failure')
  const hours = (name: string): string =>
    typeof found?.[name] === 'number' ? duration(found[name] * 3_600_000) : '–'
  return found ? `${hours('p50')} (${hours('p10')} to ${hours('p90')})` : '–'
}
function overdue(orders: readonly Fact[]): string {
  const n = orders.filter((order) => (numberIn(order, 'dueAt') ?? Infinity) < now()).length
  return n === 0 ? 'none overdue' : `${n} overdue`
}

function Probability({ share }: { share: number | null }) {
  if (share === null) return <span class="muted">no model yet</span>
  return (
    <span class="probability">
      <meter min={0} max={1} high={ALARM_PROBABILITY} optimum={0} value={share} aria-hidden="true" />{' '}
      {Math.round(share * 100)} %
    </span>
  )
}

function Evidence({ risk }: { risk: Fact }) {
  const evidence = listIn(risk, 'evidence').filter((line): line is string => typeof line === 'string')
  return (
    <Panel title={`Why: ${risk.thing}`} actions={<a href={linkTo(['device', risk.thing])}>Its charts</a>}>
      <div class="body stack">
        <p class="muted">Assessed {moment(risk.at)}</p>
        {evidence.length === 0 ? (
          <p>Nothing deviates from its healthy period.</p>
        ) : (
          <ul class="bullets">
            {evidence.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {actionOf(risk) !== null && (
          <p>
            <b>Recommended:</b> {actionOf(risk)}
          </p>
        )}
      </div>
    </Panel>
  )
}

function NotAssessed({ machines }: { machines: number }) {
  const alarms = (activeAlarms.value ?? []).filter(
    ({ thing }) => devices.value?.get(thing)?.trade === 'plant',
  )
  return (
    <>
      <Panel title="Risk">
        <Empty title={machines === 0 ? 'No machine is registered yet' : 'No machine has been assessed yet'}>
          {machines === 0 ? (
            <a href="#/devices?register=">Register one with a type of the trade plant.</a>
          ) : (
            'An assessment needs a machine’s healthy period, about a day of closed minutes, or a trained model (telltale train). Until then its alarms below are all there is.'
          )}
        </Empty>
      </Panel>
      {alarms.length > 0 && (
        <Panel title="Machines with an alarm">
          <AlarmTable alarms={alarms.slice(0, 20)} />
        </Panel>
      )}
    </>
  )
}
