import { comfortBand } from '../../src/core/building/hvac/comfort-band.ts'
import type { ControlledBuilding, ZoneCommand } from '../../src/core/building/hvac/controller.ts'
import { coolingCop, heatingCop } from '../../src/core/building/hvac/heat-pump.ts'
import type { SetPoints } from '../../src/core/building/hvac/plan-zone.ts'
import type { HorizonStep } from '../../src/core/building/hvac/zone-plan.ts'
import type { EpwYear, WeatherValues } from '../../src/core/building/epw.ts'
import type { ZoneStep } from '../../src/core/building/thermal/identify-zone.ts'
import { officeWorkers } from './occupants.ts'
import { normal, seededRandom } from './random.ts'
import { weatherSeries } from './weather-series.ts'
import { initialZone, offices, stepMinute, type ZoneConstruction } from './two-zone.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const STEP_MINUTES = 15
/** Two days: what the first ends with is worth something on the second. */
const HORIZON_STEPS = 192
const DAY_STEPS = 96

export interface SimulationOptions {
  year: EpwYear
  /** A Monday's midnight in the place's standard time, as universal time. */
  start: number
  days: number
  seed: number
  schedule: (at: number) => SetPoints
  price: (at: number) => number
  zones?: readonly ZoneConstruction[]
}

/** The truth of one minute, and what a motion sensor saw of it. */
export interface MinuteSample extends WeatherValues {
  at: number
  zones: ({
    zone: string
    airC: number
    people: number
    motion: boolean
    /** Electricity of the plant. */
    heatingKw: number
    coolingKw: number
  } & SetPoints)[]
}

/** What a span of the run cost and how it felt. */
export interface Span {
  cost: number
  kWh: number
  /** Kelvin-hours outside the season's band while somebody was there, all zones. */
  discomfortKh: number
}

export interface BuildingSimulation extends ControlledBuilding {
  readonly now: number
  /** Lives through the next quarter of an hour with the set-points in force. */
  advance(): void
  /** The same for one minute. */
  minute(): MinuteSample
  /** What has been measured in each zone, as a controller may know it. */
  history(): { zone: string; steps: ZoneStep[]; presence: number[] }[]
  /** The truth since the last call. */
  takeSpan(): Span
}

