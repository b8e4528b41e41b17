import { describe, expect, it } from 'vitest'
import type { Device } from '../../../src/core/device/profile.ts'
import type { Section } from '../../../src/core/report/report.ts'
import type { Trade } from '../../../src/core/telemetry/reading.ts'
import type { Fact } from '../../../src/core/telemetry/stage.ts'
import { lastWeek, makeDueReports, makeReport } from '../../../src/pipeline/reports/make-report.ts'
import type { ReportSources } from '../../../src/pipeline/reports/report-sources.ts'
import type { Alarm, AlarmEvent } from '../../../src/ports/alarm-book.ts'
import type { Report } from '../../../src/core/report/report.ts'

const ZONE = 'Europe/Berlin'
const HOUR = 3_600_000
const FROM = Date.parse('2026-11-15T23:00:00Z')
const TO = FROM + 7 * 24 * HOUR
const WEEK = { site: null, from: FROM, to: TO, timeZone: ZONE }

const device = (thing: string, trade: Trade, site = 'north'): Device => ({ thing, trade, type: trade, status: 'active', site, attributes: {} }) // prettier-ignore
const fact = (type: string, thing: string, at: number, until: number, value: Record<string, unknown>): Fact => ({ type, thing, key: `${at}`, at, until, version: 1, value }) // prettier-ignore

interface World {
  devices: Device[]
  facts: Fact[]
  alarms: { alarm: Alarm; events: AlarmEvent[] }[]
}

const sources = ({ devices, facts, alarms }: World): ReportSources => ({
  devices: {
    list: async ({ trade, site, cursor = '', limit }) =>
      devices
        .filter((d) => d.thing > cursor && (trade === undefined || d.trade === trade))
        .filter((d) => site === undefined || d.site === site)
        .sort((a, b) => (a.thing < b.thing ? -1 : 1))
        .slice(0, limit),
    types: async () => [{ name: 'plant', trade: 'plant', version: 1, measures: { temperature: { unit: 'Cel', high: 90 } } }], // prettier-ignore
  },
  telemetry: {
    facts: async ({ type, from, to, startingFrom = -Infinity }) =>
      facts.filter((f) => f.type === type && f.at < to && f.until >= from && f.at >= startingFrom),
  },
  alarms: {
    list: async ({ limit }) => alarms.map(({ alarm }) => alarm).slice(0, limit),
    history: async (id) => alarms.find(({ alarm }) => alarm.id === id)?.events ?? [],
  },
  series: async ({ thing }) => (thing === 'm-1' ? { at: [FROM, FROM + HOUR], mean: [80, 95] } : null),
})

/** An alarm with its events, given as [kind, hours from the start]. */
function alarm(thing: string, key: string, happened: readonly (readonly [AlarmEvent['kind'], number])[]) {
  const id = `detect-high/${thing}/${key}`
  const events = happened.map(([kind, hours], i): AlarmEvent => ({ id: `${id}/${i}`, alarm: id, at: FROM + hours * HOUR, recordedAt: 0, kind, severity: 'critical', by: null, text: `${thing} is hot since 2026-11-16T10:00:00Z` })) // prettier-ignore
  const last = events.findLast(({ kind }) => kind !== 'acknowledged')!
  const cleared = last.kind === 'cleared'
  return {
    alarm: { id, rule: 'detect-high', thing, key, state: cleared ? 'normal' : 'unackActive', severity: 'critical', raisedAt: 0, clearedAt: cleared ? last.at : null, transitionAt: last.at, occurrences: 1, why: { detector: 'high', text: '' }, acknowledgedAt: null, acknowledgedBy: null, comment: null } satisfies Alarm, // prettier-ignore
    events: events.toReversed(),
  }
}

const empty: World = { devices: [], facts: [], alarms: [] }
const figureOf = ({ sections }: Report, label: string): number | null | undefined =>
  sections.flatMap((s) => (s.kind === 'figures' ? s.figures : [])).find((f) => f.label === label)?.value
const tableOf = ({ sections }: Report, title: string) =>
  sections.find((s): s is Extract<Section, { kind: 'table' }> => s.kind === 'table' && s.title.startsWith(title))! // prettier-ignore
const make = async (world: World, trade: Trade, madeAt = TO + HOUR, site: string | null = null) =>
  makeReport(sources(world), { ...WEEK, trade, site }, madeAt)

