import { measureType, type Device, type DeviceType } from '../../core/device/profile.ts'
import { localSentence } from '../../core/report/local-text.ts'
import { unitSymbol } from '../../core/report/unit-symbol.ts'
import type { ReportChart, Section } from '../../core/report/report.ts'
import type { WorkOrder } from '../../core/maintenance/work-order.ts'
import { alarmEpisodes, type Episode } from './alarm-episodes.ts'
import { alarmBars, dayEdges, figure, HOUR, hoursStanding, median } from './report-parts.ts'
import { devicesOf, factsByDay, numberOf, type ReportRequest, type ReportSources } from './report-sources.ts'

const LISTED = 15
const CHARTS = 3
const POINTS = 400
const LIKELY = 0.7

/** A plant’s week: what alarmed and how fast people took note, which machines are at risk, what was repaired. */
export async function plantReport(sources: ReportSources, request: ReportRequest): Promise<Section[]> {
  const devices = new Map((await devicesOf(sources, request)).map((device) => [device.thing, device]))
  const { episodes, complete } = await alarmEpisodes(sources, request, (thing) => devices.has(thing))
  const raised = episodes.filter(({ from }) => from >= request.from)
  const waits = raised.flatMap(({ from, acknowledgedAt: at }) => (at === null ? [] : [(at - from) / 60_000]))
  const unacknowledged = raised.filter(({ acknowledgedAt }) => acknowledgedAt === null).length
  const orders = await ordersOf(sources, request, devices)
  return [
    {
      kind: 'figures',
      title: 'At a glance',
      figures: [
        figure('Machines', devices.size),
        figure('Alarms raised', raised.length, '', {
          note: complete ? `${count(raised, 'critical')} critical, ${count(raised, 'major')} major` : 'not all: more than one report takes', // prettier-ignore
        }),
        figure('Time to acknowledge, median', median(waits), 'min', { digits: 1, note: `${unacknowledged} not acknowledged` }), // prettier-ignore
        figure('Standing at the end', episodes.filter(({ until }) => until === null || until >= request.knownUntil).length), // prettier-ignore
      ],
    },
    ...alarmBars(raised, request),
    worstTable(episodes, devices, request),
    ...(await worstCharts(sources, episodes, devices, request)),
    ...(await riskTable(sources, devices, request)),
    ...ordersTable(orders, request),
  ]
}

const count = (episodes: readonly Episode[], severity: Episode['severity']): number =>
  episodes.filter((episode) => episode.severity === severity).length

function worstTable(
  episodes: readonly Episode[],
  devices: ReadonlyMap<string, Device>,
  request: ReportRequest,
): Section {
  const rows = [...Map.groupBy(episodes, ({ thing }) => thing)].map(([thing, own]) => ({
    thing,
    raised: own.filter(({ from }) => from >= request.from).length,
    critical: count(own, 'critical'),
    hours: hoursStanding(own, request),
    last: localSentence(own.at(-1)!.text, request.timeZone, thing),
  }))
  rows.sort((a, b) => b.critical - a.critical || b.hours - a.hours || (a.thing < b.thing ? -1 : 1))
  return {
    kind: 'table',
    title: 'Machines with alarms',
    columns: [
      { title: 'Machine' },
      { title: 'Type' },
      { title: 'Alarms', digits: 0 },
      { title: 'Critical', digits: 0 },
      { title: 'In alarm', unit: 'h', digits: 1 },
      { title: 'Last' },
    ],
    rows: rows.slice(0, LISTED).map(({ thing, raised, critical, hours, last }) => [thing, devices.get(thing)?.type ?? '', raised, critical, hours, last]), // prettier-ignore
    empty: 'No machine had an alarm.',
    note: rows.length > LISTED ? `${rows.length - LISTED} more had alarms.` : '',
  }
}

/** The measures whose alarms stood longest, with their limits and the time that they stood. */
async function worstCharts(
  sources: ReportSources,
  episodes: readonly Episode[],
  devices: ReadonlyMap<string, Device>,
  request: ReportRequest,
): Promise<Section[]> {
  const types = new Map((await sources.devices.types()).map((type) => [type.name, type]))
  const series = [...Map.groupBy(episodes.filter(({ rule }) => rule.startsWith('detect-')), ({ thing, key }) => `${thing}/${key}`).values()] // prettier-ignore
  series.sort((a, b) => hoursStanding(b, request) - hoursStanding(a, request))
  const sections: Section[] = []
  for (const own of series.slice(0, CHARTS)) {
    const { thing, key: measure } = own[0]!
    const { from, to } = request
    const found = await sources.series({ thing, measure, from, to, points: POINTS })
    if (found) sections.push({ kind: 'chart', chart: { ...chartOf(devices.get(thing)!, types, measure), ...found, spans: spansOf(own, request) } }) // prettier-ignore
  }
  return sections
}

