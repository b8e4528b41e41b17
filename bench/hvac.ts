import { readFileSync } from 'node:fs'
import { CliFailure } from '../src/cli/exit-codes.ts'
import { reading } from '../src/cli/support/given-data.ts'
import { energyPrice, type Tariff } from '../src/core/building/energy/tariff.ts'
import { hourOfYear, parseEpw, type EpwYear } from '../src/core/building/epw.ts'
import { controlCycle, type ControllerSettings } from '../src/core/building/hvac/controller.ts'
import type { InterlockState } from '../src/core/building/hvac/interlock.ts'
import type { SetPoints } from '../src/core/building/hvac/plan-zone.ts'
import type { ZoneKnowledge } from '../src/core/building/hvac/zone-plan.ts'
import { localClock, type LocalClock } from '../src/core/building/local-time.ts'
import { forecastOccupancy } from '../src/core/building/occupancy/forecast.ts'
import { thermostatDroop } from '../src/core/building/thermal/thermostat-droop.ts'
import { identifyZone } from '../src/core/building/thermal/identify-zone.ts'
import {
  simulateBuilding,
  STEP_MINUTES,
  type BuildingSimulation,
  type Span,
} from '../simulator/building/simulation.ts'
import { climateYear } from '../simulator/building/climate.ts'
import { offices } from '../simulator/building/two-zone.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const HISTORY_DAYS = 21
/** The controller takes over on the Friday before, so that the week neither begins nor ends with heat that it did not pay for. */
const TAKEOVER_DAYS = 3
const STEP_HOURS = STEP_MINUTES / 60

export interface HvacArguments {
  /** EPW file; without one, a made-up year of a continental climate. */
  weather?: string
  seed?: number
  /** The fixed schedule to be compared with, by name. */
  schedule?: string
}

export interface HvacWeek {
  season: 'winter' | 'summer'
  from: string
  meanOutdoorC: number
  cost: number
  baselineCost: number
  costSavingPercent: number
  kWh: number
  baselineKWh: number
  discomfortKh: number
  baselineDiscomfortKh: number
  appliedShare: number
  modelRmseC: (number | null)[]
}

export interface HvacReport {
  place: string
  seed: number
  schedule: BaselineSchedule
  costSavingPercent: number
  discomfortKh: number
  baselineDiscomfortKh: number
  weeks: HvacWeek[]
  /** Of one core: what a cycle of 100 buildings of two zones takes. */
  planHundredBuildingsSeconds: number
  why: string
}

/** Winters and summers of the American Midwest, in a few numbers. */
const CONTINENTAL = { meanC: 10, seasonK: 14, dayK: 5, latitude: 42, utcOffsetHours: -6 }

/** What a commercial customer pays: cheap nights, dear afternoons of working days. */
const tariffOf = (timeZone: string): Tariff => ({
  id: 'general service, time of use',
  timeZone,
  currency: 'USD',
  versions: [
    {
      validFrom: 0,
      basePerKWh: 0.15,
      periods: [
        { name: 'peak', when: { weekdays: [0, 1, 2, 3, 4], fromMinute: 840, toMinute: 1200 }, perKWh: 0.26 },
        { name: 'night', when: { fromMinute: 1320, toMinute: 360 }, perKWh: 0.11 },
      ],
    },
  ],
})

/**
 * `reference`: the thermostat schedule of the US DOE commercial reference offices (Deru et al. 2011, NREL/TP-5500-46861):
 * 21/24 °C from 6 to 22 on working days and from 6 to 18 on Saturdays, 15.6/26.7 °C else. `tight`: what a manager runs
 * who knows when people go: 21/24 °C from 6 to 18:30 on working days, 18/27 °C else.
 */