describe('the plant report', () => {
  const world: World = {
    ...empty,
    devices: [device('m-1', 'plant'), device('m-2', 'plant', 'south'), device('v-1', 'fleet')],
    alarms: [
      alarm('m-1', 'temperature', [['raised', -100], ['cleared', -90], ['raised', 10], ['acknowledged', 10.5], ['cleared', 12], ['raised', 100]]), // prettier-ignore
      alarm('m-2', 'temperature', [['raised', -5], ['cleared', 2]]), // prettier-ignore
      alarm('v-1', 'driver', [['raised', 1]]), // prettier-ignore
    ],
  }

  it('counts what was raised in its week and trade, and how long it stood in it', async () => {
    const report = await make(world, 'plant')
    expect(figureOf(report, 'Machines')).toBe(2)
    expect(figureOf(report, 'Alarms raised')).toBe(2)
    expect(figureOf(report, 'Time to acknowledge, median')).toBe(30)
    expect(figureOf(report, 'Standing at the end')).toBe(1)
    const { columns, rows } = tableOf(report, 'Machines with alarms')
    expect(columns.map(({ title }) => title)).toEqual(['Machine', 'Type', 'Alarms', 'Critical', 'In alarm', 'Last']) // prettier-ignore
    expect(rows).toEqual([
      ['m-1', 'plant', 2, 2, 2 + 68, 'is hot since 2026-11-16 11:00'],
      ['m-2', 'plant', 0, 1, 2, 'is hot since 2026-11-16 11:00'],
    ])
    const bars = report.sections.flatMap((s) => (s.kind === 'bars' ? [s.bars] : []))[0]!
    expect(bars.labels).toEqual(['Mon 16', 'Tue 17', 'Wed 18', 'Thu 19', 'Fri 20', 'Sat 21', 'Sun 22'])
    expect(bars.series).toEqual([{ name: 'critical', tone: 'critical', values: [1, 0, 0, 0, 1, 0, 0] }])
  })

  it('draws the measure that stood longest, with its limit and the time that it stood', async () => {
    const charts = (await make(world, 'plant')).sections.flatMap((s) => (s.kind === 'chart' ? [s.chart] : []))
    expect(charts).toEqual([
      { title: 'm-1: temperature', unit: '°C', limits: { high: 90 }, at: [FROM, FROM + HOUR], mean: [80, 95], spans: [{ from: FROM + 10 * HOUR, to: FROM + 12 * HOUR, severity: 'critical' }, { from: FROM + 100 * HOUR, to: TO, severity: 'critical' }] }, // prettier-ignore
    ])
  })

  it('keeps to a site, and claims nothing of a time that has not come', async () => {
    const south = await make(world, 'plant', TO, 'south')
    expect([south.id.length, figureOf(south, 'Machines')]).toEqual(['plant-2026-11-16-'.length + 16, 1])
    const soon = await make(world, 'plant', FROM + 101 * HOUR)
    expect(tableOf(soon, 'Machines with alarms').rows[0]![4]).toBe(2 + 1)
  })

  it('lists machines by their worst judgement of the week, and says when none was judged', async () => {
    expect((await make(world, 'plant')).sections.some((s) => s.kind === 'table' && s.title === 'Machines at risk')).toBe(false) // prettier-ignore
    const judged = { ...world, facts: [
      fact('machine_health', 'm-1', FROM + HOUR, FROM + HOUR, { failure_probability: null, health_index: 95, evidence: [] }),
      fact('machine_health', 'm-2', FROM + HOUR, FROM + HOUR, { failure_probability: 0.2, health_index: 40, evidence: ['vibration rises'] }),
      fact('machine_health', 'm-2', FROM + 2 * HOUR, FROM + 2 * HOUR, { failure_probability: 0.8, health_index: 60, evidence: [] }),
    ] } // prettier-ignore
    const { rows, note } = tableOf(await make(judged, 'plant'), 'Machines at risk')
    expect(rows).toEqual([['m-2', 80, 40, 'vibration rises']])
    expect(note).toBe('2 machines were judged; 1 above 70 %.')
  })
})

describe('the fleet report', () => {
  it('adds up trips that begin in its week, by vehicle and by day', async () => {
    const trip = (thing: string, hours: number, km: number) => fact('trip', thing, FROM + hours * HOUR, FROM + (hours + 0.5) * HOUR, { distanceM: km * 1000, idleS: 360, topSpeedKmh: 80 }) // prettier-ignore
    const report = await make({ ...empty, devices: [device('v-1', 'fleet'), device('v-2', 'fleet')], facts: [
      trip('v-1', -0.25, 99), trip('v-1', 1, 10), trip('v-1', 30, 20), trip('v-2', 31, 5), trip('stranger', 1, 50),
      fact('harsh', 'v-2', FROM + HOUR, FROM + HOUR, {}),
      fact('tripRisk', 'v-1', FROM + HOUR, FROM + HOUR, { risk: 0.4 }),
      fact('refuel', 'v-1', FROM + HOUR, FROM + HOUR, { litres: 40.5 }),
      fact('drain', 'v-2', FROM + HOUR, FROM + HOUR, { litres: 7 }),
    ] }, 'fleet') // prettier-ignore
    expect(figureOf(report, 'Distance')).toBe(35)
    expect(figureOf(report, 'Driving')).toBe(1.5)
    expect([figureOf(report, 'Harsh events'), figureOf(report, 'Refuelled'), figureOf(report, 'Drained')]).toEqual([1, 40.5, 7]) // prettier-ignore
    expect(report.sections.flatMap((s) => (s.kind === 'bars' ? [s.bars.series[0]?.values] : []))[0]).toEqual([10, 25, 0, 0, 0, 0, 0]) // prettier-ignore
    expect(report.sections.filter(({ kind }) => kind === 'bars')).toHaveLength(1) // none of alarms: there was none
    expect(tableOf(report, 'Vehicles').rows).toEqual([
      ['v-1', 2, 30, 1, 0.2, 80, 0, 0.4, 40.5],
      ['v-2', 1, 5, 0.5, 0.1, 80, 20, null, 0],
    ])
  })
})

