import { mean, type WindowRow } from '../window/window.ts'
import { ppd, pmv } from './comfort.ts'
import { comfortClothing } from './hvac/comfort-band.ts'
import { coolingCop, heatingCop } from './hvac/heat-pump.ts'
import type { OccupancyEstimate } from './occupancy/occupancy.ts'
import type { ZoneStep } from './thermal/identify-zone.ts'

export const QUARTER = 900_000

/** A quarter of an hour of one zone as it was measured; what was not measured is null. */
export interface ZoneQuarter {
  zone: string
  /** How many of its minutes anything was measured in. */
  minutes: number
  /** At the quarter's beginning and at its end. */
  temperatureC: number | null
  endTemperatureC: number | null
  humidityPercent: number | null
  co2Ppm: number | null
  /** Share of the quarter's minutes that were occupied, and how sure that is (0.5–1). */
  occupied: number | null
  confidence: number | null
  /** Probability that somebody was there in the last minute. */
  occupiedNow: number | null
  people: number | null
  /** Predicted mean vote and share of dissatisfied, seated, dressed for the season. */
  pmv: number | null
  ppd: number | null
  outdoorC: number | null
  solarWm2: number | null
  /** Mean electric power of the zone's plant, kW. */
  heatingKw: number | null
  coolingKw: number | null
  /** What its thermostat held at the end, where it says so. */
  heatC: number | null
  coolC: number | null
}

/** Mean of the windows of some measures (by bare name) in a range of minutes; null where there is none. */
export function meanOf(
  windows: readonly WindowRow[],
  bare: readonly string[],
  from: number,
  to: number,
): number | null {
  let [sum, n] = [0, 0]
  for (const w of windows) {
    if (w.minute < from || w.minute >= to || w.n === 0 || !bare.includes(w.measure.split('@', 1)[0]!))
      continue
    sum += mean(w)
    n += 1
  }
  return n === 0 ? null : sum / n
}

export interface QuarterInputs {
  zone: string
  /** First minute of the quarter. */
  minute: number
  /** The zone's windows, those of a few minutes before and after the quarter's edges included. */
  windows: readonly WindowRow[]
  /** Estimates of the quarter's minutes. */
  occupancy: readonly OccupancyEstimate[]
  /** Outdoor mean of the last week, for people's clothes. */
  runningMeanC: number
  outdoorC: number | null
  solarWm2: number | null
  heatingKw: number | null
  coolingKw: number | null
}

const temperatures = ['temperature', 'temperature_air', 'air_temperature']
/** Air that people could be in at all: what lies outside of it is a broken sensor, and must not drive a plant. */
const PLAUSIBLE_C = { low: -20, high: 60 }

/** Sensors that have failed say nothing of comfort either; a wet one may show a little more than saturation. */
const isMoist = ({ min, max }: WindowRow): boolean => min >= 0 && max <= 110
const isBreathable = ({ min, max }: WindowRow): boolean => min >= 200 && max <= 40_000

/** The middle one of a zone's thermometers, each by its mean over a range of minutes: one that has failed is outvoted. */
function temperatureOf(windows: readonly WindowRow[], from: number, to: number): number | null {
  const sensors = new Map<string, { sum: number; n: number }>()
  for (const w of windows) {
    if (w.minute < from || w.minute >= to || w.n === 0) continue
    if (!temperatures.includes(w.measure.split('@', 1)[0]!)) continue
    const value = mean(w)
    if (!(value >= PLAUSIBLE_C.low && value <= PLAUSIBLE_C.high)) continue
    const key = `${w.thing}/${w.measure}`
    const { sum, n } = sensors.get(key) ?? { sum: 0, n: 0 }
    sensors.set(key, { sum: sum + value, n: n + 1 })
  }
  const values = [...sensors.values()].map(({ sum, n }) => sum / n).sort((a, b) => a - b)
  const middle = values.length / 2
  const low = values[Math.ceil(middle) - 1]
  return low === undefined ? null : (low + values[Math.floor(middle)]!) / 2
}

/** The newest value of a measure within a range of minutes. */
function newestOf(windows: readonly WindowRow[], measure: string, from: number, to: number): number | null {
  let newest: WindowRow | null = null
  for (const w of windows)
    if (w.measure === measure && w.minute >= from && w.minute < to && w.n > 0)
      if (newest === null || w.minute > newest.minute) newest = w
  return newest && newest.last
}

/** One quarter from its closed minutes. */
export function zoneQuarter(inputs: QuarterInputs): ZoneQuarter {
  const { zone, minute, windows, occupancy } = inputs
  const temperatureC = temperatureOf(windows, minute - 1, minute + 1)
  const endTemperatureC =
    temperatureOf(windows, minute + 14, minute + 16) ?? temperatureOf(windows, minute + 12, minute + 15)
  const humidityPercent = meanOf(windows.filter(isMoist), ['humidity'], minute, minute + 15)
  const average = temperatureOf(windows, minute, minute + 15)
  const share = (of: (e: OccupancyEstimate) => number): number | null =>
    occupancy.length === 0 ? null : occupancy.reduce((sum, e) => sum + of(e), 0) / occupancy.length
  const last = occupancy.at(-1)
  const vote =
    average === null
      ? null
      : pmv({
          airC: average,
          radiantC: average,
          airSpeed: 0.1,
          met: 1.2,
          humidityPercent: humidityPercent ?? 45,
          clo: comfortClothing(inputs.runningMeanC),
        })
  return {
    zone,
    minutes: new Set(windows.flatMap((w) => (w.minute >= minute && w.minute < minute + 15 ? [w.minute] : [])))
      .size,
    temperatureC,
    endTemperatureC,
    humidityPercent,
    co2Ppm: meanOf(windows.filter(isBreathable), ['co2'], minute, minute + 15),
    occupied: share((e) => (e.occupied ? 1 : 0)),
    confidence: share((e) => e.confidence),
    occupiedNow: last?.probability ?? null,
    people: last?.people ?? null,
    pmv: vote,
    ppd: vote === null ? null : ppd(vote),
    outdoorC: inputs.outdoorC,
    solarWm2: inputs.solarWm2,
    heatingKw: inputs.heatingKw,
    coolingKw: inputs.coolingKw,
    heatC: newestOf(windows, 'setpoint@heat', minute, minute + 15),
    coolC: newestOf(windows, 'setpoint@cool', minute, minute + 15),
  }
}

/** Quarters as the steps that a zone is identified from: only those of which everything that matters was measured. */
export function zoneSteps(quarters: readonly { at: number; quarter: ZoneQuarter }[]): ZoneStep[] {
  return quarters.flatMap(({ at, quarter }) => {
    const { temperatureC, outdoorC, heatingKw, coolingKw, heatC, coolC } = quarter
    if (temperatureC === null || outdoorC === null || (heatingKw === null && coolingKw === null)) return []
    return [
      {
        step: Math.round(at / QUARTER),
        temperatureC,
        outdoorC,
        solarWm2: quarter.solarWm2 ?? 0,
        occupied: quarter.occupied ?? 0,
        // Only electricity is metered; heat is what a usual plant makes of it.
        plantKw: (heatingKw ?? 0) * heatingCop(outdoorC) - (coolingKw ?? 0) * coolingCop(outdoorC),
        ...(heatC !== null && { heatC }),
        ...(coolC !== null && { coolC }),
      },
    ]
  })
}
