import { call } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import { activeAlarms } from '../data/active-alarms.ts'
import { now } from '../data/clock.ts'
import { count, duration, moment } from '../data/format.ts'
import { devices } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route } from '../router.ts'
import { Empty, Loading, Panel, ProblemNote, Tile } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { Orders, type WorkOrder } from './orders.tsx'
import { AlarmTable } from '../alarms/alarm-table.tsx'

const ALARM_PROBABILITY = 0.7

interface Risk {
  thing: string
  at: number
  failure_probability: number | null
  health_index: number | null
  evidence: string[]
  estimated_time_to_failure?: { p10: number; p50: number; p90: number }
  recommended_maintenance?: { action: string; component: string }
}

/** The desk of the mechanics; nothing of it where this installation has none. */
async function maintenanceDesk(signal: AbortSignal): Promise<{ risks: Risk[]; orders: WorkOrder[] }> {
  try {
    const [risks, orders] = await Promise.all([
      call<{ items: Risk[] }>('/v1/maintenance/risks?limit=1000', { signal }),
      call<{ items: WorkOrder[] }>('/v1/maintenance/orders?limit=1000', { signal }),
    ])
    return { risks: risks.items, orders: orders.items.sort((a, b) => b.openedAt - a.openedAt) }
  } catch (error) {
    if (asProblem(error).code === 'no_such_path') return { risks: [], orders: [] }
    throw error
  }
}

/** Which machines are likely to fail, what speaks for it, and what is being done. */
export function MaintenancePage() {
  const chosen = route.value.parts[1]
  const { data, problem, reload } = useData('maintenance', maintenanceDesk, 30_000)
  if (problem) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data) return <Loading lines={10} />
  const { risks, orders } = data
  const standing = orders.filter(({ status }) => status === 'open' || status === 'inProgress')
  const shown = risks.find(({ thing }) => thing === chosen) ?? risks[0]
  const machines = [...(devices.value?.values() ?? [])].filter(({ trade }) => trade === 'plant').length
  if (risks.length === 0 && orders.length === 0) return <NotAssessed machines={machines} />
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
                { title: 'Failure probability', cell: (risk) => <Probability share={risk.failure_probability} /> }, // prettier-ignore
                { title: 'Health', cell: (risk) => health(risk.health_index), numeric: true },
                { title: 'Time to failure', cell: timeText, numeric: true, minor: true },
                { title: 'Recommended', cell: (risk) => risk.recommended_maintenance?.action ?? <span class="muted">nothing</span>, minor: true }, // prettier-ignore
              ]}
            />
          </Panel>
          <Orders orders={orders} onChanged={reload} />
        </div>
        {shown && <Evidence risk={shown} />}
      </div>
    </>
  )
}

const riskOf = (risk: Risk): number => risk.failure_probability ?? -1
const health = (index: number | null): string =>
  index === null ? 'not known' : `${Math.round(index)} of 100`
const timeText = ({ estimated_time_to_failure: found }: Risk): string => {
  const hours = (n: number): string => duration(n * 3_600_000)
  return found ? `${hours(found.p50)} (${hours(found.p10)} to ${hours(found.p90)})` : '–'
}
function overdue(orders: readonly WorkOrder[]): string {
  const n = orders.filter(({ dueAt }) => dueAt < now()).length
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

function Evidence({ risk }: { risk: Risk }) {
  const { evidence } = risk
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
        {risk.recommended_maintenance && (
          <p>
            <b>Recommended:</b> {risk.recommended_maintenance.action}
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
