import { emptyState } from '../src/core/telemetry/device-state.ts'
import type { DeviceProfile } from '../src/core/device/profile.ts'
import { column, type ReadingBatch } from '../src/core/telemetry/reading.ts'
import { tradePipeline } from '../src/pipeline/trades.ts'
import { layoutOf } from '../src/core/telemetry/layout.ts'
import { driver } from '../src/pipeline/stages/driver.ts'
import { fuel } from '../src/pipeline/stages/fuel.ts'
import { position } from '../src/pipeline/stages/position.ts'
import { trips } from '../src/pipeline/stages/trips.ts'

/**
 * The fleet stages alone (filter, trips, fuel, driver) on 5,000 vehicles that send seven measures once a second, in
 * packs of `pack` seconds. `coreShare` is the processor time that this load takes (collector included) over the time
 * that it stands for; the goal is at most 0.2.
 */
export function fleetBench({ vehicles = 5000, seconds = 30, pack = 10 } = {}) {
  const stages = [position, trips, fuel, driver]
  const layout = layoutOf(250, stages)
  const bound = stages.map((stage) => stage.bind(layout))
  const states = Array.from({ length: vehicles }, (_, v) => emptyState(`v${v}`, layout))
  const profile: DeviceProfile = {
    version: 1,
    device: { thing: 'v', trade: 'fleet', type: 'vehicle', status: 'active', attributes: {} },
    type: { name: 'vehicle', trade: 'fleet', version: 1, measures: {} },
    learned: {},
  }
  const begin = Date.UTC(2026, 0, 5)
  let effects = 0
  let readings = 0
  let spentMs = 0
  for (let from = 0; from < seconds; from += pack) {
    const batches = states.map((_, v) => packOf(v, begin + from * 1000, pack))
    const start = process.cpuUsage()
    batches.forEach((batch, v) => {
      const context = { receivedAt: batch.receivedAt, position: 1n, profile, dirty: new Set<number>() }
      for (const stage of bound) effects += stage.step(states[v]!, batch, context).length
      readings += batch.columns.length * pack
    })
    const { user, system } = process.cpuUsage(start)
    spentMs += (user + system) / 1000
  }
  return {
    vehicles,
    pack,
    readingsPerSecond: Math.round((readings / spentMs) * 1000),
    coreShare: spentMs / 1000 / seconds,
    effects,
    stateBytes: layout.headerBytes + 10 * tradePipeline('fleet').layout.seriesBytes,
  }
}

const measures = ['latitude', 'longitude', 'speed', 'heading', 'accelX', 'accelY', 'fuelLevel']

/** A vehicle circling at about 15 m/s; every vehicle has its own phase, so that they do not all do the same at once. */
function packOf(vehicle: number, at: number, pack: number): ReadingBatch {
  const times = Float64Array.from({ length: pack }, (_, i) => at + i * 1000)
  const turn = (time: number): number => time / 60_000 + vehicle
  const value: Record<string, (time: number) => number> = {
    latitude: (t) => 41 + 0.008 * Math.sin(turn(t)),
    longitude: (t) => -96 + 0.01 * Math.cos(turn(t)),
    speed: () => 54,
    heading: (t) => (((turn(t) * 180) / Math.PI) % 360) - 90,
    accelX: (t) => 0.2 * Math.sin(turn(t) * 37),
    accelY: (t) => 0.36 * Math.sin(turn(t) * 11),
    fuelLevel: (t) => 60 + Math.sin(turn(t) * 5),
  }
  const columns = measures.map((measure) => {
    const made = column(measure, times, times.map(value[measure]!))
    made.advancing.fill(1)
    return made
  })
  return { thing: `v${vehicle}`, lane: 'telemetry', receivedAt: times.at(-1)!, position: 1n, columns }
}

if (import.meta.main) for (const pack of [1, 10]) console.log(JSON.stringify(fleetBench({ pack })))
