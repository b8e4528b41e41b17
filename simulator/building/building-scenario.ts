import { isThingName } from '../../src/core/telemetry/limits.ts'
import type { Disorder } from '../disorder.ts'
import { fields, number, text } from '../given.ts'
import { parseDisorder } from '../parse-disorder.ts'
import type { Climate } from './climate.ts'

/** Buildings of two zones, each with a controller a zone and a weather station. */
export interface BuildingScenario {
  name: string
  trade: 'building'
  seed: number
  /** Names of the buildings' sites. */
  sites: readonly string[]
  messageMs: number
  climate: Climate
  disorder: Disorder
  machines: readonly { thing: string; kind: 'zone-controller' | 'weather-station'; site: string }[]
}

export const buildingZones = ['south', 'north'] as const
export const zoneThing = (site: string, zone: string): string => `${site}-${zone}`
export const weatherThing = (site: string): string => `${site}-weather`

/** A building scenario from its JSON form. Throws one sentence that says what is wrong and where. */
export function parseBuildingScenario(json: unknown): BuildingScenario {
  const given = fields(json, 'scenario', ['name', 'trade', 'seed', 'site', 'count', 'messageMs', 'climate', 'disorder']) // prettier-ignore
  const climate = fields(given['climate'] ?? {}, 'climate', ['meanC', 'seasonK', 'dayK', 'latitude', 'utcOffsetHours']) // prettier-ignore
  const site = text(given['site'] ?? 'building', 'site')
  const count = number(given['count'] ?? 1, 'count', 1, 1000)
  const sites = count === 1 ? [site] : Array.from({ length: count }, (_, i) => `${site}-${i + 1}`)
  const wrong = sites.find((name) => !isThingName(name))
  if (wrong !== undefined) throw new Error(`site: ${wrong} is no name for devices to begin with`)
  return {
    name: text(given['name'], 'name'),
    trade: 'building',
    seed: number(given['seed'] ?? 1, 'seed', 0, Number.MAX_SAFE_INTEGER),
    sites,
    messageMs: number(given['messageMs'] ?? 60_000, 'messageMs', 60_000, 60_000),
    climate: {
      meanC: number(climate['meanC'] ?? 10, 'climate.meanC', -30, 40),
      seasonK: number(climate['seasonK'] ?? 11, 'climate.seasonK', 0, 40),
      dayK: number(climate['dayK'] ?? 4, 'climate.dayK', 0, 20),
      latitude: number(climate['latitude'] ?? 48, 'climate.latitude', -66, 66),
      utcOffsetHours: number(climate['utcOffsetHours'] ?? 0, 'climate.utcOffsetHours', -12, 14),
    },
    disorder: parseDisorder(given['disorder'] ?? {}),
    machines: sites.flatMap((name) => [
      ...buildingZones.map((zone) => ({
        thing: zoneThing(name, zone),
        kind: 'zone-controller' as const,
        site: name,
      })),
      { thing: weatherThing(name), kind: 'weather-station' as const, site: name },
    ]),
  }
}
