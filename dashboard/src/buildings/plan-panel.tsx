import { call, segment } from '../api/client.ts'
import { moment, value } from '../data/format.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { may } from '../session/me.ts'
import { useAction } from '../ui/form.tsx'
import { Empty, Loading, Panel, ProblemNote } from '../ui/parts.tsx'
import { savingText, type Override, type Plan, type PlannedZone } from './building-data.ts'

/** What is planned for heating and cooling over the next day, what it saves, and why. */
export function PlanPanel(props: {
  site: string
  plan: Plan | null
  overrides: readonly Override[]
  loaded: boolean
  onPlanned: () => void
}) {
  const { site, plan, overrides, loaded, onPlanned } = props
  const { busy, problem, run } = useAction()
  const planNow = (): void =>
    run(async () => {
      await call(`/v1/buildings/${segment(site)}/plan`, { method: 'POST', body: {} })
      onPlanned()
    })
  return (
    <Panel
      title="Plan"
      actions={
        <span class="buttons">
          {plan && <span class="muted">of {moment(plan.at)}</span>}
          {may('operator') && (
            <button type="button" class="small" disabled={busy} onClick={planNow}>
              Plan now
            </button>
          )}
        </span>
      }
    >
      {problem && <ProblemNote problem={problem} />}
      {!loaded ? (
        <Loading lines={6} />
      ) : plan ? (
        <Planned plan={plan} overrides={overrides} />
      ) : (
        <Empty title="Nothing has been planned yet">
          A plan needs a described building with a zone whose plant can be steered, a schedule, a tariff, and
          readings of the last half hour. With about a week of history it knows the building; before, it
          follows a rule. It is only advised until the building’s control is set to “apply”.
        </Empty>
      )}
    </Panel>
  )
}

function Planned({ plan, overrides }: { plan: Plan; overrides: readonly Override[] }) {
  const { zones, left, horizon, stepMs, currency } = plan
  const from = horizon[0]?.at ?? plan.at
  const bounds = { from, to: (horizon.at(-1)?.at ?? from) + stepMs }
  const at = horizon.map((step) => step.at)
  return (
    <div class="body stack">
      {zones.length === 0 ? (
        <p>
          <b>No zone can be planned now.</b>
        </p>
      ) : (
        <p>
          <b>{plan.action === 'apply' ? 'Applied' : 'Advised'}</b>: {money(plan.expectedCost, currency)} over
          the next {plan.horizonHours} hours, where the building’s own schedule would cost{' '}
          {money(plan.scheduledCost, currency)}. The plan {savingText(plan.saving)}
          {plan.saving > 0 ? `, at least ${Math.round(plan.savingLow * 100)} % with 80 % confidence` : ''}.
        </p>
      )}
      {zones.map((zone) => {
        const steps = plan.setPoints[zone.zone] ?? []
        const override = overrides.find((o) => o.zone === zone.zone)
        return (
          <div key={zone.zone} class="stack tight">
            <TimeChart
              title={zone.zone}
              sub="set points"
              unit="Cel"
              height={120}
              syncKey="plan"
              points={{
                at,
                mean: steps.map(({ heatC }) => heatC),
                min: steps.map(({ heatC }) => heatC),
                max: steps.map(({ coolC }) => coolC),
              }}
              bounds={bounds}
              headline={{
                value: steps[0]?.heatC ?? null,
                note: `now to ${value(steps[0]?.coolC)} from`,
              }}
            />
            <p>{zone.why}</p>
            <p class="muted">{zoneText(zone)}</p>
            {override && (
              <p class="note">
                Set by hand to {value(override.heatC)} to {value(override.coolC)} °C until{' '}
                {moment(override.until)} by {override.by}; the plan leaves it alone.
              </p>
            )}
          </div>
        )
      })}
      {left.map(({ zone, why }) => (
        <p key={zone} class="note">
          {why}
        </p>
      ))}
      <TimeChart
        title="Outdoors"
        sub={plan.weather === 'none' ? 'no forecast: as now' : `forecast: ${plan.weather}`}
        unit="Cel"
        height={96}
        colourIndex={2}
        syncKey="plan"
        points={{ at, mean: horizon.map(({ outdoorC }) => outdoorC) }}
        bounds={bounds}
        headline={{ value: horizon[0]?.outdoorC ?? null, note: 'now' }}
      />
      {currency !== null && (
        <TimeChart
          title="Price of a kWh"
          unit={currency}
          height={96}
          colourIndex={3}
          floor={0}
          syncKey="plan"
          points={{ at, mean: horizon.map(({ price }) => price) }}
          bounds={bounds}
          headline={{ value: horizon[0]?.price ?? null, note: 'now' }}
        />
      )}
    </div>
  )
}

const money = (amount: number, currency: string | null): string =>
  `${value(Math.round(amount * 100) / 100)} ${currency ?? 'kWh'}`

function zoneText({ method, expectedKWh, scheduledKWh }: PlannedZone): string {
  const how = method === 'rule' ? 'by rule, its model is not learned yet' : 'by its learned model'
  return `${value(Math.round(expectedKWh))} kWh instead of ${value(Math.round(scheduledKWh))}, ${how}`
}
