import { occupancyFeatures, slope, unknownRoom, type RoomCalibration, type ZoneMinute } from './features.ts'
import { logistic } from './logistic.ts'
import { occupancyWeights } from './weights.ts'

/** Less history than this says nothing of nights: the default stands. */
const ENOUGH_MINUTES = 12 * 60

/**
 * A room's constants from its own unlabelled history: the CO2 floor from its emptiest hours, the air change from its
 * decays, the lamp level from its light (by agreement with its CO2 where it has both, else by two clusters).
 */
export function calibrateRoom(
  history: readonly ZoneMinute[],
  airWeights: readonly number[] = occupancyWeights.air,
): RoomCalibration {
  if (history.length < ENOUGH_MINUTES) return unknownRoom
  const co2 = history.flatMap((m) => (m.co2Ppm === undefined ? [] : [m.co2Ppm])).sort((a, b) => a - b)
  const co2BasePpm =
    co2.length >= ENOUGH_MINUTES ? co2[Math.floor(0.02 * co2.length)]! : unknownRoom.co2BasePpm
  const airChangePerMinute = airChange(history, co2BasePpm)
  const lampLux = lampLevel(
    history,
    { co2BasePpm, airChangePerMinute, lampLux: null, lampKnown: true },
    airWeights,
  )
  return {
    co2BasePpm,
    airChangePerMinute,
    lampLux: lampLux === undefined ? unknownRoom.lampLux : lampLux,
    lampKnown: lampLux !== undefined,
  }
}

/** Median relative decay of steady falls well above the floor; ASTM E741's decay method on found data. */
function airChange(history: readonly ZoneMinute[], base: number): number {
  const rates: number[] = []
  for (let i = 20; i < history.length; i += 5) {
    const excess = (history[i]!.co2Ppm ?? base) - base
    if (excess < 100) continue
    const fall = slope(history, i, 20, (m) => m.co2Ppm)
    if (fall !== null && fall < 0 && (history[i]!.lightLux ?? 0) < 50) rates.push(-fall / excess)
  }
  if (rates.length < 5) return unknownRoom.airChangePerMinute
  rates.sort((a, b) => a - b)
  // 0.2 to 5 air changes an hour: outside it something other than air change made the fall.
  return Math.min(0.083, Math.max(0.0033, rates[Math.floor(rates.length / 2)]!))
}

/** undefined until the room has been lit. */
function lampLevel(
  history: readonly ZoneMinute[],
  room: RoomCalibration,
  airWeights: readonly number[],
): number | null | undefined {
  const lit = history.filter((m) => (m.lightLux ?? 0) > 10)
  const measured = history.filter((m) => m.lightLux !== undefined).length
  if (measured < ENOUGH_MINUTES || lit.length < 30) return undefined
  // Never dark: light tells nothing.
  if (lit.length > 0.95 * measured) return null
  const levels = lit.map((m) => m.lightLux!).sort((a, b) => a - b)
  return byAgreement(history, room, levels, airWeights) ?? twoClusters(levels)
}

/** The level that best agrees (Youden's J) with what CO2 alone says; null where CO2 is absent or disagrees. */
function byAgreement(
  history: readonly ZoneMinute[],
  room: RoomCalibration,
  levels: readonly number[],
  airWeights: readonly number[],
): number | null {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0] = airWeights
  const pairs: { lux: number; presence: number }[] = []
  for (const [i, f] of occupancyFeatures(history, room).entries()) {
    const lux = history[i]!.lightLux
    if (f.air === null || lux === undefined) continue
    const odds = w0 + w1 * f.air.fast + w2 * f.air.slow + w3 * f.air.excess + w4 * f.warming
    pairs.push({ lux, presence: logistic(odds) })
  }
  const present = pairs.reduce((sum, p) => sum + p.presence, 0)
  const absent = pairs.length - present
  if (present < 60 || absent < 60) return null
  const tried = Array.from({ length: 79 }, (_, k) => levels[Math.floor(((k + 1) / 80) * levels.length)]!)
  const scores = [...new Set(tried)].map((lux) => {
    let hit = 0
    let falseHit = 0
    for (const p of pairs) {
      if (p.lux < lux) continue
      hit += p.presence
      falseHit += 1 - p.presence
    }
    return { lux, j: hit / present - falseHit / absent }
  })
  const best = Math.max(...scores.map((s) => s.j))
  if (best < 0.5) return null
  // Daylight fills what lies below the lamps: of levels that agree as well, the highest leaves out most of it.
  const lux = Math.max(...scores.filter((s) => s.j >= best - 0.01).map((s) => s.lux))
  return 0.93 * lux
}

/** Midway between daylight and lamps by two means in one dimension (Lloyd 1982); one level alone is the lamps'. */
function twoClusters(levels: readonly number[]): number {
  const median = levels[Math.floor(levels.length / 2)]!
  const oneLevel = 0.7 * median
  let split = median
  for (let round = 0; round < 50; round++) {
    const low = levels.filter((x) => x < split)
    const high = levels.filter((x) => x >= split)
    if (low.length === 0 || high.length === 0) return oneLevel
    const next = (average(low) + average(high)) / 2
    if (Math.abs(next - split) < 0.5) return average(high) > 1.5 * average(low) ? next : oneLevel
    split = next
  }
  return split
}

const average = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length
