import type { Clock } from '../../ports/clock.ts'
import type { Weather, WeatherForecast, WeatherHour, WeatherQuery } from '../../ports/weather.ts'

const HOUR = 3_600_000

export interface HttpWeatherOptions {
  /** `{latitude}` and `{longitude}` are filled in. The answer has Open-Meteo's form: parallel lists under `hourly`. */
  url: string
  clock: Clock
  /** Asked where the source fails and the cache is too old. */
  fallback: Weather
  fetch?: typeof fetch
  timeoutMs?: number
  /** Forecast models run every few hours; asking more often gives the same answer. */
  freshMs?: number
  /** A forecast older than this describes other weather. */
  usableMs?: number
  /** A source that has failed is let alone for so long: a hundred buildings do not wait for it one after the other. */
  restMs?: number
}

/** More would be no forecast of a few days but a flood. */
const LARGEST_ANSWER = 1_000_000
/** Beyond what was ever measured (WMO: -89.2 and 56.7): kelvin, Fahrenheit and marks of missing values. */
const COLDEST_C = -90
const HOTTEST_C = 60
/** Places remembered: 1,000 buildings of a town share a handful. */
const REMEMBERED = 1_000

interface Cached {
  at: number
  hours: WeatherHour[]
}

/**
 * Forecasts over HTTP, cached for each place. Where the source fails: the cache while it is usable (marked stale), then
 * the fallback. Concurrent questions for one place share one request. Never rejects for the source's faults.
 */
export function httpWeather(options: HttpWeatherOptions): Weather {
  const { url, clock, fallback, fetch: get = fetch, timeoutMs = 5_000 } = options
  const freshMs = options.freshMs ?? HOUR
  const usableMs = options.usableMs ?? 24 * HOUR
  const restMs = options.restMs ?? 60_000
  let failedAt = -Infinity
  const cache = new Map<string, Cached>()
  const pending = new Map<string, Promise<WeatherHour[]>>()

  const load = async (latitude: number, longitude: number): Promise<WeatherHour[]> => {
    const filled = url.replace('{latitude}', String(latitude)).replace('{longitude}', String(longitude))
    const response = await get(filled, { signal: AbortSignal.timeout(timeoutMs) })
    if (!response.ok) throw new Error(`the weather source answered ${response.status}`)
    return parseHourly(JSON.parse(await boundedText(response)))
  }

  const answer = (
    source: string,
    stale: boolean,
    hours: WeatherHour[],
    query: WeatherQuery,
  ): WeatherForecast | null => {
    const asked = hours.filter((h) => h.at + HOUR > query.from && h.at < query.to)
    const first = asked[0]
    const last = asked.at(-1)
    const covers =
      first !== undefined && last !== undefined && first.at <= query.from && last.at + HOUR >= query.to
    return covers ? { source, stale, hours: asked } : null
  }

  return {
    async forecast(query) {
      // A hundredth of a degree is a kilometre: finer places share their weather.
      const latitude = Math.round(query.latitude * 100) / 100
      const longitude = Math.round(query.longitude * 100) / 100
      const key = `${latitude}/${longitude}`
      const cached = cache.get(key)
      if (cached !== undefined && clock.now() - cached.at < freshMs) {
        const fresh = answer('HTTP forecast', false, cached.hours, query)
        // Asked again it would answer the same: what is long past or far ahead is the fallback's.
        return fresh ?? { ...(await fallback.forecast(query)), stale: true }
      }
      try {
        if (clock.now() - failedAt < restMs) throw new Error('the weather source failed a moment ago')
        let request = pending.get(key)
        if (request === undefined) {
          request = load(latitude, longitude)
            .catch((error: unknown) => {
              failedAt = clock.now()
              throw error
            })
            .finally(() => pending.delete(key))
          pending.set(key, request)
        }
        const hours = await request
        if (cache.size >= REMEMBERED) cache.clear()
        cache.set(key, { at: clock.now(), hours })
        const fresh = answer('HTTP forecast', false, hours, query)
        if (fresh !== null) return fresh
      } catch {
        // The source's fault is answered below, from what is known.
        if (cached !== undefined && clock.now() - cached.at < usableMs) {
          const stale = answer('HTTP forecast (cached)', true, cached.hours, query)
          if (stale !== null) return stale
        }
      }
      const last = await fallback.forecast(query)
      return { ...last, stale: true }
    },
  }
}

/** Read no further than the bound, whatever the source goes on to send. */
async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  const body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? []
  for await (const part of body) {
    bytes += part.byteLength
    if (bytes > LARGEST_ANSWER) throw new Error('the weather source answered more than 1 MB')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** Reads Open-Meteo's hourly lists. Times are universal: ISO 8601 without a zone, or seconds since 1970. */
function parseHourly(body: unknown): WeatherHour[] {
  const hourly = field(body, 'hourly')
  const times = list(field(hourly, 'time'), 'time')
  const numbers = (name: string, fallback?: number): number[] => {
    const values = field(hourly, name)
    if (values === undefined && fallback !== undefined) return times.map(() => fallback)
    return list(values, name).map((v) =>
      typeof v === 'number' && Number.isFinite(v) ? v : (fallback ?? NaN),
    )
  }
  const temperature = numbers('temperature_2m')
  const humidity = numbers('relative_humidity_2m', 50)
  const solar = numbers('shortwave_radiation', 0)
  const wind = numbers('wind_speed_10m', 3)
  const hours = times.map((time, i) => ({
    at: typeof time === 'number' ? time * 1000 : Date.parse(`${String(time).replace(/Z$/, '')}Z`),
    temperatureC: temperature[i] ?? NaN,
    humidityPercent: humidity[i] ?? 50,
    solarWm2: solar[i] ?? 0,
    windMs: wind[i] ?? 3,
  }))
  // Beyond a model's last run the lists go on with nulls.
  const known = hours.slice(0, hours.findLastIndex((hour) => Number.isFinite(hour.temperatureC)) + 1)
  for (const [i, hour] of known.entries()) {
    const gap = i > 0 && hour.at - known[i - 1]!.at !== HOUR
    if (!Number.isFinite(hour.at) || gap || !(hour.temperatureC > COLDEST_C && hour.temperatureC < HOTTEST_C))
      throw new Error(`the weather source's hour ${i} is missing, out of order or beyond any weather`)
  }
  return known
}

const field = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined

function list(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`the weather source's answer has no list "${name}"`)
  return value as unknown[]
}
