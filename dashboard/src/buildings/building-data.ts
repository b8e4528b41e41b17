import { call, segment } from '../api/client.ts'
import type { Fact } from '../api/types.ts'
import { now } from '../data/clock.ts'
import { factsOf, factTypes, numberIn, textIn } from '../data/facts.ts'
import { asProblem } from '../api/problem.ts'

export const DAY = 86_400_000
const HOUR = 3_600_000

export interface SetPoints {
  heatC: number
  coolC: number
}

/** A zone as it is now, by the newest quarter of an hour. */
export interface Zone {
  zone: string
  at: number
  temperatureC: number | null
  humidityPercent: number | null
  co2Ppm: number | null
  occupied: number | null
  pmv: number | null
  ppd: number | null
  heatingKw: number | null
  coolingKw: number | null
}

/** One hour of a building, all its meters together. */
export interface EnergyHour {
  at: number
  kWh: number
  expectedKWh: number | null
  cost: number | null
}

export interface PlannedZone {
  zone: string
  action: string
  method: string
  why: string
  expectedKWh: number
  scheduledKWh: number
  expectedCost: number
  scheduledCost: number
}

export interface Plan {
  at: number
  action: 'apply' | 'advise'
  /** What costs and saving cover. */
  horizonHours: number
  saving: number
  savingLow: number
  expectedCost: number
  scheduledCost: number
  currency: string | null
  weather: string
  stepMs: number
  zones: PlannedZone[]
  /** Zones that keep to their own schedule. */
  left: { zone: string; why: string }[]
  horizon: { at: number; outdoorC: number; price: number }[]
  setPoints: Record<string, SetPoints[]>
}

export interface Override extends SetPoints {
  zone: string
  until: number
  by: string
}

/** What is known of every building, by its name. */
export interface Buildings {
  zones: ReadonlyMap<string, Zone[]>
  hours: ReadonlyMap<string, EnergyHour[]>
  decisions: ReadonlyMap<string, Fact>
  currency: ReadonlyMap<string, string>
}

const siteOf = ({ thing }: Fact): string => thing.replace(/^site:/, '')

export async function loadBuildings(signal: AbortSignal): Promise<Buildings> {
  const to = now()
  const [quarters, energy, decisions] = await Promise.all([
    factsOf(factTypes.zoneQuarter, { from: to - 2 * HOUR, to: to + HOUR }, signal, 20_000),
    factsOf(factTypes.energyHour, { from: to - DAY, to: to + HOUR }, signal, 40_000),
    factsOf(factTypes.decision, { from: to - 2 * HOUR, to: to + HOUR }, signal, 5000),
  ])
  const newest = new Map<string, Fact>()
  for (const fact of quarters) {
    const key = `${fact.thing} ${textIn(fact, 'zone') ?? fact.key}`
    const before = newest.get(key)
    if (!before || before.at < fact.at) newest.set(key, fact)
  }
  return {
    zones: new Map(
      [...Map.groupBy(newest.values(), siteOf)].map(([site, facts]) => [site, facts.map(zoneOf)]),
    ),
    hours: new Map([...Map.groupBy(energy, siteOf)].map(([site, facts]) => [site, hoursOf(facts)])),
    decisions: new Map(decisions.map((fact) => [siteOf(fact), fact])),
    currency: new Map(energy.flatMap((fact) => { const currency = textIn(fact, 'currency'); return currency === null ? [] : [[siteOf(fact), currency] as const] })), // prettier-ignore
  }
}

const zoneOf = (fact: Fact): Zone => ({
  zone: textIn(fact, 'zone') ?? fact.key,
  at: fact.until,
  temperatureC: numberIn(fact, 'endTemperatureC') ?? numberIn(fact, 'temperatureC'),
  humidityPercent: numberIn(fact, 'humidityPercent'),
  co2Ppm: numberIn(fact, 'co2Ppm'),
  occupied: numberIn(fact, 'occupiedNow'),
  pmv: numberIn(fact, 'pmv'),
  ppd: numberIn(fact, 'ppd'),
  heatingKw: numberIn(fact, 'heatingKw'),
  coolingKw: numberIn(fact, 'coolingKw'),
})

/** All meters of a building together, hour by hour. An hour is expected only if every meter's share of it is. */
export function hoursOf(facts: readonly Fact[]): EnergyHour[] {
  return [...Map.groupBy(facts, ({ at }) => at)]
    .sort(([a], [b]) => a - b)
    .map(([at, own]) => ({
      at,
      kWh: own.reduce((n, fact) => n + (numberIn(fact, 'kWh') ?? 0), 0),
      expectedKWh: sumOf(own, 'expectedKWh'),
      cost: sumOf(own, 'cost'),
    }))
}

const sumOf = (facts: readonly Fact[], name: string): number | null => {
  const found = facts.map((fact) => numberIn(fact, name))
  return found.some((value) => value === null) ? null : found.reduce<number>((a, b) => a + (b ?? 0), 0)
}

/** What a zone's plant is asked to do, or says that it does. */
export interface ZoneSetPoints {
  mode: 'setpoints' | 'schedule'
  source?: 'plan' | 'operator'
  by?: string
  heatC?: number
  coolC?: number
  until?: number
}
export interface Standing {
  desired: ZoneSetPoints | null
  reported: ZoneSetPoints | null
}

export interface BuildingNow {
  plan: Plan | null
  overrides: Override[]
  /** By zone; absent where the zone has no plant that could be steered. */
  setPoints: ReadonlyMap<string, Standing>
  site: Record<string, unknown> | null
}

/** What only the page of one building shows. */
export async function loadBuilding(site: string, signal: AbortSignal): Promise<BuildingNow> {
  const path = `/v1/buildings/${segment(site)}`
  try {
    const [{ plan }, zones, described] = await Promise.all([
      call<{ plan: Plan | null }>(`${path}/plan`, { signal }),
      call<{ items: { zone: string; override: Override | null; setPoints?: Standing | null }[] }>(`${path}/zones`, { signal }), // prettier-ignore
      call<Record<string, unknown>>(`/v1/sites/${segment(site)}`, { signal }),
    ])
    return {
      plan,
      overrides: zones.items.flatMap(({ override }) => override ?? []),
      setPoints: new Map(
        zones.items.flatMap(({ zone, setPoints }) => (setPoints ? [[zone, setPoints]] : [])),
      ),
      site: described,
    }
  } catch (error) {
    const { code } = asProblem(error)
    if (code !== 'no_such_site' && code !== 'no_such_path') throw error
    return { plan: null, overrides: [], setPoints: new Map(), site: null }
  }
}

/** A plan's saving in words: the same on the list and on the building's page. */
export function savingText(saving: number): string {
  const percent = Math.round(Math.abs(saving) * 100)
  if (percent === 0) return 'costs the same'
  return saving > 0 ? `saves ${percent} %` : `costs ${percent} % more`
}

export const total = (
  hours: readonly EnergyHour[],
  of: (hour: EnergyHour) => number | null,
): number | null => {
  const found = hours.map(of)
  return found.length === 0 || found.some((value) => value === null)
    ? null
    : found.reduce<number>((a, b) => a + (b ?? 0), 0)
}
