import type { SetPoints } from '../../src/core/building/hvac/plan-zone.ts'
import type { ZoneCommand } from '../../src/core/building/hvac/controller.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { SimulatedMessage } from '../message.ts'
import { createRandom, type Random } from '../random.ts'
import { weatherThing, zoneThing, type BuildingScenario } from './building-scenario.ts'
import { climateYear } from './climate.ts'
import { simulateBuilding, type MinuteSample } from './simulation.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
/** People are made up for this long; a run that goes on longer finds empty rooms. */
const DAYS = 400

/** What the zones' plants go back to by themselves: office hours, as the example's site says. */
export const officeSchedule =
  (utcOffsetHours: number) =>
  (at: EpochMs): SetPoints => {
    const minutes = Math.floor((at + utcOffsetHours * 3_600_000) / MINUTE)
    const weekday = (Math.floor(minutes / 1440) + 3) % 7
    const minute = minutes % 1440
    const open = weekday < 5 && minute >= 360 && minute < 1320
    return open ? { heatC: 21, coolC: 24 } : { heatC: 15.6, coolC: 26.7 }
  }

export interface SimulatedBuildings {
  /** The messages of every device from the start on, ascending by `sendAt`, without end. */
  messages: Generator<SimulatedMessage>
  /** Set-points that a zone's plant was told; they end by themselves, null ends them now. */
  set(thing: string, zone: string, setPoints: (SetPoints & { until: EpochMs }) | null): void
  /** Told of each zone that went back to its own schedule because nobody renewed what it was told. */
  onLeaseEnd(ended: (thing: string, zone: string) => void): void
}

/** Buildings that live minute by minute, send what they measure and take set-points. */
export function simulateBuildings(scenario: BuildingScenario, start: EpochMs): SimulatedBuildings {
  const { utcOffsetHours } = scenario.climate
  const monday = mondayBefore(start, utcOffsetHours)
  const commands = new Map<string, Map<string, ZoneCommand>>()
  let leaseEnded: (thing: string, zone: string) => void = () => {}
  const random = createRandom(`${scenario.name}/${scenario.seed}`)
  const running = scenario.sites.map((site, i) => {
    const building = simulateBuilding({
      year: climateYear(scenario.climate, scenario.seed),
      start: monday,
      days: DAYS,
      seed: scenario.seed * 1009 + i,
      schedule: officeSchedule(utcOffsetHours),
      price: () => 0,
    })
    // The first hours warm the walls; they are lived through before anything is sent.
    while (building.now < start) building.minute()
    commands.set(site, new Map())
    return { site, building, noise: random.fork(site) }
  })

  function* messages(): Generator<SimulatedMessage> {
    const co2 = new Map<string, number>()
    for (let sequence = 0; ; sequence++) {
      for (const { site, building, noise } of running) {
        const own = commands.get(site)!
        for (const { zone, until } of own.values()) {
          if (building.now < until) continue
          own.delete(zone)
          leaseEnded(zoneThing(site, zone), zone)
        }
        building.act([...own.values()])
        yield* minuteMessages(site, building.minute(), noise, co2, sequence)
      }
    }
  }

  return {
    messages: messages(),
    set: (thing, zone, setPoints) => {
      for (const { site } of running) {
        if (zoneThing(site, zone) !== thing) continue
        if (setPoints === null) commands.get(site)!.delete(zone)
        else commands.get(site)!.set(zone, { zone, setPoints, until: setPoints.until, changed: [], why: '' })
      }
    },
    onLeaseEnd: (ended) => void (leaseEnded = ended),
  }
}

function* minuteMessages(
  site: string,
  sample: MinuteSample,
  noise: Random,
  co2: Map<string, number>,
  sequence: number,
): Generator<SimulatedMessage> {
  const message = (thing: string, measures: Record<string, number>): SimulatedMessage => ({
    kind: 'message',
    thing,
    sendAt: sample.at + MINUTE,
    lane: 'telemetry',
    sequence,
    message: {
      at: sample.at,
      step: 1,
      measures: Object.fromEntries(Object.entries(measures).map(([name, value]) => [name, [rounded(value)]])),
    },
    disorder: [],
  })
  for (const z of sample.zones) {
    const thing = zoneThing(site, z.zone)
    // 400 m³: one person adds 0.0052 L/s (ASHRAE 62.1 Appendix D), 0.9 air changes an hour carry it off.
    const before = co2.get(thing) ?? 420
    const ppm = before + (0.0052 * 60 * 1000 * z.people) / 400 - 0.015 * (before - 420)
    co2.set(thing, ppm)
    yield message(thing, {
      temperature: z.airC + 0.04 * noise.normal(),
      humidity: Math.min(70, Math.max(20, 0.55 * sample.humidityPercent + 8 + noise.normal())),
      co2: ppm + 8 * noise.normal(),
      motion: z.motion ? 1 : 0,
      'power@heating': z.heatingKw,
      'power@cooling': z.coolingKw,
      'setpoint@heat': z.heatC,
      'setpoint@cool': z.coolC,
    })
  }
  yield message(weatherThing(site), {
    temperature: sample.temperatureC + 0.1 * noise.normal(),
    irradiance: Math.max(0, sample.solarWm2 + 2 * noise.normal()),
  })
}

function mondayBefore(at: EpochMs, utcOffsetHours: number): EpochMs {
  const offset = utcOffsetHours * 3_600_000
  const day = Math.floor((at + offset) / DAY)
  // 1970-01-01 was a Thursday.
  return (day - ((day + 3) % 7)) * DAY - offset
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000
