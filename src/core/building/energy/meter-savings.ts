import type { Point } from './energy.ts'
import { changePointPerDay, fitChangePoint, type Period } from './change-point.ts'
import { fitMetrics, savings, sunBaltazar, type FitMetrics, type Savings } from './savings.ts'
import { expectedHour, fitTimeOfWeekTemperature, type MeteredHour } from './time-of-week-temperature.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A meter and its weather on the local wall clock (offset already added). A value belongs to the time from its stamp to the next. */
export interface MeterHistory {
  meter: readonly Point[]
  /** Hourly or finer. */
  temperature: readonly Point[]
  /** The baseline ends before `blackoutFrom`; the reporting period begins at `blackoutTo`. */
  blackoutFrom: number
  blackoutTo: number
}

export interface MeterSavings extends Savings {
  model: 'time of week and temperature' | 'change point'
  interval: 'hourly' | 'daily' | 'billing'
  fit: FitMetrics
}

/** The baseline is what there is of the last two years before the change: older habits and equipment do not belong to it. */
const BASELINE_DAYS = 731

/**
 * Savings of the reporting period against what the baseline's model expects of its weather. Hourly meters get the
 * time-of-week and temperature model or the change-point model, whichever has the lesser BIC; others the latter. Throws where there is too little.
 */
export function meterSavings(history: MeterHistory): MeterSavings {
  const step = medianStep(history.meter)
  return step < 2 * HOUR ? hourly(history) : byPeriod(history, step < 2 * DAY ? 'daily' : 'billing')
}

const medianStep = (points: readonly Point[]): number => {
  const steps = points.slice(1).map((p, i) => p.at - points[i]!.at)
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0
}

function split<T extends { at: number; end: number }>(history: MeterHistory, rows: readonly T[]): [T[], T[]] {
  const { blackoutFrom, blackoutTo } = history
  const first = blackoutFrom - BASELINE_DAYS * DAY
  // A billing period that begins up to half a period early still counts to the year.
  const baseline = rows.filter((r) => (r.at + r.end) / 2 >= first && r.end <= blackoutFrom)
  const reporting = rows.filter((r) => r.at >= blackoutTo)
  if (baseline.length === 0 || reporting.length === 0)
    throw new Error('no complete readings on both sides of the blackout')
  return [baseline, reporting]
}

function hourly(history: MeterHistory): MeterSavings {
  const temperatures = hourMeans(history.temperature)
  const rows: (MeteredHour & { at: number; end: number })[] = []
  for (const { at, value } of history.meter) {
    const temperature = temperatures.get(Math.floor(at / HOUR))
    if (!Number.isFinite(value) || temperature === undefined) continue
    const hour = Math.floor(at / HOUR)
    // 1970-01-01 was a Thursday.
    const hourOfWeek = (hour + 72) % 168
    rows.push({ at, end: at + HOUR, hourOfWeek, temperature, kWh: value })
  }
  const [baseline, reporting] = split(history, rows)
  const actual = baseline.map((r) => r.kWh)
  const towt = fitTimeOfWeekTemperature(baseline)
  const point = fitChangePoint(baseline.map((r) => ({ perDay: r.kWh, temperatures: [r.temperature] })))
  const candidates = [
    towt && {
      model: 'time of week and temperature' as const,
      expect: (r: MeteredHour) => expectedHour(towt, r.hourOfWeek, r.temperature),
      parameters: towt.parameters,
    },
    point && {
      model: 'change point' as const,
      expect: (r: MeteredHour) => changePointPerDay(point, [r.temperature]),
      parameters: point.parameters,
    },
  ].filter((candidate) => candidate !== null)
  const scored = candidates
    .map((candidate) => ({
      ...candidate,
      bic: bic(actual, baseline.map(candidate.expect), candidate.parameters),
    }))
    .sort((x, y) => x.bic - y.bic)
  const best = scored[0]
  if (best === undefined) throw new Error('the hourly baseline is too short for a model')
  const fit = fitMetrics(actual, baseline.map(best.expect), best.parameters)
  const result = savings(
    reporting.map((r) => r.kWh),
    reporting.map(best.expect),
    fit,
    1.26,
  )
  return { ...result, model: best.model, interval: 'hourly', fit }
}

/** Bayesian information criterion: a week of levels must earn its 168 parameters. Schwarz 1978. */
function bic(actual: readonly number[], expected: readonly number[], parameters: number): number {
  const squares = actual.reduce((sum, y, i) => sum + (y - expected[i]!) ** 2, 0)
  return actual.length * Math.log(squares / actual.length + 1e-12) + parameters * Math.log(actual.length)
}

function byPeriod(history: MeterHistory, interval: 'daily' | 'billing'): MeterSavings {
  const days = dayTemperatures(history.temperature)
  const rows: (Period & { at: number; end: number; days: number })[] = []
  for (const [i, { at, value }] of history.meter.entries()) {
    const next = history.meter[i + 1]
    const end = next?.at ?? (interval === 'daily' ? at + DAY : at)
    const temperatures: number[] = []
    let known = 0
    for (let day = Math.floor(at / DAY); day < Math.round(end / DAY); day++) {
      const t = days.get(day)
      if (t === undefined) continue
      temperatures.push(...t)
      known += 1
    }
    const length = Math.round((end - at) / DAY)
    // OpenDSM: a period counts with temperatures for at least 90 % of its days; a missing day in the meter is no period.
    const missing = interval === 'daily' && length > 1
    if (!Number.isFinite(value) || length < 1 || missing || known < 0.9 * length) continue
    rows.push({ at, end, days: length, perDay: value / length, temperatures })
  }
  const [baseline, reporting] = split(history, rows)
  const model = fitChangePoint(baseline)
  if (model === null) throw new Error('the baseline has too few periods for a change-point model')
  const expect = (r: (typeof rows)[number]): number => r.days * changePointPerDay(model, r.temperatures)
  const fit = fitMetrics(
    baseline.map((r) => r.perDay * r.days),
    baseline.map(expect),
    model.parameters,
  )
  const months = reporting.reduce((sum, r) => sum + r.days, 0) / 30.4
  // The polynomial stands in for the correlation of residuals, so points count in full.
  const plain = { ...fit, autocorrelation: 0 }
  const result = savings(
    reporting.map((r) => r.perDay * r.days),
    reporting.map(expect),
    plain,
    sunBaltazar(interval, Math.min(24, months)),
  )
  return { ...result, model: 'change point', interval, fit }
}

function hourMeans(points: readonly Point[]): Map<number, number> {
  const sums = new Map<number, { sum: number; n: number }>()
  for (const { at, value } of points) {
    if (!Number.isFinite(value)) continue
    const hour = sums.get(Math.floor(at / HOUR)) ?? { sum: 0, n: 0 }
    hour.sum += value
    hour.n += 1
    sums.set(Math.floor(at / HOUR), hour)
  }
  return new Map([...sums].map(([hour, { sum, n }]) => [hour, sum / n]))
}

/** Hourly temperatures of each day with at least half its hours: loads follow the hour, a mean hides cool nights. */
function dayTemperatures(points: readonly Point[]): Map<number, number[]> {
  const days = new Map<number, number[]>()
  for (const [hour, value] of hourMeans(points)) {
    const day = days.get(Math.floor(hour / 24)) ?? []
    day.push(value)
    days.set(Math.floor(hour / 24), day)
  }
  return new Map([...days].filter(([, hours]) => hours.length >= 12))
}