const schedules = {
  reference: (weekday: number, hour: number): SetPoints =>
    hour >= 6 && hour < [22, 22, 22, 22, 22, 18, 0][weekday]!
      ? { heatC: 21, coolC: 24 }
      : { heatC: 15.6, coolC: 26.7 },
  tight: (weekday: number, hour: number): SetPoints =>
    weekday < 5 && hour >= 6 && hour < 18.5 ? { heatC: 21, coolC: 24 } : { heatC: 18, coolC: 27 },
  trimmed: (weekday: number, hour: number): SetPoints =>
    weekday < 5 && hour >= 6 && hour < 18.5 ? { heatC: 21, coolC: 24 } : { heatC: 15.6, coolC: 26.7 },
}
type BaselineSchedule = keyof typeof schedules
const isSchedule = (name: string): name is BaselineSchedule => Object.hasOwn(schedules, name)

const scheduleOf =
  (name: BaselineSchedule, clock: LocalClock) =>
  (at: number): SetPoints => {
    const { weekday, minuteOfDay } = clock(at)
    return schedules[name](weekday, minuteOfDay / 60)
  }

/** The two-zone building over a typical winter and a typical summer week, controlled and under its fixed schedule. */
export function benchHvac(args: HvacArguments): HvacReport {
  const { weather, seed = 1, schedule = 'reference' } = args
  if (!isSchedule(schedule))
    throw new CliFailure(
      'usage',
      `there is no schedule ${schedule}; known are ${Object.keys(schedules).join(', ')}`,
    )
  if (!Number.isSafeInteger(seed)) throw new Error('the seed must be a whole number')
  const year =
    weather === undefined
      ? climateYear(CONTINENTAL, seed)
      : reading(weather, () => parseEpw(readFileSync(weather, 'utf8')))
  const timeZone = zoneName(year.utcOffsetHours)
  const clock = localClock(timeZone)
  const tariff = tariffOf(timeZone)
  const price = (at: number): number => energyPrice(tariff, clock, at)
  const settings: ControllerSettings = {
    clock,
    stepHours: STEP_HOURS,
    discomfortKwh: 30,
    limits: { low: 17.5, high: 27.5 },
    schedule: scheduleOf(schedule, clock),
    currency: tariff.currency,
  }
  let planMs = 0
  let cycles = 0
  let why = ''
  const weeks = (['winter', 'summer'] as const).map((season): HvacWeek => {
    const from = typicalWeek(year, season)
    const run = (): BuildingSimulation =>
      simulateBuilding({
        year,
        start: from - (HISTORY_DAYS + 7) * DAY,
        days: HISTORY_DAYS + 14,
        seed,
        schedule: settings.schedule,
        price,
      })
    const baseline = run()
    advance(baseline, from)
    baseline.takeSpan()
    advance(baseline, from + 7 * DAY)
    const without = baseline.takeSpan()

    const building = run()
    advance(building, from - TAKEOVER_DAYS * DAY)
    const knowledge = learn(building, clock)
    const states = new Map<string, InterlockState>()
    let applied = 0
    while (building.now < from + 7 * DAY) {
      if (building.now === from) {
        building.takeSpan()
        applied = 0
      }
      const started = performance.now()
      const decision = controlCycle(building, knowledge, states, settings)
      planMs += performance.now() - started
      cycles += 1
      if (decision.action === 'apply') applied += 1
      if (building.now === from + DAY + 6 * HOUR) why = decision.zones[0]?.why ?? why
      building.advance()
    }
    return week(season, from, year, building.takeSpan(), without, applied / (7 * 24 * 4), knowledge)
  })
  const total = (key: 'cost' | 'baselineCost' | 'discomfortKh' | 'baselineDiscomfortKh'): number =>
    weeks.reduce((sum, w) => sum + w[key], 0)
  return {
    place: year.place,
    seed,
    schedule,
    costSavingPercent: round(100 * (1 - total('cost') / total('baselineCost')), 2),
    discomfortKh: round(total('discomfortKh'), 3),
    baselineDiscomfortKh: round(total('baselineDiscomfortKh'), 3),
    weeks,
    planHundredBuildingsSeconds: round((planMs / cycles) * 0.1, 2),
    why,
  }
}

