import type { Section } from '../../core/report/report.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { dayEdges, figure } from './report-parts.ts'
import { devicesOf, factsByDay, numberOf, type ReportRequest, type ReportSources } from './report-sources.ts'

const LISTED = 40
const CHARTS = 6
const QUARTERS_AN_HOUR = 4
/** ISO 7730:2005, table A.1: beyond category C. */
const UNCOMFORTABLE_PPD = 15

interface Use {
  kWh: number
  expectedKWh: number | null
  cost: number | null
  currency: string
  /** By hour, all meters together. */
  hours: Map<EpochMs, { kWh: number; expectedKWh: number | null }>
}
interface Zone {
  site: string
  zone: string
  n: number
  sumC: number
  lowC: number
  highC: number
  occupiedQuarters: number
  uncomfortableQuarters: number
  sumPpd: number
  nPpd: number
}
interface Steering {
  n: number
  applied: number
  saving: number
}

/** Buildings’ week: energy against what was to be expected, cost, comfort of those who were there, what control did. */
export async function buildingReport(sources: ReportSources, request: ReportRequest): Promise<Section[]> {
  const edges = dayEdges(request)
  const sites = new Set((await devicesOf(sources, request)).flatMap(({ site }) => site ?? []))
  const [uses, zones, steering] = [await usesOf(sources, edges, sites), await zonesOf(sources, edges, sites), await steeringOf(sources, edges, sites)] // prettier-ignore
  const all = [...uses.values()]
  const currencies = new Set(all.flatMap(({ currency }) => (currency === '' ? [] : [currency])))
  const sum = (of: (use: Use) => number | null): number | null =>
    all.some((use) => of(use) === null) || all.length === 0 ? null : all.reduce((n, use) => n + of(use)!, 0)
  const kWh = sum((use) => use.kWh)
  const expected = sum((use) => use.expectedKWh)
  const ppd = [...zones.values()].reduce((a, z) => ({ sum: a.sum + z.sumPpd, n: a.n + z.nPpd }), { sum: 0, n: 0 }) // prettier-ignore
  const control = [...steering.values()].reduce((a, s) => ({ n: a.n + s.n, applied: a.applied + s.applied }), { n: 0, applied: 0 }) // prettier-ignore
  return [
    {
      kind: 'figures',
      title: 'At a glance',
      figures: [
        figure('Buildings', sites.size, '', { note: `${zones.size} zones` }),
        figure('Energy', kWh, 'kWh', { note: expected === null || kWh === null ? 'nothing to compare with yet' : `${Math.round((100 * (kWh - expected)) / Math.max(1e-9, expected))} % against what was expected` }), // prettier-ignore
        figure('Cost', currencies.size === 1 ? sum((use) => use.cost) : null, [...currencies][0] ?? '', { digits: 2, note: currencies.size > 1 ? 'several currencies, see below' : '' }), // prettier-ignore
        figure('Dissatisfied while occupied', ppd.n === 0 ? null : ppd.sum / ppd.n, '%', { note: 'predicted, ISO 7730' }), // prettier-ignore
        figure('Plans applied', control.n === 0 ? null : (100 * control.applied) / control.n, '%', { note: 'of the quarters of an hour' }), // prettier-ignore
      ],
    },
    siteTable(uses, zones, steering),
    ...siteCharts(uses),
    zoneTable(zones),
  ]
}

const siteOf = (thing: string): string => thing.replace(/^site:/, '')
const plus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b)

async function usesOf(sources: ReportSources, edges: readonly EpochMs[], sites: ReadonlySet<string>) {
  const uses = new Map<string, Use>()
  for await (const fact of factsByDay(sources, 'energy_hour', edges)) {
    const site = siteOf(fact.thing)
    if (!sites.has(site)) continue
    const [kWh, expected, cost] = [numberOf(fact, 'kWh') ?? 0, numberOf(fact, 'expectedKWh'), numberOf(fact, 'cost')] // prettier-ignore
    const use: Use = uses.get(site) ?? { kWh: 0, expectedKWh: 0, cost: 0, currency: '', hours: new Map() }
    const hour = use.hours.get(fact.at) ?? { kWh: 0, expectedKWh: 0 }
    use.hours.set(fact.at, { kWh: hour.kWh + kWh, expectedKWh: plus(hour.expectedKWh, expected) })
    const currency = fact.value['currency']
    uses.set(site, { ...use, kWh: use.kWh + kWh, expectedKWh: plus(use.expectedKWh, expected), cost: plus(use.cost, cost), currency: typeof currency === 'string' ? currency : use.currency }) // prettier-ignore
  }
  return uses
}

async function zonesOf(sources: ReportSources, edges: readonly EpochMs[], sites: ReadonlySet<string>) {
  const zones = new Map<string, Zone>()
  for await (const fact of factsByDay(sources, 'zone_quarter', edges)) {
    const site = siteOf(fact.thing)
    const [zone, temperatureC] = [fact.value['zone'], numberOf(fact, 'temperatureC')]
    if (!sites.has(site) || typeof zone !== 'string' || temperatureC === null) continue
    const key = `${site}\0${zone}`
    const found = zones.get(key) ?? { site, zone, n: 0, sumC: 0, lowC: Infinity, highC: -Infinity, occupiedQuarters: 0, uncomfortableQuarters: 0, sumPpd: 0, nPpd: 0 } // prettier-ignore
    found.n++
    found.sumC += temperatureC
    found.lowC = Math.min(found.lowC, temperatureC)
    found.highC = Math.max(found.highC, temperatureC)
    const ppd = numberOf(fact, 'ppd')
    if ((numberOf(fact, 'occupied') ?? 0) > 0.5) {
      found.occupiedQuarters++
      if (ppd !== null) {
        found.sumPpd += ppd
        found.nPpd++
        if (ppd > UNCOMFORTABLE_PPD) found.uncomfortableQuarters++
      }
    }
    zones.set(key, found)
  }
  return zones
}

