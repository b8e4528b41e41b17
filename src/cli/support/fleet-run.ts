import { setTimeout as sleep } from 'node:timers/promises'
import { gridStreets, graphStreets, type Streets } from '../../../simulator/fleet/streets.ts'
import type { VehicleLabel } from '../../../simulator/fleet/drive.ts'
import { scoreFleet, type FleetFinding, type FleetScore } from '../../../simulator/fleet/score.ts'
import type { FleetScenario } from '../../../simulator/fleet/scenario.ts'
import { readRoadGraph } from '../../adapters/local/osm-road-network.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { ApiClient } from './api-client.ts'
import { table } from './output.ts'

/** The roads that a scenario's vehicles drive on: those of a map, else a town of square blocks. */
export async function streetsOf({ town }: FleetScenario, road: string | undefined): Promise<Streets> {
  return road === undefined ? gridStreets(town.lat, town.lon) : graphStreets(await readRoadGraph(road, 'car'))
}

/** Attributes and type of the scenario's vehicles, as the registry is told of them. */
export const vehicleDevices = ({ vehicles }: FleetScenario) =>
  vehicles.map(({ thing, vehicleClass, tankL }) => ({
    thing,
    kind: 'vehicle',
    attributes: { vehicleClass, tankL: String(tankL) },
  }))

/** The store commits a few times a second, and a trip that ends with the run is told by the next tick. */
const SETTLE_MS = 1500
const PAGE = 1000

/** Compares what the box found in this run with what really happened. */
export async function scoreFleetRun(
  api: ApiClient,
  truth: readonly VehicleLabel[],
  start: number,
  end: number,
): Promise<FleetScore> {
  await sleep(SETTLE_MS)
  const things = new Set(truth.map(({ thing }) => thing))
  const findings: FleetFinding[] = []
  for (const kind of ['trip', 'harsh', 'refuel'] as const)
    for await (const facts of api.pages<Fact>(`/v1/facts/${kind}`, {
      from: Math.floor(start),
      to: Math.ceil(end),
      limit: PAGE,
    }))
      // prettier-ignore
      for (const { thing, at, until, value } of facts) {
        if (!things.has(thing) || value['open'] === true) continue // a trip that goes on has no truth yet
        const metres = value['distanceM']
        findings.push({ thing, kind, at, until, ...(typeof metres === 'number' && { metres }) })
      }
  return scoreFleet(truth, findings)
}

export function fleetScoreText(score: FleetScore): string {
  const row = (name: string, kind: 'trip' | 'harsh' | 'refuel') => {
    const { truth, found, findings, falseFindings } = score[kind]
    return [name, `${found} of ${truth}`, findings, falseFindings]
  }
  const { meanPercent, worstPercent } = score.distance
  return [
    table(['', 'found', 'findings', 'false'], [row('trips', 'trip'), row('harsh events', 'harsh'), row('refuels', 'refuel')]), // prettier-ignore
    `distance of trips: ${meanPercent.toFixed(1)} % off on average, ${worstPercent.toFixed(1)} % at worst`,
  ].join('\n')
}
