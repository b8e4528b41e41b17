import { hourOfYear, type EpwYear, type WeatherValues } from '../../src/core/building/epw.ts'

const HOUR = 3_600_000
const DAY_HOURS = 24

/** A typical year as weather of any moment: hourly values hold at the middle of their hours, straight lines between. */
export function weatherSeries(year: EpwYear): (at: number) => WeatherValues {
  const offset = year.utcOffsetHours * HOUR - HOUR / 2
  const days = new Map<number, number>()
  const firstHour = (day: number): number => {
    let first = days.get(day)
    if (first === undefined) {
      const date = new Date(day * DAY_HOURS * HOUR)
      first = hourOfYear(date.getUTCMonth() + 1, date.getUTCDate(), 0)
      days.set(day, first)
    }
    return first
  }
  const hour = (n: number): WeatherValues => {
    const day = Math.floor(n / DAY_HOURS)
    return year.hours[firstHour(day) + n - day * DAY_HOURS]!
  }
  return (at) => {
    const shifted = (at + offset) / HOUR
    const n = Math.floor(shifted)
    const f = shifted - n
    const a = hour(n)
    const b = hour(n + 1)
    return {
      temperatureC: a.temperatureC + f * (b.temperatureC - a.temperatureC),
      humidityPercent: a.humidityPercent + f * (b.humidityPercent - a.humidityPercent),
      solarWm2: a.solarWm2 + f * (b.solarWm2 - a.solarWm2),
      windMs: a.windMs + f * (b.windMs - a.windMs),
    }
  }
}
