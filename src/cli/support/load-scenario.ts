import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  parseBuildingScenario,
  type BuildingScenario,
} from '../../../simulator/building/building-scenario.ts'
import { parseFleetScenario, type FleetScenario } from '../../../simulator/fleet/scenario.ts'
import { parseScenario, type Scenario } from '../../../simulator/scenario.ts'
import { CliFailure } from '../exit-codes.ts'

export type PlantScenario = Scenario & { trade: 'plant' }
export type AnyScenario = PlantScenario | BuildingScenario | FleetScenario

export const examples = fileURLToPath(new URL('../../../examples/', import.meta.url))

/** A scenario from a file, or by its name in examples/scenarios. */
export function loadScenario(given: string, seed: number | undefined): AnyScenario {
  const byName = join(examples, 'scenarios', `${given}.json`)
  const file = existsSync(given) ? given : byName
  if (!existsSync(file)) {
    const names = readdirSync(join(examples, 'scenarios')).map((name) => name.replace(/\.json$/, ''))
    throw new CliFailure('badInput', `there is no file ${given} and no scenario of that name; known are ${names.join(', ')}`) // prettier-ignore
  }
  try {
    const parsed = parsedScenario(JSON.parse(readFileSync(file, 'utf8')))
    return seed === undefined ? parsed : { ...parsed, seed }
  } catch (error) {
    throw new CliFailure('badInput', `${file}: ${(error as Error).message}`)
  }
}

function parsedScenario(json: unknown): AnyScenario {
  const trade = typeof json === 'object' && json !== null && 'trade' in json ? json.trade : 'plant'
  if (trade === 'building') return parseBuildingScenario(json)
  if (trade === 'fleet') return parseFleetScenario(json)
  if (trade !== 'plant') throw new Error(`trade is ${String(trade)}; known are plant, fleet, building`)
  const plant = { ...(json as object) } as { trade?: unknown }
  delete plant.trade
  return { ...parseScenario(plant), trade: 'plant' }
}
