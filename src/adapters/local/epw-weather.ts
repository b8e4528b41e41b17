import { readFile } from 'node:fs/promises'
import { hourOfYear, parseEpw, type EpwYear } from '../../core/building/epw.ts'
import type { Weather, WeatherHour } from '../../ports/weather.ts'

const HOUR = 3_600_000

/** Hours of a typical year laid over the calendar in its place's standard time. */
export function epwHours(year: EpwYear, from: number, to: number): WeatherHour[] {
  const hours: WeatherHour[] = []
  const offset = year.utcOffsetHours * HOUR
  for (let at = Math.floor((from + offset) / HOUR) * HOUR - offset; at < to; at += HOUR) {
    const local = new Date(at + offset)
    const index = hourOfYear(local.getUTCMonth() + 1, local.getUTCDate(), local.getUTCHours())
    hours.push({ at, ...year.hours[index]! })
  }
  return hours
}

/** A typical year from an EPW file as the weather of any year: the last resort, and what simulations run on. */
export async function epwWeather(path: string): Promise<Weather> {
  const year = parseEpw(await readFile(path, 'utf8'))
  return {
    forecast: ({ from, to }) =>
      Promise.resolve({
        source: `typical year of ${year.place}`,
        stale: false,
        hours: epwHours(year, from, to),
      }),
  }
}
