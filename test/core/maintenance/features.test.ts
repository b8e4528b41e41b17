import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { featuresAt, type ServiceHistory } from '../../../src/core/maintenance/features.ts'
import { columnsOf, type MeasureSpans, type Span } from '../../../src/core/maintenance/measure-spans.ts'
import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'

const DAY_MINUTES = 1440
const cutoffMinute = 29_000_000
const cutoff = cutoffMinute * 60_000

const span = (start: number, value: number, minutes = 60): Span => ({
  start,
  end: start + minutes,
  n: 1,
  mean: value,
  m2: 0,
  min: value,
  max: value,
})

/** Hours over 40 days before and 5 days after the cut-off. */
function hours(value: (hoursFromCutoff: number) => number): Span[] {
  const spans: Span[] = []
  for (let hour = -40 * 24; hour < 5 * 24; hour++) spans.push(span(cutoffMinute + hour * 60, value(hour)))
  return spans
}
const hourly = (value: (hoursFromCutoff: number) => number): MeasureSpans => columnsOf(hours(value))

const noHistory: ServiceHistory = { installedAt: null, maintainedAt: [], anomaliesAt: [] }

describe('featuresAt', () => {
  it('sees nothing of what lies at or beyond the cut-off, whatever it is', () => {
    const random = seededRandom(1)
    const values = Array.from({ length: 45 * 24 }, () => random() * 100)
    const spans = hours((hour) => values[hour + 40 * 24]!)
    const base = columnsOf(spans)
    const ended = ({ end }: Span): boolean => end * 60_000 <= cutoff
    const options = { running: { measure: 'load', above: 40 }, load: 'load' }
    const history = {
      installedAt: cutoff - 90 * 86_400_000,
      maintainedAt: [cutoff - 5e8],
      anomaliesAt: [cutoff - 1e6],
    }
    const before = featuresAt({ vibration: base, load: base }, history, cutoff, options)
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 1e9 }),
        (value, ahead) => {
          const future = columnsOf(
            spans.map((s) => (ended(s) ? s : { ...s, mean: value, min: value, max: value })),
          )
          const later = {
            ...history,
            maintainedAt: [...history.maintainedAt, cutoff + ahead],
            anomaliesAt: [...history.anomaliesAt, cutoff + ahead],
          }
          expect(featuresAt({ vibration: future, load: future }, later, cutoff, options)).toEqual(before)
          const cut = columnsOf(spans.filter(ended))
          expect(featuresAt({ vibration: cut, load: cut }, history, cutoff, options)).toEqual(before)
        },
      ),
      { numRuns: 10 },
    )
  })

  it('leaves out a stretch that began before the cut-off but had not ended', () => {
    const series = columnsOf([
      span(cutoffMinute - 90, 1),
      span(cutoffMinute - 60, 2),
      span(cutoffMinute - 30, 99),
    ])
    expect(featuresAt({ x: series }, noHistory, cutoff)['x.max.24h']).toBe(2)
  })

  it('changes when the last closed window changes', () => {
    const a = featuresAt({ x: hourly(() => 1) }, noHistory, cutoff)
    const b = featuresAt({ x: hourly((hour) => (hour === -1 ? 2 : 1)) }, noHistory, cutoff)
    expect(a['x.mean.1h']).toBe(1)
    expect(b['x.mean.1h']).toBe(2)
  })

  it('gives the moments, the slope and the lead of the recent past of each horizon', () => {
    const f = featuresAt({ x: hourly((hour) => 100 + 0.5 * hour) }, noHistory, cutoff)
    expect(f['x.slopePerHour.7d']).toBeCloseTo(0.5, 6)
    expect(f['x.slopePerHour.30d']).toBeCloseTo(0.5, 6)
    expect(f['x.mean.24h']).toBeCloseTo(100 - 0.5 * 12.5, 9)
    expect(f['x.min.24h']).toBe(88)
    expect(f['x.max.24h']).toBe(99.5)
    expect(f['x.std.24h']).toBeCloseTo(Math.sqrt((0.25 * (24 * 25)) / 12), 9)
    expect(f['x.ewmaDifference.7d']).toBeGreaterThan(10) // a rising measure leads its mean
  })

  it('does not take a higher load for a fault', () => {
    const load = hours((hour) => 50 + 30 * Math.sin(hour / 5))
    const at = (fault: number) =>
      featuresAt(
        {
          load: columnsOf(load),
          temperature: columnsOf(
            load.map((s, i) => span(s.start, 20 + 0.8 * s.mean + (i >= 936 ? fault : 0))),
          ),
        },
        noHistory,
        cutoff,
        { load: 'load' },
      )
    expect(at(0)['temperature.loadResidual.1h']).toBeCloseTo(0, 9)
    expect(at(9)['temperature.loadResidual.24h']).toBeGreaterThan(8)
  })

  it('sees the last hour by minutes, also between the strokes of the clock', () => {
    const minutes = Array.from({ length: 97 }, (_, m) => span(cutoffMinute - 97 + m, m, 1))
    const f = featuresAt({ x: columnsOf([span(cutoffMinute - 157, 7), ...minutes]) }, noHistory, cutoff)
    expect(f['x.mean.1h']).toBeCloseTo(66.5, 9) // minutes 37 to 96
    expect(f['x.slopePerHour.1h']).toBeCloseTo(60, 6)
    expect(f['x.max.24h']).toBe(96)
  })

  it('counts run hours, anomalies and time since the last service', () => {
    const before = (n: number) => cutoff - n * 3_600_000
    const f = featuresAt(
      { speed: hourly((hour) => (hour % 2 === 0 ? 1500 : 0)) },
      {
        installedAt: before(1000),
        maintainedAt: [before(300), before(10)],
        anomaliesAt: [before(0.5), before(30), before(800)],
      },
      cutoff,
      { running: { measure: 'speed', above: 100 } },
    )
    expect(f).toMatchObject({
      'runHours.sum.24h': 12,
      'anomalies.count.1h': 1,
      'anomalies.count.24h': 1,
      'anomalies.count.7d': 2,
      'age.hours': 1000,
      'maintenance.hoursSince': 10,
      'maintenance.runHoursSince': 5,
    })
  })

  it('says NaN for what cannot be known', () => {
    const f = featuresAt({ x: columnsOf([span(cutoffMinute - 2 * DAY_MINUTES, 5, 1)]) }, noHistory, cutoff)
    expect(f['x.mean.24h']).toBeNaN()
    expect(f['x.mean.7d']).toBe(5)
    expect(f['x.slopePerHour.7d']).toBeNaN()
    expect(f['age.hours']).toBeNaN()
    expect(f['maintenance.hoursSince']).toBeNaN()
    expect(f['runHours.sum.24h']).toBeNaN()
  })
})
