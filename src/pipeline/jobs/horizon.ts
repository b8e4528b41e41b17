import type { HorizonStep } from '../../core/building/hvac/zone-plan.ts'
import type { Site } from '../../core/building/site.ts'
import { QUARTER } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Weather, WeatherHour } from '../../ports/weather.ts'

const HOUR = 3_600_000
/** Two days: what the first ends with is worth something on the second. */
export const HORIZON_STEPS = 192
/** What the station shows now and the forecast does not is taken to fade over hours. */
const BIAS_HOURS = 6

/**
 * Weather and prices of the next 48 hours. Hourly values hold at the middle of their hours, between them weather moves
 * in straight lines, and the forecast is drawn to what is measured now. Without a place to ask about, or where the source
 * fails, the last known temperature is taken to stay.
 */
export async function horizonFrom(
  weather: Weather,
  { location }: Pick<Site, 'location'>,
  from: EpochMs,
  outdoorC: { now: number | null; last: number },
  price: (at: EpochMs) => number,
): Promise<{ horizon: HorizonStep[]; source: string }> {
  const to = from + HORIZON_STEPS * QUARTER
  const forecast = location && (await weather.forecast({ ...location, from: from - HOUR, to: to + HOUR }))
  const hours = forecast?.hours ?? []
  const bias =
    hours.length === 0 || outdoorC.now === null
      ? 0
      : outdoorC.now - valueAt(hours, from, (h) => h.temperatureC)
  const horizon = Array.from({ length: HORIZON_STEPS }, (_, k): HorizonStep => {
    const at = from + k * QUARTER
    const middle = at + QUARTER / 2
    const fading = bias * Math.exp(-(k * QUARTER) / (BIAS_HOURS * HOUR))
    return {
      at,
      outdoorC: hours.length === 0 ? outdoorC.last : valueAt(hours, middle, (h) => h.temperatureC) + fading,
      solarWm2:
        hours.length === 0
          ? 0
          : Math.max(
              0,
              valueAt(hours, middle, (h) => h.solarWm2),
            ),
      price: price(at),
    }
  })
  const source =
    forecast && hours.length > 0 ? `${forecast.source}${forecast.stale ? ' (stale)' : ''}` : 'none'
  return { horizon, source }
}

function valueAt(hours: readonly WeatherHour[], at: EpochMs, of: (hour: WeatherHour) => number): number {
  const shifted = at - HOUR / 2
  let i = hours.findIndex((hour) => hour.at > shifted) - 1
  if (i === -2) i = hours.length - 1
  const a = hours[Math.max(0, i)]!
  const b = hours[Math.min(hours.length - 1, Math.max(0, i) + 1)]!
  const share = b.at === a.at ? 0 : Math.min(1, Math.max(0, (shifted - a.at) / (b.at - a.at)))
  return of(a) + share * (of(b) - of(a))
}
