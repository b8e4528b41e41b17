export interface WeatherValues {
  temperatureC: number
  humidityPercent: number
  /** Global horizontal irradiance. */
  solarWm2: number
  windMs: number
}

/** One hour of a typical year; `hourOfYear` 0 begins at midnight of 1 January, local standard time. */
export interface EpwYear {
  place: string
  latitude: number
  longitude: number
  /** Local standard time minus universal time. */
  utcOffsetHours: number
  /** 8,760 hours; a leap day is left out. */
  hours: WeatherValues[]
}

const HOURS = 8760
const monthStarts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** Hour of a 365-day year for a local moment; 29 February counts as the 28th. */
export const hourOfYear = (month: number, day: number, hour: number): number =>
  ((monthStarts[month - 1] ?? 0) + Math.min(day, month === 2 ? 28 : 31) - 1) * 24 + hour

/**
 * Parses an EnergyPlus weather file (EnergyPlus Auxiliary Programs, "EPW data dictionary"). Missing values, marked by
 * 99.9, 999 or 9999, repeat the hour before. Throws where the file is not a year of hours.
 */
export function parseEpw(text: string): EpwYear {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const location = (lines[0] ?? '').split(',')
  if (location[0] !== 'LOCATION') throw new Error('not an EPW file: it does not begin with LOCATION')
  const [latitude, longitude, utcOffsetHours] = [6, 7, 8].map((i) => Number(location[i]?.trim() || NaN))
  if (![latitude, longitude, utcOffsetHours].every(Number.isFinite))
    throw new Error('its LOCATION does not say latitude, longitude and time zone in fields 7 to 9')
  const hours: (WeatherValues | undefined)[] = Array.from({ length: HOURS })
  for (const line of lines) {
    const cells = line.split(',')
    // Data lines begin with a year and have 32 to 35 fields; the eight header lines begin with a word.
    if (cells.length < 22 || !/^\d{4}$/.test(cells[0]!)) continue
    const [month, day, hour] = [cells[1], cells[2], cells[3]].map(Number)
    if (month === 2 && day === 29) continue
    // N2: hour 1 is the hour that ends at 01:00.
    const index = hourOfYear(month!, day!, hour! - 1)
    const before = hours[index - 1]
    const value = (field: number, missing: number, fallback: number): number => {
      const x = Number.parseFloat(cells[field] ?? '')
      return Number.isFinite(x) && x < missing ? x : fallback
    }
    hours[index] = {
      temperatureC: value(6, 99.9, before?.temperatureC ?? 10),
      humidityPercent: value(8, 999, before?.humidityPercent ?? 50),
      solarWm2: value(13, 9999, before?.solarWm2 ?? 0),
      windMs: value(21, 999, before?.windMs ?? 0),
    }
  }
  const complete = hours.filter((h) => h !== undefined)
  if (complete.length !== HOURS)
    throw new Error(`not a year of hours: ${complete.length} of ${HOURS} hours found`)
  return {
    place: [location[1], location[3]].join(', '),
    latitude: latitude!,
    longitude: longitude!,
    utcOffsetHours: utcOffsetHours!,
    hours: complete,
  }
}