/** A building that lives minute by minute; the same options give the same weather, people and sensor noise. */
export function simulateBuilding(options: SimulationOptions): BuildingSimulation {
  const { year, start, schedule, price } = options
  const constructions = options.zones ?? offices
  const people = officeWorkers(constructions, options.days + 2, options.seed)
  const sensor = seededRandom(options.seed * 31 + 7)
  const zones = constructions.map(() => initialZone(20))
  const steps: ZoneStep[][] = constructions.map(() => [])
  const presence: number[][] = constructions.map(() => [])
  const measured = zones.map((z) => z.airC)
  let commands: readonly ZoneCommand[] = []
  let now = start
  let span: Span = { cost: 0, kWh: 0, discomfortKh: 0 }

  const weatherAt = weatherSeries(year)
  const runningMean = (at: number): number => {
    let sum = 0
    for (let h = 1; h <= 168; h++) sum += weatherAt(at - h * HOUR).temperatureC
    return sum / 168
  }
  const setPointsAt = (zone: string, at: number): SetPoints => {
    const command = commands.find((c) => c.zone === zone)
    return command !== undefined && at < command.until ? command.setPoints : schedule(at)
  }

  let band = comfortBand(runningMean(start))
  let from = [...measured]
  let sums = zones.map(() => ({ heatKw: 0, coldKw: 0, occupied: 0 }))
  let outdoor = weatherAt(start)
  let lived = 0

  function minute(): MinuteSample {
    if (lived === 0) {
      band = comfortBand(runningMean(now))
      from = [...measured]
      sums = zones.map(() => ({ heatKw: 0, coldKw: 0, occupied: 0 }))
      outdoor = weatherAt(now + (STEP_MINUTES / 2) * MINUTE)
    }
    const at = now
    const there = constructions.map((_, i) => people.people(i, (at - start) / MINUTE))
    const set = constructions.map((c) => setPointsAt(c.zone, at))
    const hourOfDay = ((at + year.utcOffsetHours * HOUR) / HOUR) % 24
    stepMinute(zones, constructions, weatherAt(at), hourOfDay, there, set)
    const seen = zones.map((z, i) => {
      const kWh = z.electricKw / 60
      span.kWh += kWh
      span.cost += kWh * price(at)
      if (there[i]! > 0) span.discomfortKh += Math.max(0, band.low - z.airC, z.airC - band.high) / 60
      sums[i]![z.plantKw > 0 ? 'heatKw' : 'coldKw'] += z.electricKw / STEP_MINUTES
      // A motion sensor: people are seen in nine minutes of ten, nobody is seen as somebody in one of two hundred.
      const motion = sensor() < (there[i]! > 0 ? 0.9 : 0.005)
      if (motion) sums[i]!.occupied += 1 / STEP_MINUTES
      return motion
    })
    now += MINUTE
    lived = (lived + 1) % STEP_MINUTES
    if (lived === 0) endOfStep()
    return {
      at,
      ...weatherAt(at),
      zones: zones.map((z, i) => ({
        zone: constructions[i]!.zone,
        airC: z.airC,
        people: there[i]!,
        motion: seen[i]!,
        heatingKw: z.plantKw > 0 ? z.electricKw : 0,
        coolingKw: z.plantKw > 0 ? 0 : z.electricKw,
        ...set[i]!,
      })),
    }
  }

  function endOfStep(): void {
    for (const [i, z] of zones.entries()) {
      measured[i] = Math.round((z.airC + 0.04 * normal(sensor)) * 20) / 20
      const { heatKw, coldKw, occupied } = sums[i]!
      presence[i]!.push(occupied > 0.2 ? Math.min(1, occupied / 0.9) : 0)
      steps[i]!.push({
        step: steps[i]!.length,
        temperatureC: from[i]!,
        outdoorC: outdoor.temperatureC,
        solarWm2: outdoor.solarWm2,
        occupied: presence[i]!.at(-1)!,
        ...setPointsAt(constructions[i]!.zone, now - MINUTE),
        // Only electricity is metered; heat is what the controller's own idea of the plant makes of it.
        plantKw: heatKw * heatingCop(outdoor.temperatureC) - coldKw * coolingCop(outdoor.temperatureC),
      })
    }
  }

  return {
    get now() {
      return now
    },
    advance() {
      for (let m = 0; m < STEP_MINUTES; m++) minute()
    },
    minute,
    observe: () => ({
      now,
      runningMeanC: runningMean(now),
      zones: constructions.map((c, i) => ({
        zone: c.zone,
        temperatureC: measured[i]!,
        occupied: (presence[i]!.at(-1) ?? 0) > 0.2 ? 0.95 : 0.05,
        recent: steps[i]!.slice(-DAY_STEPS),
      })),
    }),
    forecast: () => forecast(weatherAt, price, now, options.seed),
    act(sent) {
      commands = sent
    },
    history: () =>
      constructions.map((c, i) => ({ zone: c.zone, steps: [...steps[i]!], presence: [...presence[i]!] })),
    takeSpan() {
      const taken = span
      span = { cost: 0, kWh: 0, discomfortKh: 0 }
      return taken
    },
  }
}

/** True weather with an error that grows to about 1.5 K and a quarter of the sun over a day, as forecasts have it. */
function forecast(
  weatherAt: (at: number) => WeatherValues,
  price: (at: number) => number,
  now: number,
  seed: number,
): HorizonStep[] {
  const random = seededRandom(seed + Math.floor(now / (6 * HOUR)))
  const drift = normal(random)
  const clouds = normal(random)
  return Array.from({ length: HORIZON_STEPS }, (_, k) => {
    const at = now + k * STEP_MINUTES * MINUTE
    const { temperatureC, solarWm2 } = weatherAt(at + (STEP_MINUTES / 2) * MINUTE)
    const lead = Math.sqrt(k / DAY_STEPS)
    return {
      at,
      outdoorC: temperatureC + 1.5 * drift * lead,
      solarWm2: Math.max(0, solarWm2 * (1 + 0.25 * clouds * lead)),
      price: price(at),
    }
  })
}
