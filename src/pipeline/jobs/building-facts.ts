import type { RoomCalibration } from '../../core/building/occupancy/features.ts'
import { siteThing } from '../../core/building/site.ts'
import type { Identification } from '../../core/building/thermal/identify-zone.ts'
import type { ZoneModel } from '../../core/building/thermal/zone-model.ts'
import { QUARTER, type ZoneQuarter } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { TelemetryReader } from '../../ports/telemetry-reader.ts'

/** Facts of buildings: what jobs say, and what other jobs and the API read. */
export const buildingFacts = {
  quarter: 'zone_quarter',
  knowledge: 'zone_knowledge',
  energy: 'energy_hour',
  plan: 'hvac_plan',
  decision: 'hvac_decision',
  override: 'hvac_override',
} as const

/** A model without typed arrays, as it is stored. */
interface StoredModel extends Omit<ZoneModel, 'habit'> {
  habit: number[]
}

export interface StoredKnowledge {
  zone: string
  room: RoomCalibration
  identification:
    (Omit<Identification, 'model' | 'folds'> & { model: StoredModel; folds: StoredModel[] }) | null
  presence: number[]
  /** Mean outdoor temperature of the week before. */
  runningMeanC: number | null
  days: number
}

const plain = (model: ZoneModel): StoredModel => ({ ...model, habit: Array.from(model.habit) })
const open = (model: StoredModel): ZoneModel => ({ ...model, habit: Float64Array.from(model.habit) })

export const storedIdentification = (found: Identification | null): StoredKnowledge['identification'] =>
  found && { ...found, model: plain(found.model), folds: found.folds.map(plain) }
export const openIdentification = (stored: StoredKnowledge['identification']): Identification | null =>
  stored && { ...stored, model: open(stored.model), folds: stored.folds.map(open) }

/** Ascending quarters of a site's zones that ended at or before `to`. */
export async function quartersOf(
  reader: Pick<TelemetryReader, 'facts'>,
  site: string,
  zones: number,
  from: EpochMs,
  to: EpochMs,
): Promise<{ at: EpochMs; quarter: ZoneQuarter }[]> {
  const limit = Math.max(1, zones) * (Math.ceil((to - from) / QUARTER) + 2)
  const facts = await reader.facts({ type: buildingFacts.quarter, thing: siteThing(site), from, to, limit })
  return facts
    .filter((fact) => fact.at >= from && fact.until <= to)
    .map((fact) => ({ at: fact.at, quarter: fact.value as unknown as ZoneQuarter }))
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

/** Overrides by hand that hold at a moment. */
export async function overridesOf(
  reader: Pick<TelemetryReader, 'facts'>,
  site: string,
  at: EpochMs,
): Promise<Override[]> {
  const facts = await reader.facts({
    type: buildingFacts.override,
    thing: siteThing(site),
    from: at,
    to: at + 1,
    limit: 1000,
  })
  return facts.map((fact) => fact.value as unknown as Override).filter((override) => at < override.until)
}
