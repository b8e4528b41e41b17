import type { Fact } from '../api/types.ts'
import { worstByThing } from '../data/active-alarms.ts'
import { now } from '../data/clock.ts'
import { factsOf, factTypes, listIn, numberIn, textIn } from '../data/facts.ts'
import { duration, moment, value, readable } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { linkTo } from '../router.ts'
import { Age, Empty, Loading, Panel, PresenceMark, ProblemNote, SeverityMark } from '../ui/parts.tsx'
import type { Vehicle } from './vehicles.ts'

const DAY = 86_400_000

/** One vehicle: where it is, its fuel, its driver, its last trips. */
export function VehicleDetail({ vehicle }: { vehicle: Vehicle }) {
  const { device, place, speedKmh, fuelPercent, at, presence } = vehicle
  const { thing } = device
  const alarm = worstByThing.value.get(thing)
  const { data, problem, reload } = useData(
    `trips ${thing}`,
    async (signal) => {
      const range = { thing, from: now() - 2 * DAY, to: now() + 60_000 }
      const types = [factTypes.trip, factTypes.refuel, factTypes.drain, factTypes.harsh, factTypes.tripRisk]
      const [trips = [], refuels = [], drains = [], harsh = [], risks = []] = await Promise.all(
        types.map(async (type) => factsOf(type, range, signal, 1000)),
      )
      return {
        trips: trips.reverse(),
        fuel: [...refuels, ...drains].sort((a, b) => b.at - a.at),
        harsh,
        risk: risks.at(-1),
      }
    },
    30_000,
  )
  return (
    <div class="stack">
      <Panel
        title={thing}
        actions={
          <a href="#/fleet" aria-label="Back to all vehicles">
            ✕
          </a>
        }
      >
        <div class="body stack">
          {alarm && (
            <p>
              <SeverityMark severity={alarm.severity} />{' '}
              <a href={linkTo(['alarms', alarm.id])}>{readable(alarm.why.text)}</a>
            </p>
          )}
          <dl class="facts">
            <dt>State</dt>
            <dd>
              <PresenceMark presence={presence} />, <Age at={at} />
            </dd>
            <dt>Speed</dt>
            <dd>{speedKmh === null ? 'not reported' : `${Math.round(speedKmh)} km/h`}</dd>
            <dt>Fuel</dt>
            <dd>{fuelPercent === null ? 'not reported' : `${Math.round(fuelPercent)} %`}</dd>
            <dt>Position</dt>
            <dd>{place ? `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}` : 'none yet'}</dd>
            <dt>Driver’s risk</dt>
            <dd>{riskText(data?.risk)}</dd>
          </dl>
          <p>
            <a href={linkTo(['device', thing])}>All measures and history</a>
          </p>
        </div>
      </Panel>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <Panel title="Trips of the last two days">
        {!data ? (
          <Loading lines={3} />
        ) : data.trips.length === 0 ? (
          <Empty title="No trip was seen">
            A trip begins when the vehicle has moved 30 m and ends when it stands for ten minutes or falls
            silent.
          </Empty>
        ) : (
          <ul class="entries">
            {data.trips.slice(0, 12).map((trip) => (
              <li key={trip.key}>
                <span>
                  {trip.value['open'] === true
                    ? 'under way'
                    : `${value(kilometres(trip))} km in ${duration(trip.until - trip.at)}`}
                  <span class="muted">{textOfHarsh(data.harsh, trip)}</span>
                </span>
                <a
                  href={linkTo(['device', thing], {
                    from: String(trip.at - 60_000),
                    to: String(trip.until + 60_000),
                  })}
                >
                  {moment(trip.at)}
                </a>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {data && data.fuel.length > 0 && (
        <Panel title="Refuels and drains">
          <ul class="entries">
            {data.fuel.slice(0, 8).map((fact) => (
              <li key={`${fact.type} ${fact.key}`}>
                <span>
                  {fact.type}, {value(numberIn(fact, 'litres'))} L
                </span>
                <span class="muted">{moment(fact.at)}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  )
}

const kilometres = (trip: Fact): number | null => {
  const metres = numberIn(trip, 'distanceM')
  return metres === null ? null : Math.round(metres / 100) / 10
}

function textOfHarsh(harsh: readonly Fact[], { at, until }: Fact): string {
  const n = harsh.filter((event) => event.at >= at && event.at <= until).length
  return n === 0 ? '' : `, ${n} harsh`
}

function riskText(risk: Fact | undefined): string {
  const found = numberIn(risk, 'risk') ?? numberIn(risk, 'value')
  if (found === null) return 'not rated yet: it needs driving at 1 Hz, or an accelerometer'
  const reasons = listIn(risk, 'reasons').filter((reason): reason is string => typeof reason === 'string')
  const name = textIn(risk, 'driver')
  return `${Math.round(found * 100)} of 100${name === null ? '' : ` (${name})`}${reasons.length > 0 ? `: ${reasons.join(', ')}` : ''}`
}
