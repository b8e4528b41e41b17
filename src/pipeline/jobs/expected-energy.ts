import {
  expectedHour,
  fitTimeOfWeekTemperature,
  type MeteredHour,
} from '../../core/building/energy/time-of-week-temperature.ts'
import { localClock } from '../../core/building/local-time.ts'
import { siteThing, type Site } from '../../core/building/site.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { TelemetryReader } from '../../ports/telemetry-reader.ts'
import { buildingFacts } from './building-facts.ts'
import { spreadOf } from './each-site.ts'
import type { EnergyHour } from './energy.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A season: the model bends with temperature, but habits change. */
const LOOK_BACK_MS = 90 * DAY
/** Hours with less of them measured say too little to learn from. */
const LEARNED_FROM = 0.9

/** kWh that a meter is expected to use in an hour at an outdoor temperature; null where nothing was learned yet. */
type Expected = (meter: string, hour: EpochMs, outdoorC: number) => number | null
interface Fits {
  day: number
  expected: Expected
}

/** Fits are dear and change slowly: one a day for each site, of the days before it, so that a repeated run agrees. */
const rememberedBy = new WeakMap<object, Map<string, Fits>>()
const MOST_REMEMBERED = 2000

/** What a site's meters are expected to use, from the building's own hours before the present day. */
export async function expectedEnergy(
  reader: Pick<TelemetryReader, 'facts'>,
  site: Site,
  at: EpochMs,
): Promise<Expected> {
  // Each site's day begins at an hour of its own: a hundred fits at midnight would hold up everything else.
  const offset = (spreadOf(site.name) % 24) * HOUR
  const day = Math.floor((at - offset) / DAY)
  let remembered = rememberedBy.get(reader)
  if (!remembered) rememberedBy.set(reader, (remembered = new Map<string, Fits>()))
  const known = remembered.get(site.name)
  if (known?.day === day) return known.expected
  const clock = localClock(site.timeZone)
  const to = day * DAY + offset
  const from = to - LOOK_BACK_MS
  const limit = site.meters.length * (LOOK_BACK_MS / HOUR)
  const facts = await reader.facts({ type: buildingFacts.energy, thing: siteThing(site.name), from, startingFrom: from, to, limit }) // prettier-ignore
  const hours = new Map<string, MeteredHour[]>()
  for (const { at: hour, value } of facts) {
    const { meter, outdoorC, coveredMs, kWh } = value as unknown as EnergyHour
    if (outdoorC === null || coveredMs < LEARNED_FROM * HOUR) continue
    const own = hours.get(meter) ?? []
    own.push({ hourOfWeek: clock(hour).hourOfWeek, temperature: outdoorC, kWh })
    hours.set(meter, own)
  }
  const models = new Map([...hours].map(([meter, own]) => [meter, fitTimeOfWeekTemperature(own)]))
  const expected: Expected = (meter, hour, outdoorC) => {
    const model = models.get(meter) ?? null
    return model && Math.max(0, expectedHour(model, clock(hour).hourOfWeek, outdoorC))
  }
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(site.name, { day, expected })
  return expected
}
