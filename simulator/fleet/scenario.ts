import { isThingName } from '../../src/core/telemetry/limits.ts'
import type { Disorder } from '../disorder.ts'
import { fields, list, number, text } from '../given.ts'
import { parseDisorder } from '../parse-disorder.ts'

export interface SimulatedVehicle {
  thing: string
  vehicleClass: 'car' | 'van' | 'heavy'
  /** Harsh manoeuvres an hour of driving. */
  harshPerHour: number
  tankL: number
  /** At the start, percent. */
  fuelLevel: number
}

export interface FleetScenario {
  name: string
  trade: 'fleet'
  seed: number
  site: string
  messageMs: number
  /** Minutes of driving and of standing, in turn; each is drawn between once and twice as long. A trip ends after ten minutes. */
  driveMinutes: number
  standMinutes: number
  /** Corner of the grid town that is driven in without a map. */
  town: { lat: number; lon: number }
  vehicles: readonly SimulatedVehicle[]
  disorder: Disorder
}

export const isFleetScenario = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && (json as { trade?: unknown }).trade === 'fleet'

/** A fleet's scenario from its JSON form. Throws one sentence that says what is wrong and where. */
export function parseFleetScenario(json: unknown): FleetScenario {
  const given = fields(json, 'scenario', ['trade', 'name', 'seed', 'site', 'messageMs', 'driveMinutes', 'standMinutes', 'town', 'vehicles', 'disorder']) // prettier-ignore
  const town = fields(given['town'] ?? {}, 'town', ['lat', 'lon'])
  const vehicles = list(given['vehicles'], 'vehicles').flatMap(parseVehicles)
  if (vehicles.length === 0) throw new Error('vehicles is empty; a scenario needs at least one')
  if (new Set(vehicles.map(({ thing }) => thing)).size < vehicles.length)
    throw new Error('vehicles: two have the same name')
  return {
    name: text(given['name'], 'name'),
    trade: 'fleet',
    seed: number(given['seed'] ?? 1, 'seed', 0, Number.MAX_SAFE_INTEGER),
    site: text(given['site'] ?? 'depot', 'site'),
    messageMs: number(given['messageMs'] ?? 10_000, 'messageMs', 1000, 600_000),
    driveMinutes: number(given['driveMinutes'] ?? 15, 'driveMinutes', 1, 600),
    standMinutes: number(given['standMinutes'] ?? 20, 'standMinutes', 12, 6000),
    town: {
      lat: number(town['lat'] ?? 48.1, 'town.lat', -70, 70),
      lon: number(town['lon'] ?? 11.5, 'town.lon', -179, 179),
    },
    vehicles,
    disorder: parseDisorder(given['disorder'] ?? {}),
  }
}

const classes = ['car', 'van', 'heavy'] as const

function parseVehicles(json: unknown, index: number): SimulatedVehicle[] {
  const where = `vehicles[${index}]`
  const given = fields(json, where, ['thing', 'prefix', 'count', 'vehicleClass', 'harshPerHour', 'tankL', 'fuelLevel']) // prettier-ignore
  const vehicleClass = classes.find((name) => name === (given['vehicleClass'] ?? 'car'))
  if (!vehicleClass) throw new Error(`${where}.vehicleClass is none of ${classes.join(', ')}`)
  const vehicle = {
    vehicleClass,
    harshPerHour: number(given['harshPerHour'] ?? 2, `${where}.harshPerHour`, 0, 600),
    tankL: number(given['tankL'] ?? 50, `${where}.tankL`, 5, 2000),
    fuelLevel: number(given['fuelLevel'] ?? 60, `${where}.fuelLevel`, 1, 100),
  }
  const count = number(given['count'] ?? 1, `${where}.count`, 1, 100_000)
  const names =
    given['thing'] === undefined
      ? Array.from({ length: count }, (_, i) => `${text(given['prefix'] ?? 'vehicle-', `${where}.prefix`)}${i + 1}`) // prettier-ignore
      : [text(given['thing'], `${where}.thing`)]
  return names.map((thing) => {
    if (!isThingName(thing)) throw new Error(`${where}: ${thing} is no name for a device`)
    return { thing, ...vehicle }
  })
}
