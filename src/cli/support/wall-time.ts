/** Reads a cell as epoch milliseconds, null where it is none. */
export type ReadTime = (cell: string) => number | null

const iso =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d\d)(?::(\d\d)(\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i
const slashed = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: (\d{1,2}):(\d\d)(?::(\d\d)(\.\d+)?)?)?(?: ?([AP]M))?$/i
const digits = /^\d{9,13}(\.\d+)?$/

/** How the cells of a column write time, found from the cells alone; null if most of them are no times. */
export function timeReader(cells: readonly string[], heading: string): ReadTime | null {
  const filled = cells.filter((cell) => cell !== '')
  if (filled.length === 0) return null
  const dayFirst = filled.some((cell) => Number(slashed.exec(cell)?.[1] ?? 0) > 12)
  const readers: ReadTime[] = [
    readIso,
    (cell) => readSlashed(cell, dayFirst),
    ...(/time|date|epoch|^ts$|stamp/i.test(heading) ? [readEpoch] : []),
  ]
  for (const read of readers) {
    const good = filled.reduce((count, cell) => count + (read(cell) === null ? 0 : 1), 0)
    if (good >= 0.9 * filled.length) return read
  }
  return null
}

/** A wall-clock time without a zone is read as UTC. */
function readIso(cell: string): number | null {
  const match = iso.exec(cell)
  if (!match) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const at = utc(year, month, day, hour, minute, second, fraction)
  return at === null ? null : at - zoneMs(zone)
}

function readSlashed(cell: string, dayFirst: boolean): number | null {
  const match = slashed.exec(cell)
  if (!match) return null
  const [, first, second, year, hour, minute, seconds, fraction, half] = match
  const [month, day] = dayFirst ? [second, first] : [first, second]
  const at = utc(year, month, day, half && hour ? String((Number(hour) % 12) + (/p/i.test(half) ? 12 : 0)) : hour, minute, seconds, fraction) // prettier-ignore
  return at
}

/** Seconds below 10¹¹ (the year 5138), milliseconds above. */
function readEpoch(cell: string): number | null {
  if (!digits.test(cell)) return null
  const value = Number(cell)
  return Math.round(value < 1e11 ? value * 1000 : value)
}

function utc(
  year?: string,
  month?: string,
  day?: string,
  hour = '0',
  minute = '0',
  second = '0',
  fraction = '0',
): number | null {
  // prettier-ignore
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) // prettier-ignore
  const back = new Date(at)
  const whole =
    back.getUTCMonth() === Number(month) - 1 &&
    back.getUTCDate() === Number(day) &&
    back.getUTCHours() === Number(hour) &&
    back.getUTCMinutes() === Number(minute) &&
    back.getUTCSeconds() === Number(second)
  return whole ? at + Math.round(Number(fraction) * 1000) : null
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || /z/i.test(zone)) return 0
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000
}