async function steeringOf(sources: ReportSources, edges: readonly EpochMs[], sites: ReadonlySet<string>) {
  const steering = new Map<string, Steering>()
  for await (const fact of factsByDay(sources, 'hvac_decision', edges)) {
    const site = siteOf(fact.thing)
    if (!sites.has(site)) continue
    const found = steering.get(site) ?? { n: 0, applied: 0, saving: 0 }
    found.n++
    if (fact.value['action'] === 'apply') {
      found.applied++
      found.saving += numberOf(fact, 'saving') ?? 0
    }
    steering.set(site, found)
  }
  return steering
}

function siteTable(
  uses: ReadonlyMap<string, Use>,
  zones: ReadonlyMap<string, Zone>,
  steering: ReadonlyMap<string, Steering>,
): Section {
  const names = [...new Set([...uses.keys(), ...[...zones.values()].map(({ site }) => site)])]
  names.sort((a, b) => (uses.get(b)?.kWh ?? 0) - (uses.get(a)?.kWh ?? 0) || (a < b ? -1 : 1))
  return {
    kind: 'table',
    title: 'Buildings, by energy',
    columns: [
      { title: 'Building' },
      { title: 'Energy', unit: 'kWh', digits: 0 },
      { title: 'Expected', unit: 'kWh', digits: 0 },
      { title: 'Cost', digits: 2 },
      { title: 'Currency' },
      { title: 'Uncomfortable', unit: 'h', digits: 1 },
      { title: 'Plans applied', unit: '%', digits: 0 },
      { title: 'Saving planned', unit: '%', digits: 0 },
    ],
    rows: names.slice(0, LISTED).map((name) => {
      const [use, control] = [uses.get(name), steering.get(name)]
      const own = [...zones.values()].filter(({ site }) => site === name)
      const uncomfortable = own.reduce((n, z) => n + z.uncomfortableQuarters, 0) / QUARTERS_AN_HOUR
      return [name, use?.kWh ?? null, use?.expectedKWh ?? null, use?.cost ?? null, use?.currency ?? '', own.length === 0 ? null : uncomfortable, control ? (100 * control.applied) / control.n : null, control && control.applied > 0 ? (100 * control.saving) / control.applied : null] // prettier-ignore
    }),
    empty: 'No building has meters or zones that were described.',
    note: names.length > LISTED ? `${names.length - LISTED} more.` : 'Uncomfortable: occupied, above 15 % dissatisfied. Saving: of the schedule’s cost, mean of applied plans.', // prettier-ignore
  }
}

/** Energy by the hour against what was to be expected, of those that use most. */
const siteCharts = (uses: ReadonlyMap<string, Use>): Section[] =>
  [...uses]
    .sort(([a, x], [b, y]) => y.kWh - x.kWh || (a < b ? -1 : 1))
    .slice(0, CHARTS)
    .map(([site, { hours }]) => {
      const points = [...hours].sort(([a], [b]) => a - b)
      const known = points.some(([, { expectedKWh }]) => expectedKWh !== null)
      return {
        kind: 'chart',
        chart: {
          title: known ? `${site}: energy an hour, dashed what was expected` : `${site}: energy an hour`,
          unit: 'kWh',
          at: points.map(([at]) => at),
          mean: points.map(([, { kWh }]) => kWh),
          ...(known && { reference: points.map(([, { expectedKWh }]) => expectedKWh) }),
        },
      }
    })

function zoneTable(zones: ReadonlyMap<string, Zone>): Section {
  const rows = [...zones.values()].sort((a, b) => b.uncomfortableQuarters - a.uncomfortableQuarters || b.sumPpd / Math.max(1, b.nPpd) - a.sumPpd / Math.max(1, a.nPpd) || (a.zone < b.zone ? -1 : 1)) // prettier-ignore
  return {
    kind: 'table',
    title: 'Zones, the least comfortable first',
    columns: [
      { title: 'Zone' },
      { title: 'Building' },
      { title: 'Mean', unit: '°C', digits: 1 },
      { title: 'Lowest', unit: '°C', digits: 1 },
      { title: 'Highest', unit: '°C', digits: 1 },
      { title: 'Occupied', unit: 'h', digits: 1 },
      { title: 'Uncomfortable', unit: 'h', digits: 1 },
      { title: 'Dissatisfied', unit: '%', digits: 0 },
    ],
    rows: rows.slice(0, LISTED).map((z) => [z.zone, z.site, z.sumC / z.n, z.lowC, z.highC, z.occupiedQuarters / QUARTERS_AN_HOUR, z.uncomfortableQuarters / QUARTERS_AN_HOUR, z.nPpd === 0 ? null : z.sumPpd / z.nPpd]), // prettier-ignore
    empty: 'No zone was measured.',
    note: rows.length > LISTED ? `${rows.length - LISTED} more.` : '',
  }
}
