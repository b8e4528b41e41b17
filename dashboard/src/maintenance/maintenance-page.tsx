import { call } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import { activeAlarms } from '../data/active-alarms.ts'
import { now } from '../data/clock.ts'
import { count } from '../data/format.ts'
import { devices } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route, setQuery } from '../router.ts'
import { Choice } from '../ui/form.tsx'
import { Empty, Loading, Panel, ProblemNote, Tile } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { AlarmTable } from '../alarms/alarm-table.tsx'
import { Evidence } from './evidence.tsx'
import { failureModes } from './failure-modes.ts'
import { Models } from './models.tsx'
import { Orders, type WorkOrder } from './orders.tsx'
import { ALARM_PROBABILITY, timeText, UNHEALTHY, type Risk } from './risk.ts'

const SHOWN = 100

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

/** Those in use, of which each may be a machine that is judged. */
const inPlants = (): number =>
  [...(devices.value?.values() ?? [])].filter(({ trade, status }) => trade === 'plant' && status === 'active')
    .length

/** Which machines are likely to fail, what speaks for it, and what is being done. */
export function MaintenancePage() {
  const { parts, query } = route.value
  const chosen = parts[1]
  const { data, problem, reload } = useData('maintenance', maintenanceDesk, 30_000)
  const { data: modes } = useData('failure modes', failureModes)
  if (problem && !data) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data) return <Loading lines={10} />
  const { orders } = data
  const machines = [...new Set(data.risks.flatMap(({ machine }) => machine ?? []))].sort()
  const kind = query.get('machine') ?? ''
  const risks = data.risks.filter(({ machine }) => kind === '' || machine === kind)
  const standing = orders.filter(({ status }) => status === 'open' || status === 'inProgress')
  const shown = data.risks.find(({ thing }) => thing === chosen) ?? risks[0]
  const assessed = data.risks.filter(
    (risk) => risk.failure_probability !== null || risk.health_index !== null,
  )
  if (data.risks.length === 0 && orders.length === 0) return <NotAssessed />
  return (
    <>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <div class="tiles">
        <Tile
          label="Machines judged"
          value={count(assessed.length)}
          unit={`of ${count(Math.max(inPlants(), data.risks.length))}`}
          note="in the last two hours"
        />
        <Tile
          label="Likely to fail"
          value={count(
            data.risks.filter(({ failure_probability: p }) => (p ?? 0) > ALARM_PROBABILITY).length,
          )}
          note="probability above 70 %"
        />
        <Tile
          label="Unhealthy"
          value={count(data.risks.filter(({ health_index: h }) => h !== null && h < UNHEALTHY).length)}
          note="beyond their healthy period"
        />
        <Tile label="Open work orders" value={count(standing.length)} note={overdue(standing)} />
      </div>
      {machines.length > 1 && (
        <div class="toolbar">
          <Choice
            label="Machines"
            value={kind}
            options={[['', 'All'], ...machines.map((name) => [name, name] as const)]}
            onChange={(name) => setQuery({ machine: name })}
          />
        </div>
      )}
      <div class="columns">
        <div class="stack">
          <Panel title="Risk" actions={<span class="muted">the riskiest first</span>}>
            <Table
              label="Risk"
              items={risks.slice(0, SHOWN)}
              keyOf={({ thing }) => thing}
              rowClass={({ thing }) => (thing === shown?.thing ? 'selected' : '')}
              columns={[
                { title: 'Machine', cell: ({ thing }) => <a class="nowrap" href={linkTo(['maintenance', thing], kind === '' ? {} : { machine: kind })}>{thing}</a> }, // prettier-ignore
                { title: 'Kind', cell: ({ machine }) => machine ?? '–', minor: true },
                { title: 'Failure probability', cell: (risk) => <Probability share={risk.failure_probability} /> }, // prettier-ignore
                { title: 'Health', cell: (risk) => <Health index={risk.health_index} /> },
                { title: 'Time to failure', cell: timeText, numeric: true, minor: true },
                { title: 'Recommended', cell: (risk) => risk.recommended_maintenance?.action ?? <span class="muted">nothing</span>, minor: true }, // prettier-ignore
              ]}
            />
            {risks.length > SHOWN && (
              <p class="more muted">{count(risks.length - SHOWN)} more, all less risky than these.</p>
            )}
          </Panel>
          <Orders orders={orders} machines={data.risks} modes={modes} onChanged={reload} />
          <Models takesFiles={modes !== null} />
        </div>
        {shown && <Evidence key={shown.thing} risk={shown} />}
      </div>
    </>
  )
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

function Health({ index }: { index: number | null }) {
  if (index === null) return <span class="muted">still learning</span>
  return (
    <span class="probability">
      <meter min={0} max={100} low={UNHEALTHY} optimum={100} value={index} aria-hidden="true" />{' '}
      {Math.round(index)}
    </span>
  )
}

function NotAssessed() {
  const machines = [...(devices.value?.values() ?? [])].filter(({ trade }) => trade === 'plant').length
  const alarms = (activeAlarms.value ?? []).filter(
    ({ thing }) => devices.value?.get(thing)?.trade === 'plant',
  )
  return (
    <>
      <Panel title="Risk">
        <Empty title={machines === 0 ? 'No machine is registered yet' : 'No machine has been assessed yet'}>
          {machines === 0 ? (
            <a href="#/devices?register=1">Register one with a type of the trade plant.</a>
          ) : (
            'Machines are judged every hour, from their first hour of readings on: by the distance from their healthy period, and by a trained model once one is promoted (telltale train).'
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