function chartOf(
  device: Device,
  types: ReadonlyMap<string, DeviceType>,
  measure: string,
): Pick<ReportChart, 'title' | 'unit' | 'limits'> {
  const type = types.get(device.type) ?? { name: device.type, trade: device.trade, version: 0, measures: {} }
  const { unit = '', low, high } = measureType({ version: 0, device, type, learned: {} }, measure)
  return {
    title: `${device.thing}: ${measure}`,
    unit: unitSymbol(unit),
    limits: { ...(low !== undefined && { low }), ...(high !== undefined && { high }) },
  }
}

const spansOf = (episodes: readonly Episode[], { from, knownUntil: to }: ReportRequest): ReportChart['spans'] & object =>
  episodes.map((e) => ({ from: Math.max(from, e.from), to: Math.min(to, e.until ?? to), severity: e.severity })) // prettier-ignore

/** Machines by their worst judgement of the time. */
async function riskTable(
  sources: ReportSources,
  devices: ReadonlyMap<string, Device>,
  request: ReportRequest,
): Promise<Section[]> {
  const worst = new Map<string, { probability: number | null; health: number | null; evidence: string }>()
  for await (const fact of factsByDay(sources, 'machine_health', dayEdges(request))) {
    if (!devices.has(fact.thing)) continue
    const [probability, health] = [numberOf(fact, 'failure_probability'), numberOf(fact, 'health_index')]
    if (probability === null && health === null) continue
    const before = worst.get(fact.thing)
    const evidence = fact.value['evidence']
    worst.set(fact.thing, {
      probability: most(before?.probability, probability),
      health: least(before?.health, health),
      evidence: Array.isArray(evidence) && typeof evidence[0] === 'string' ? evidence[0] : (before?.evidence ?? ''), // prettier-ignore
    })
  }
  if (worst.size === 0) return []
  const rows = [...worst]
    .filter(([, { probability, health }]) => (probability ?? 0) > 0.3 || (health ?? 100) < 80)
    .sort(([a, x], [b, y]) => (y.probability ?? -1) - (x.probability ?? -1) || (x.health ?? 101) - (y.health ?? 101) || (a < b ? -1 : 1)) // prettier-ignore
  return [
    {
      kind: 'table',
      title: 'Machines at risk',
      columns: [
        { title: 'Machine' },
        { title: 'Failure probability, highest', unit: '%', digits: 0 },
        { title: 'Health, lowest', digits: 0 },
        { title: 'Why' },
      ],
      rows: rows.slice(0, LISTED).map(([thing, { probability, health, evidence }]) => [thing, probability === null ? null : 100 * probability, health, evidence]), // prettier-ignore
      empty: `None of the ${worst.size} machines that were judged deviated from its healthy period.`,
      note: `${worst.size} machines were judged; ${rows.filter(([, { probability }]) => (probability ?? 0) > LIKELY).length} above 70 %.`, // prettier-ignore
    },
  ]
}

const most = (a: number | null | undefined, b: number | null): number | null =>
  a === null || a === undefined ? b : b === null ? a : Math.max(a, b)
const least = (a: number | null | undefined, b: number | null): number | null =>
  a === null || a === undefined ? b : b === null ? a : Math.min(a, b)

async function ordersOf(
  { orders }: ReportSources,
  { from, to }: ReportRequest,
  devices: ReadonlyMap<string, Device>,
): Promise<WorkOrder[] | null> {
  if (!orders) return null
  const found: WorkOrder[] = []
  for (let cursor: string | undefined; ;) {
    const page = await orders.list({ limit: 1000, ...(cursor !== undefined && { cursor }) })
    found.push(...page.filter((order) => devices.has(order.thing) && order.openedAt < to && (order.closedAt ?? Infinity) >= from)) // prettier-ignore
    cursor = page.at(-1)?.id
    if (page.length < 1000) return found
  }
}

const statusText = { open: 'open', inProgress: 'in progress', done: 'done', cancelled: 'cancelled' } as const

function ordersTable(orders: readonly WorkOrder[] | null, { knownUntil }: ReportRequest): Section[] {
  if (orders === null) return []
  return [
    {
      kind: 'table',
      title: 'Work orders',
      columns: [
        { title: 'Machine' },
        { title: 'What to do' },
        { title: 'Status' },
        { title: 'Found' },
        { title: 'Open for', unit: 'h', digits: 0 },
      ],
      rows: orders.slice(0, 2 * LISTED).map((order) => [order.thing, order.action, statusText[order.status], order.finding ?? '', ((order.closedAt ?? knownUntil) - order.openedAt) / HOUR]), // prettier-ignore
      empty: 'No work order was open.',
      note: orders.length > 2 * LISTED ? `${orders.length - 2 * LISTED} more.` : '',
    },
  ]
}
