import type { RoomCalibration } from '../../core/building/occupancy/features.ts'
import { siteThing, type Site } from '../../core/building/site.ts'
import type { Identification } from '../../core/building/thermal/identify-zone.ts'
import type { Droop } from '../../core/building/thermal/thermostat-droop.ts'
import { QUARTER, type ZoneQuarter } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { TelemetryReader } from '../../ports/telemetry-reader.ts'

const HOUR = 3_600_000

/** Facts of buildings: what jobs say, and what other jobs and the API read. */
export const buildingFacts = {
  quarter: 'zone_quarter',
  knowledge: 'zone_knowledge',
  energy: 'energy_hour',
  plan: 'hvac_plan',
  decision: 'hvac_decision',
  override: 'hvac_override',
} as const

export interface StoredKnowledge {
  zone: string
  room: RoomCalibration
  identification: Identification | null
  droop: Droop
  presence: number[]
  /** Mean outdoor temperature of the week before. */
  runningMeanC: number | null
  days: number
}

/** Ascending quarters of a site's zones that ended at or before `to`. */
export async function quartersOf(
  reader: Pick<TelemetryReader, 'facts'>,
  site: string,
  zones: number,
  from: EpochMs,
  to: EpochMs,
): Promise<{ at: EpochMs; quarter: ZoneQuarter }[]> {
  const limit = Math.max(1, zones) * (Math.ceil((to - from) / QUARTER) + 2)
  const thing = siteThing(site)
  const facts = await reader.facts({
    type: buildingFacts.quarter,
    thing,
    from,
    startingFrom: from,
    to,
    limit,
  })
  return facts
    .filter((fact) => fact.until <= to)
    .map((fact) => ({ at: fact.at, quarter: fact.value as unknown as ZoneQuarter }))
}

/** Mean outdoor temperature of each hour of a range, where any zone's quarters tell. */
export async function outdoorByHour(
  reader: Pick<TelemetryReader, 'facts'>,
  site: Site,
  from: EpochMs,
  to: EpochMs,
): Promise<Map<EpochMs, number>> {
  const quarters = await quartersOf(reader, site.name, site.zones.length, from, to)
  const hours = new Map<EpochMs, number>()
  for (const [hour, own] of Map.groupBy(quarters, ({ at }) => Math.floor(at / HOUR) * HOUR)) {
    const temperatures = own.flatMap(({ quarter }) => quarter.outdoorC ?? [])
    if (temperatures.length > 0)
      hours.set(hour, temperatures.reduce((a, b) => a + b, 0) / temperatures.length)
  }
  return hours
}

/** What was last learned of each zone before a moment. */
export async function knowledgeOf(
  reader: Pick<TelemetryReader, 'facts'>,
  site: string,
  at: EpochMs,
): Promise<Map<string, StoredKnowledge>> {
  const facts = await reader.facts({
    type: buildingFacts.knowledge,
    thing: siteThing(site),
    from: at,
    to: at,
    limit: 1000,
  })
  const known = new Map<string, StoredKnowledge>()
  for (const fact of facts) {
    const value = fact.value as unknown as StoredKnowledge
    known.set(value.zone, value)
  }
  return known
}

export interface Override {
  zone: string
  heatC: number
  coolC: number
  until: EpochMs
  by: string
}

export const overrideFact = (site: string, override: Override, at: EpochMs): Fact => ({
  type: buildingFacts.override,
  thing: siteThing(site),
  key: override.zone,
  at,
  until: override.until,
  version: at,
  value: { ...override },
})

/**
 * Overrides by hand that hold at a moment, those made since then included: a person's word counts at once, also for work on
 * minutes that were closed before it.
 */
export async function overridesOf(
  reader: Pick<TelemetryReader, 'facts'>,
  site: string,
  at: EpochMs,
): Promise<Override[]> {
  const facts = await reader.facts({
    type: buildingFacts.override,
    thing: siteThing(site),
    from: at,
    to: Number.MAX_SAFE_INTEGER,
    limit: 1000,
  })
  return facts.map((fact) => fact.value as unknown as Override).filter((override) => at < override.until)
}
