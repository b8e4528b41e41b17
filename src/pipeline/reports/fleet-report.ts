import { localSentence } from '../../core/report/local-text.ts'
import type { Section } from '../../core/report/report.ts'
import { alarmEpisodes } from './alarm-episodes.ts'
import { alarmBars, dayEdges, dayIndex, dayLabels, figure, HOUR } from './report-parts.ts'
import { devicesOf, factsByDay, numberOf, type ReportRequest, type ReportSources } from './report-sources.ts'

const LISTED = 60

interface Driven {
  trips: number
  km: number
  hours: number
  idleHours: number
  topKmh: number
  harsh: number
  worstRisk: number | null
  refuelledL: number
  drainedL: number
}
const nothing = (): Driven => ({ trips: 0, km: 0, hours: 0, idleHours: 0, topKmh: 0, harsh: 0, worstRisk: null, refuelledL: 0, drainedL: 0 }) // prettier-ignore

/** A fleet’s week: how far, how long, how carefully, on how much fuel. A trip counts on the day that it began. */
export async function fleetReport(sources: ReportSources, request: ReportRequest): Promise<Section[]> {
  const devices = new Set((await devicesOf(sources, request)).map(({ thing }) => thing))
  const edges = dayEdges(request)
  const byVehicle = new Map<string, Driven>()
  const kmByDay = edges.slice(1).map(() => 0)
  const each = async (
    type: string,
    take: (driven: Driven, number: (name: string) => number, day: number) => void,
  ): Promise<void> => {
    // prettier-ignore
    for await (const fact of factsByDay(sources, type, edges)) {
      if (!devices.has(fact.thing)) continue
      const driven = byVehicle.get(fact.thing) ?? nothing()
      byVehicle.set(fact.thing, driven)
      take(driven, (name) => numberOf(fact, name) ?? 0, dayIndex(edges, fact.at))
      if (type === 'trip') driven.hours += (fact.until - fact.at) / HOUR
    }
  }
  await each('trip', (driven, number, day) => {
    driven.trips++
    driven.km += number('distanceM') / 1000
    driven.idleHours += number('idleS') / 3600
    driven.topKmh = Math.max(driven.topKmh, number('topSpeedKmh'))
    if (day >= 0) kmByDay[day]! += number('distanceM') / 1000
  })
  await each('harsh', (driven) => driven.harsh++)
  await each('tripRisk', (driven, number) => (driven.worstRisk = Math.max(driven.worstRisk ?? 0, number('risk')))) // prettier-ignore
  await each('refuel', (driven, number) => (driven.refuelledL += number('litres')))
  await each('drain', (driven, number) => (driven.drainedL += number('litres')))

  const { episodes } = await alarmEpisodes(sources, request, (thing) => devices.has(thing))
  const raised = episodes.filter(({ from }) => from >= request.from)
  const all = [...byVehicle.values()]
  const sum = (of: (driven: Driven) => number): number => all.reduce((n, driven) => n + of(driven), 0)
  const km = sum((d) => d.km)
  return [
    {
      kind: 'figures',
      title: 'At a glance',
      figures: [
        figure('Vehicles', devices.size, '', { note: `${all.filter(({ trips }) => trips > 0).length} were driven` }), // prettier-ignore
        figure('Distance', km, 'km', { note: `${sum((d) => d.trips)} trips` }),
        figure('Driving', sum((d) => d.hours), 'h', { note: `${Math.round(sum((d) => d.idleHours))} h of it idling` }), // prettier-ignore
        figure('Harsh events', sum((d) => d.harsh), '', { note: km > 0 ? `${((100 * sum((d) => d.harsh)) / km).toFixed(1)} per 100 km` : '' }), // prettier-ignore
        figure(
          'Refuelled',
          sum((d) => d.refuelledL),
          'L',
        ),
        figure(
          'Drained',
          sum((d) => d.drainedL),
          'L',
          { note: all.some(({ drainedL }) => drainedL > 0) ? 'not burnt: look into it' : '' },
        ),
        figure('Alarms raised', raised.length),
      ],
    },
    {
      kind: 'bars',
      bars: { title: 'Distance, by day', unit: 'km', digits: 0, labels: dayLabels(request), series: [{ name: 'distance', tone: 'calm', values: kmByDay }] }, // prettier-ignore
    },
    vehicleTable(byVehicle),
    ...alarmBars(raised, request),
    {
      kind: 'table',
      title: 'Alarms',
      columns: [{ title: 'Vehicle' }, { title: 'Severity' }, { title: 'What' }],
      rows: raised.slice(-LISTED).reverse().map(({ thing, severity, text }) => [thing, severity, localSentence(text, request.timeZone, thing)]), // prettier-ignore
      empty: 'No vehicle had an alarm.',
      note: raised.length > LISTED ? `${raised.length - LISTED} earlier ones are left out.` : '',
    },
  ]
}

function vehicleTable(byVehicle: ReadonlyMap<string, Driven>): Section {
  const rows = [...byVehicle].sort(([a, x], [b, y]) => y.km - x.km || (a < b ? -1 : 1))
  return {
    kind: 'table',
    title: 'Vehicles, the furthest driven first',
    columns: [
      { title: 'Vehicle' },
      { title: 'Trips', digits: 0 },
      { title: 'Distance', unit: 'km', digits: 1 },
      { title: 'Driving', unit: 'h', digits: 1 },
      { title: 'Idle', unit: 'h', digits: 1 },
      { title: 'Top', unit: 'km/h', digits: 0 },
      { title: 'Harsh/100 km', digits: 1 },
      { title: 'Worst risk', digits: 2 },
      { title: 'Refuelled', unit: 'L', digits: 0 },
    ],
    rows: rows.slice(0, LISTED).map(([thing, d]) => [thing, d.trips, d.km, d.hours, d.idleHours, d.topKmh, d.km > 0 ? (100 * d.harsh) / d.km : null, d.worstRisk, d.refuelledL]), // prettier-ignore
    empty: 'No vehicle was driven.',
    note: rows.length > LISTED ? `${rows.length - LISTED} more were driven.` : '',
  }
}
