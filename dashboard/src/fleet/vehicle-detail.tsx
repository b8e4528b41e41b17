import { call, segment, withQuery } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import type { Fact } from '../api/types.ts'
import { worstByThing } from '../data/active-alarms.ts'
import { now } from '../data/clock.ts'
import { factsOf, factTypes, listIn, numberIn } from '../data/facts.ts'
import { duration, moment, value, readable } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route, setQuery } from '../router.ts'
import { Age, Empty, Loading, Panel, PresenceMark, ProblemNote, SeverityMark } from '../ui/parts.tsx'
import type { Vehicle } from './vehicles.ts'

const DAY = 86_400_000

interface Fuel {
  levelPercent: number | null
  rateLph: number | null
  litresPer100Km: number
  rangeKm: number | null
}
interface Driving {
  driverRisk: number
  tripRisk: number | null
  text: string
}

/** A vehicle that says nothing of its fuel will hardly begin to within seconds. */
const ASK_AGAIN_MS = 60_000
const askAgainAt = new Map<string, number>()

/** An answer, or null where the vehicle has sent nothing of the kind. */
async function known<T>(path: string, signal: AbortSignal): Promise<T | null> {
  if (now() < (askAgainAt.get(path) ?? 0)) return null
  return call<T>(path, { signal }).catch((error: unknown) => {
    const { code } = asProblem(error)
    if (code !== 'nothing_known' && code !== 'no_such_path') throw error
    askAgainAt.set(path, now() + ASK_AGAIN_MS)
    return null
  })
}

/** One vehicle: where it is, its fuel, its driver, its last trips. */
export function VehicleDetail({ vehicle }: { vehicle: Vehicle }) {
  const { device, position, presence } = vehicle
  const { thing } = device
  const alarm = worstByThing.value.get(thing)
  const base = `/v1/fleet/vehicles/${segment(thing)}`
  const { data: nowData } = useData(
    `now ${thing}`,
    async (signal) => {
      const [fuel, driving, name] = await Promise.all([
        known<Fuel>(`${base}/fuel`, signal),
        known<Driving>(`${base}/driving`, signal),
        driverOf(thing, signal),
      ])
      return { fuel, driving, name }
    },
    10_000,
  )
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
        risks: new Map(risks.map((risk) => [risk.at, risk])),
      }
    },
    30_000,
  )
  const shownTrip = Number(route.value.query.get('trip') ?? NaN)
  const fuel = nowData?.fuel
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
              {presence === null ? '…' : <PresenceMark presence={presence} />}, <Age at={position?.at} />
            </dd>
            <dt>Speed</dt>
            <dd>{speedText(position?.speedKmh ?? null)}</dd>
            <dt>Position</dt>
            <dd>
              {position ? `${position.latitude.toFixed(5)}, ${position.longitude.toFixed(5)}` : 'none yet'}
            </dd>
            <dt>Fuel</dt>
            <dd>{nowData ? fuelText(fuel ?? null) : '…'}</dd>
            <dt>Consumption</dt>
            <dd>{fuel ? `${value(fuel.litresPer100Km)} L/100 km` : '–'}</dd>
            <dt>Driver</dt>
            <dd>{nowData?.name ?? <span class="muted">no name reported</span>}</dd>
            <dt>Driver’s risk</dt>
            <dd>{nowData ? <RiskOf driving={nowData.driving} /> : '…'}</dd>
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
          <ul class="entries trips">
            {data.trips.slice(0, 20).map((trip) => (
              <li key={trip.key} class={trip.at === shownTrip ? 'selected' : ''}>
                <button
                  type="button"
                  class="quiet"
                  aria-pressed={trip.at === shownTrip}
                  onClick={() => setQuery({ trip: trip.at === shownTrip ? null : String(trip.at) })}
                >
                  {moment(trip.at)}
                </button>
                <span>
                  {trip.value['open'] === true
                    ? `under way for ${duration(now() - trip.at)}`
                    : `${value(kilometres(trip))} km in ${duration(trip.until - trip.at)}`}
                  <span class="muted">{tripText(trip, data.harsh, data.risks.get(trip.at))}</span>
                </span>
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

const speedText = (kmh: number | null): string => (kmh === null ? 'not known' : `${Math.round(kmh)} km/h`)

function fuelText(fuel: Fuel | null): string {
  if (!fuel || fuel.levelPercent === null) return 'not reported'
  const range = fuel.rangeKm === null ? '' : `, for about ${value(Math.round(fuel.rangeKm))} km`
  return `${Math.round(fuel.levelPercent)} %${range}`
}

function RiskOf({ driving }: { driving: Driving | null }) {
  if (!driving) return <span class="muted">not rated yet: it needs driving at 1 Hz, or an accelerometer</span>
  const risky = driving.driverRisk > 0.8
  return (
    <>
      <span class={risky ? 'severity major' : ''}>{Math.round(driving.driverRisk * 100)} of 100</span>
      <span class="muted">: {readable(driving.text.replace(/^risk [\d.]+, /, ''))}</span>
    </>
  )
}

/** The name that the vehicle last said, a text measure. */
async function driverOf(thing: string, signal: AbortSignal): Promise<string | null> {
  const path = withQuery(`/v1/devices/${segment(thing)}/readings`, { measures: 'driver', from: Math.floor(now() - DAY), limit: 1000 }) // prettier-ignore
  const { items } = await call<{ items: { text: string | null }[] }>(path, { signal })
  return items.findLast(({ text }) => text !== null)?.text ?? null
}

const kilometres = (trip: Fact): number | null => {
  const metres = numberIn(trip, 'distanceM')
  return metres === null ? null : Math.round(metres / 100) / 10
}

function tripText({ at, until }: Fact, harsh: readonly Fact[], risk: Fact | undefined): string {
  const n = harsh.filter((event) => event.at >= at && event.at <= until).length
  const found = numberIn(risk, 'risk')
  const [worst] = listIn(risk, 'reasons') as { what?: string }[]
  return [
    n > 0 ? `${n} harsh` : '',
    found === null ? '' : `risk ${Math.round(found * 100)}${found > 0.5 && worst?.what !== undefined ? ` (${worst.what})` : ''}`, // prettier-ignore
  ]
    .filter((text) => text !== '')
    .map((text) => `, ${text}`)
    .join('')
}
