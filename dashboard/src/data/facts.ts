import { all, call, withQuery } from '../api/client.ts'
import type { Fact, Page } from '../api/types.ts'

/** Types of facts that the trades’ pages read, as the stages and jobs name them. */
export const factTypes = {
  trip: 'trip',
  stop: 'stop',
  refuel: 'refuel',
  drain: 'drain',
  harsh: 'harsh',
  tripRisk: 'tripRisk',
  zoneQuarter: 'zone_quarter',
  energyHour: 'energy_hour',
  decision: 'hvac_decision',
} as const

export interface FactQuery {
  from: number
  to: number
  thing?: string
}

export async function factsOf(
  type: string,
  { from, to, thing }: FactQuery,
  signal: AbortSignal,
  most = 3000,
): Promise<Fact[]> {
  const path = withQuery(`/v1/facts/${type}`, { from: Math.floor(from), to: Math.ceil(to), thing, limit: 1000 })
  return most <= 1000
    ? (await call<Page<Fact>>(path, { signal })).items
    : all<Fact>(path, most, signal)
}

/** Fields of a fact are its producer’s own: each is taken only as what it is. */
export const numberIn = (fact: Fact | undefined, name: string): number | null => {
  const found = fact?.value[name]
  return typeof found === 'number' && Number.isFinite(found) ? found : null
}
export const textIn = (fact: Fact | undefined, name: string): string | null => {
  const found = fact?.value[name]
  return typeof found === 'string' && found !== '' ? found : null
}
export const listIn = (fact: Fact | undefined, name: string): unknown[] => {
  const found = fact?.value[name]
  return Array.isArray(found) ? (found as unknown[]) : []
}