describe('the building report', () => {
  it('compares energy with what was expected only where all of it is, and counts discomfort of people only', async () => {
    const hour = (thing: string, hours: number, kWh: number, expectedKWh: number | null) => fact('energy_hour', thing, FROM + hours * HOUR, FROM + (hours + 1) * HOUR, { meter: 'm', kWh, expectedKWh, cost: kWh / 4, currency: 'EUR' }) // prettier-ignore
    const quarter = (hours: number, temperatureC: number, occupied: number, ppd: number) => fact('zone_quarter', 'site:office', FROM + hours * HOUR, FROM + hours * HOUR + HOUR / 4, { zone: 'south', temperatureC, occupied, ppd }) // prettier-ignore
    const world = { ...empty, devices: [device('z-1', 'building', 'office'), device('z-2', 'building', 'shop')], facts: [
      hour('site:office', 1, 10, 8), hour('site:office', 2, 6, 8), hour('site:shop', 1, 4, null), hour('site:other', 1, 99, 1),
      quarter(1, 20, 1, 8), quarter(1.25, 16, 1, 40), quarter(1.5, 14, 0, 70),
      fact('hvac_decision', 'site:office', FROM + HOUR, FROM + HOUR, { action: 'apply', saving: 0.2 }),
      fact('hvac_decision', 'site:office', FROM + 2 * HOUR, FROM + 2 * HOUR, { action: 'advise', saving: 0.05 }),
    ] } // prettier-ignore
    const report = await make(world, 'building')
    expect([figureOf(report, 'Energy'), figureOf(report, 'Cost'), figureOf(report, 'Plans applied')]).toEqual([20, 5, 50]) // prettier-ignore
    expect(figureOf(report, 'Dissatisfied while occupied')).toBe(24)
    expect(tableOf(report, 'Buildings').rows).toEqual([
      ['office', 16, 16, 4, 'EUR', 0.25, 50, 20],
      ['shop', 4, null, 1, 'EUR', null, null, null],
    ])
    expect(tableOf(report, 'Zones').rows[0]).toEqual(['south', 'office', expect.closeTo(16.67, 2), 14, 20, 0.5, 0.25, 24]) // prettier-ignore
    expect(figureOf(await make(world, 'building', TO, 'office'), 'Energy')).toBe(16)
  })
})

describe('lastWeek', () => {
  it('is the one from Monday to Sunday of the zone that is over', () => {
    expect(lastWeek(TO + HOUR, ZONE)).toEqual({ from: FROM, to: TO })
    expect(lastWeek(TO, ZONE)).toEqual({ from: FROM, to: TO })
    expect(lastWeek(TO - 1, ZONE)).toEqual({ from: FROM - 7 * 24 * HOUR, to: FROM })
  })

  it('has an hour less or more where the clocks change', () => {
    const autumn = lastWeek(Date.parse('2026-10-28T12:00:00Z'), ZONE)
    expect(autumn.to - autumn.from).toBe(7 * 24 * HOUR + HOUR)
  })
})

describe('makeDueReports', () => {
  const store = () => {
    const kept = new Map<string, Report>()
    return { kept, put: async (r: Report) => void kept.set(r.id, r), get: async (id: string) => kept.get(id) ?? null, list: async () => [] } // prettier-ignore
  }

  it('makes each trade’s once, some hours after the week is over', async () => {
    const world = sources({ ...empty, devices: [device('m-1', 'plant'), device('v-1', 'fleet')] })
    world.series = async () => ({ at: [FROM], mean: [1] })
    world.devices.types = async () => (['plant', 'fleet'] as const).map((trade) => ({ name: trade, trade, version: 1, measures: { temperature: {} } })) // prettier-ignore
    const reports = store()
    expect(await makeDueReports(world, reports, TO + HOUR, ZONE)).toEqual(['plant-2026-11-09', 'fleet-2026-11-09']) // prettier-ignore
    expect(await makeDueReports(world, reports, TO + 3 * HOUR, ZONE)).toEqual(['plant-2026-11-16', 'fleet-2026-11-16']) // prettier-ignore
    expect(await makeDueReports(world, reports, TO + 4 * HOUR, ZONE)).toEqual([])
    expect([...reports.kept.keys()]).toHaveLength(4)
  })

  it('makes none of a week from which nothing is stored: the box is younger than that', async () => {
    const world = sources({ ...empty, devices: [device('m-2', 'plant')] })
    expect(await makeDueReports(world, store(), TO + 3 * HOUR, ZONE)).toEqual([])
  })
})