function week(
  season: HvacWeek['season'],
  from: number,
  year: EpwYear,
  controlled: Span,
  baseline: Span,
  appliedShare: number,
  knowledge: readonly ZoneKnowledge[],
): HvacWeek {
  return {
    season,
    from: new Date(from + year.utcOffsetHours * HOUR).toISOString().slice(0, 10),
    meanOutdoorC: round(meanTemperature(year, from, 7 * 24), 1),
    cost: round(controlled.cost, 2),
    baselineCost: round(baseline.cost, 2),
    costSavingPercent: round(100 * (1 - controlled.cost / baseline.cost), 2),
    kWh: round(controlled.kWh, 1),
    baselineKWh: round(baseline.kWh, 1),
    discomfortKh: round(controlled.discomfortKh, 3),
    baselineDiscomfortKh: round(baseline.discomfortKh, 3),
    appliedShare: round(appliedShare, 3),
    modelRmseC: knowledge.map((k) => (k.identification === null ? null : round(k.identification.rmseC, 2))),
  }
}

/** Everything the controller knows, it has from three weeks of measurements and the plant's name plate. */
function learn(building: BuildingSimulation, clock: LocalClock): ZoneKnowledge[] {
  return building.history().map(({ zone, steps, presence }, i) => {
    const hours = presence.map((share, k) => {
      const ageSteps = presence.length - k
      const at = building.now - ageSteps * STEP_MINUTES * 60_000
      return { hourOfWeek: clock(at).hourOfWeek, share: share > 0 ? 1 : 0, ageDays: ageSteps / 96 }
    })
    const plate = offices[i]!
    return {
      zone,
      identification: identifyZone(steps, STEP_HOURS),
      presence: forecastOccupancy(hours),
      droop: thermostatDroop(steps),
      // Name plates promise mild weather: a quarter less in frost and heat.
      heatingKw: 0.75 * plate.heatingKw,
      coolingKw: 0.75 * plate.coolingKw,
    }
  })
}

function advance(building: BuildingSimulation, until: number): void {
  while (building.now < until) building.advance()
}

/** The Monday week whose mean is nearest to that of the coldest or warmest quarter of the year. */
function typicalWeek(year: EpwYear, season: 'winter' | 'summer'): number {
  // 2025 is no leap year; its first Monday is 6 January.
  const first = Date.UTC(2025, 0, 6) - year.utcOffsetHours * HOUR
  const mondays = Array.from({ length: 51 }, (_, i) => first + i * 7 * DAY)
  const weeks = mondays.map((from) => ({ from, mean: meanTemperature(year, from, 7 * 24) }))
  const quarters = mondays.map((from) => meanTemperature(year, from, 91 * 24))
  const extreme = season === 'winter' ? Math.min(...quarters) : Math.max(...quarters)
  const start = quarters.indexOf(extreme)
  const inside = Array.from({ length: 13 }, (_, k) => weeks[(start + k) % weeks.length]!)
  return inside.reduce((best, w) => (Math.abs(w.mean - extreme) < Math.abs(best.mean - extreme) ? w : best))
    .from
}

function meanTemperature(year: EpwYear, from: number, hours: number): number {
  let sum = 0
  for (let h = 0; h < hours; h++) {
    const local = new Date(from + year.utcOffsetHours * HOUR + h * HOUR)
    sum +=
      year.hours[hourOfYear(local.getUTCMonth() + 1, local.getUTCDate(), local.getUTCHours())]!.temperatureC
  }
  return sum / hours
}

function zoneName(offsetHours: number): string {
  const minutes = Math.round(Math.abs(offsetHours) * 60)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${offsetHours < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

const round = (x: number, digits: number): number => Math.round(x * 10 ** digits) / 10 ** digits
