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
import type { EnergyHour } from './energy.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A season: the model bends with temperature, but habits change. */
const LOOK_BACK_MS = 90 * DAY

type Expected = (hour: EpochMs, outdoorC: number) => number | null
interface Fit {
  day: number
  expected: Expected
}

/** Fits are dear and change slowly: one a day for each meter, of the days before it, so that a repeated run agrees. */
const rememberedBy = new WeakMap<object, Map<string, Fit>>()
const MOST_REMEMBERED = 2000

/** What one meter is expected to use in an hour, from the building's own hours before the present day. */
export async function expectedEnergy(
  reader: Pick<TelemetryReader, 'facts'>,
  site: Site,
  meter: string,
  at: EpochMs,
): Promise<Expected> {
  const day = Math.floor(at / DAY)
  const key = `${site.name}/${meter}`
  let remembered = rememberedBy.get(reader)
  if (!remembered) rememberedBy.set(reader, (remembered = new Map<string, Fit>()))
  const known = remembered.get(key)
  if (known?.day === day) return known.expected
  const clock = localClock(site.timeZone)
  const facts = await reader.facts({
    type: buildingFacts.energy,
    thing: siteThing(site.name),
    from: day * DAY - LOOK_BACK_MS,
    to: day * DAY,
    limit: Math.max(1, site.meters.length) * (LOOK_BACK_MS / HOUR),
  })
  const hours = facts.flatMap((fact): MeteredHour[] => {
    const value = fact.value as unknown as EnergyHour
    if (value.meter !== meter || value.outdoorC === null || value.coveredMs < 0.9 * HOUR) return []
    return [{ hourOfWeek: clock(fact.at).hourOfWeek, temperature: value.outdoorC, kWh: value.kWh }]
  })
  const model = fitTimeOfWeekTemperature(hours)
  const expected: Expected = (hour, outdoorC) =>
    model === null ? null : Math.max(0, expectedHour(model, clock(hour).hourOfWeek, outdoorC))
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(key, { day, expected })
  return expected
}
