import type { EpwYear, WeatherValues } from '../../src/core/building/epw.ts'
import { normal, seededRandom } from './random.ts'

/** A place's weather in a few numbers, for scenarios without a weather file. */
export interface Climate {
  /** Of the year, °C. */
  meanC: number
  /** Half of the distance between the warmest and the coldest month's mean, K. */
  seasonK: number
  /** Half of a day's range, K. */
  dayK: number
  /** Northern latitudes have their summer in July. */
  latitude: number
  utcOffsetHours: number
}

const DAY_HOURS = 24
/** Warmest around 20 July; a day's maximum at three in the afternoon. */
const WARMEST_DAY = 201
const WARMEST_HOUR = 15
/** Fronts pass within days. */
const FRONT_HOURS = 60
const FRONT_K = 3.5

/** A year of hours: season, day, fronts that come and go, and clouds that go with them. The same seed, the same year. */
export function climateYear(climate: Climate, seed: number): EpwYear {
  const random = seededRandom(seed * 613 + 11)
  const keep = Math.exp(-1 / FRONT_HOURS)
  const kick = Math.sqrt(1 - keep * keep)
  const side = climate.latitude < 0 ? 182 : 0
  let front = normal(random)
  let cloud = normal(random)
  const hours = Array.from({ length: 365 * DAY_HOURS }, (_, h): WeatherValues => {
    front = keep * front + kick * normal(random)
    cloud = keep * cloud + kick * normal(random)
    const day = Math.floor(h / DAY_HOURS) + side
    const hour = h % DAY_HOURS
    const season = Math.cos((2 * Math.PI * (day - WARMEST_DAY)) / 365)
    const daily = Math.cos((2 * Math.PI * (hour - WARMEST_HOUR)) / DAY_HOURS)
    const clear = Math.min(1, Math.max(0.15, 0.6 + 0.35 * cloud))
    return {
      temperatureC: climate.meanC + climate.seasonK * season + climate.dayK * daily * clear + FRONT_K * front,
      humidityPercent: Math.min(98, Math.max(20, 68 - 18 * daily - 12 * (clear - 0.6))),
      solarWm2: Math.max(0, 1000 * sineOfElevation(day, hour, Math.abs(climate.latitude))) * clear,
      windMs: Math.max(0, 3.5 + 1.5 * front),
    }
  })
  const { latitude, utcOffsetHours } = climate
  return { place: 'synthetic climate', latitude, longitude: 15 * utcOffsetHours, utcOffsetHours, hours }
}

/** Sine of the sun's elevation in the middle of an hour of solar time (Cooper 1969 declination). */
function sineOfElevation(day: number, hour: number, latitudeDeg: number): number {
  const declination = (23.45 * Math.PI * Math.sin((2 * Math.PI * (284 + day + 1)) / 365)) / 180
  const latitude = (latitudeDeg * Math.PI) / 180
  const angle = ((hour + 0.5 - 12) * Math.PI) / 12
  return (
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(angle)
  )
}
