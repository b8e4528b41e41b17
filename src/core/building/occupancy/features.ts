/** What a zone's sensors said in one minute, averaged over its devices; what is not measured is absent. */
export interface ZoneMinute {
  /** Minutes since the epoch. */
  minute: number
  co2Ppm?: number
  lightLux?: number
  /** Share of the minute (or of the readings) with motion, 0–1. */
  motion?: number
  /** People inside by the door counters. */
  count?: number
  temperatureC?: number
}

/** What the room's own history says of its sensors. */
export interface RoomCalibration {
  /** CO2 of the empty, aired room. */
  co2BasePpm: number
  /** Share of the excess CO2 that leaves in a minute. */
  airChangePerMinute: number
  /** Light at which the lamps must be on; null where light says nothing in this room. */
  lampLux: number | null
  /** Whether the lamp level was learned in this room; before that half-light says nothing. */
  lampKnown: boolean
}

/**
 * Before a room has any history: outdoor air, 0.6 air changes an hour, and two thirds of the 500 lx that
 * EN 12464-1 asks of a lit desk.
 */
export const unknownRoom: RoomCalibration = {
  co2BasePpm: 420,
  airChangePerMinute: 0.01,
  lampLux: 335,
  lampKnown: false,
}

/** CO2 that one seated person adds a minute to a room of 70 m³ is 4.5 ppm (0.0052 L/s; ASHRAE 62.1 Appendix D): the scale of a source. */
const PERSON_PPM_PER_MINUTE = 5

export interface Features {
  /** 1 while the lamps are on, falling smoothly below; null without a usable light sensor. */
  lamp: number | null
  /** Without CO2 both are null. Signed source strength, −1 to 1, over 6 and 15 minutes, and the log excess of CO2. */
  air: { fast: number; slow: number; excess: number } | null
  /** Signed warming over 15 minutes, −1 to 1; 0 without a thermometer. */
  warming: number
}

/** Features of every minute from that minute and earlier ones only. Minutes ascend; gaps are allowed. */
export function occupancyFeatures(minutes: readonly ZoneMinute[], room: RoomCalibration): Features[] {
  return minutes.map((now, i) => ({
    lamp: lampAt(minutes, i, usableLampLux(now.lightLux, room)),
    air: now.co2Ppm === undefined ? null : airAt(minutes, i, room),
    warming: Math.tanh((slope(minutes, i, 15, (m) => m.temperatureC) ?? 0) / 0.02),
  }))
}

/** In a room not yet known, light between dark and well lit may be daylight or dim lamps. */
function usableLampLux(lux: number | undefined, room: RoomCalibration): number | null {
  if (lux === undefined || room.lampLux === null) return null
  return room.lampKnown || lux < 0.15 * room.lampLux || lux >= room.lampLux ? room.lampLux : null
}

/** A lamp switched on or off within the minute leaves a mean between the levels: a person was there to switch it. */
function lampAt(minutes: readonly ZoneMinute[], i: number, lampLux: number | null): number | null {
  if (lampLux === null) return null
  const lux = minutes[i]!.lightLux!
  const earlier = minutes[i - 1]
  const before =
    earlier !== undefined && minutes[i]!.minute - earlier.minute <= 2 ? earlier.lightLux : undefined
  const switchedOn = before !== undefined && lux - before >= lampLux / 2
  const switchedOff = before !== undefined && before >= lampLux && lux >= 0.65 * before
  return switchedOn || switchedOff ? 1 : Math.tanh((lux - lampLux) / (0.1 * lampLux))
}

function airAt(minutes: readonly ZoneMinute[], i: number, room: RoomCalibration): Features['air'] {
  const co2 = minutes[i]!.co2Ppm!
  const leaving = room.airChangePerMinute * (co2 - room.co2BasePpm)
  const source = (span: number): number =>
    Math.tanh(((slope(minutes, i, span, (m) => m.co2Ppm) ?? 0) + leaving) / PERSON_PPM_PER_MINUTE)
  return {
    fast: source(6),
    slow: source(15),
    excess: Math.log(Math.max(1, co2 / Math.max(1, room.co2BasePpm))),
  }
}

/** Least-squares slope per minute over the last `span` minutes; null with fewer than three values. */
export function slope(
  minutes: readonly ZoneMinute[],
  i: number,
  span: number,
  value: (m: ZoneMinute) => number | undefined,
): number | null {
  let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0]
  const now = minutes[i]!.minute
  for (let j = i; j >= 0 && now - minutes[j]!.minute <= span; j--) {
    const y = value(minutes[j]!)
    if (y === undefined) continue
    const x = minutes[j]!.minute - now
    n += 1
    sx += x
    sy += y
    sxx += x * x
    sxy += x * y
  }
  const spread = n * sxx - sx * sx
  return n < 3 || spread === 0 ? null : (n * sxy - sx * sy) / spread
}
