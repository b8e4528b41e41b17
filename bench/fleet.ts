import { readFileSync } from 'node:fs'
import type { Change, DeviceType } from '../src/core/device/profile.ts'
import { emptyState } from '../src/core/telemetry/device-state.ts'
import type { BoundStage } from '../src/core/telemetry/stage.ts'
import { configuration } from '../src/pipeline/configuration.ts'
import { createFold, nothingFolded } from '../src/pipeline/fold.ts'
import { tradePipelines } from '../src/pipeline/trades.ts'
import type { RawRecord } from '../src/ports/raw-record.ts'

const own = ['position', 'trips', 'fuel', 'driver']
const vehicleType = JSON.parse(
  readFileSync(new URL('../examples/types/vehicle.json', import.meta.url), 'utf8'),
) as Pick<DeviceType, 'measures'>

/** Records of one journal group: 5,000 a second, one group every 20 ms. What a group comes to is written, then dropped. */
const GROUP = 100

/**
 * 5,000 vehicles that send seven measures once a second, as JSON, in packs of `pack` seconds: decoding, the registry's
 * say, all stages of the trade and what they come to, as the box and the Lambda function fold them. `coreShare` is the
 * processor time that this load takes (collector included) over the time that it stands for; the goal is at most 0.2.
 * `fleetShare` is the fleet's own four stages within it.
 */
export function fleetBench({ vehicles = 5000, seconds = 60, pack = 1 } = {}) {
  const pipelines = tradePipelines()
  let ownMs = 0
  const timed = (stage: BoundStage): BoundStage => ({
    ...stage,
    step: (...args) => {
      const start = performance.now()
      const effects = stage.step(...args)
      ownMs += performance.now() - start
      return effects
    },
  })
  const run = (watch: boolean) => {
    const things = Array.from({ length: vehicles }, (_, v) => `vehicle-${v}`)
    const fleet = pipelines.fleet.stages.map((s) => (watch && own.includes(s.name) ? timed(s) : s))
    const fold = createFold({
      stages: { plant: pipelines.plant.stages, building: pipelines.building.stages, fleet },
      configuration: configuration([...things.map(deviceOf), typeOf()]),
    })
    const { layout } = pipelines.fleet
    const known = new Map(things.map((thing) => [thing, emptyState(thing, layout)]))
    const states = { get: (thing: string) => known.get(thing)!, all: () => known.values(), births: new Map() }
    const begin = Date.UTC(2026, 0, 5)
    let position = 0n
    let [spentMs, readings, effects, bytes] = [0, 0, 0, 0]
    for (let from = 0; from < seconds; from += pack) {
      const records = things.map((thing, v): RawRecord => ({
        topic: `dt/fleet/${thing}/telemetry`,
        client: thing,
        receivedAt: begin + (from + pack) * 1000,
        payload: payloadOf(v, begin + from * 1000, pack),
        position: ++position,
      }))
      for (const { payload } of records) bytes += payload.length
      for (let first = 0; first < records.length; first += GROUP) {
        const group = records.slice(first, first + GROUP)
        const start = process.cpuUsage()
        const out = nothingFolded()
        for (const record of group) fold(record, states, out)
        const { user, system } = process.cpuUsage(start)
        spentMs += (user + system) / 1000
        if (out.quarantined.length > 0) throw new Error(out.quarantined[0]!.detail)
        readings += out.readings
        effects += out.effects.filter(({ kind }) => kind !== 'readings').length
      }
    }
    return { spentMs, readings, effects, bytes }
  }
  const whole = run(false)
  run(true) // apart, for looking at a clock four times a record takes time of its own
  return {
    bench: 'fleet',
    vehicles,
    seconds,
    pack,
    readings: whole.readings,
    messageBytes: Math.round(whole.bytes / ((vehicles * seconds) / pack)),
    readingsPerSecond: Math.round((whole.readings / whole.spentMs) * 1000),
    coreShare: Number((whole.spentMs / 1000 / seconds).toFixed(4)),
    fleetShare: Number((ownMs / 1000 / seconds).toFixed(4)),
    effects: whole.effects,
    stateBytes: pipelines.fleet.layout.headerBytes + 10 * pipelines.fleet.layout.seriesBytes,
  }
}

const deviceOf = (thing: string): Change => ({
  kind: 'device',
  key: thing,
  effectiveFrom: 0,
  value: { thing, trade: 'fleet', type: 'vehicle', status: 'active', attributes: {} },
})
const typeOf = (): Change => ({
  kind: 'type',
  key: 'vehicle',
  effectiveFrom: 0,
  value: { name: 'vehicle', trade: 'fleet', version: 1, measures: vehicleType.measures },
})

/** A vehicle circling at about 15 m/s; every vehicle has its own phase, so that they do not all do the same at once. */
function payloadOf(vehicle: number, at: number, pack: number): Uint8Array {
  const turn = (time: number): number => time / 60_000 + vehicle
  const round = (value: number, digits: number): number => Number(value.toFixed(digits))
  const value: Record<string, (time: number) => number> = {
    latitude: (t) => round(41 + 0.008 * Math.sin(turn(t)), 6),
    longitude: (t) => round(-96 + 0.01 * Math.cos(turn(t)), 6),
    speed: (t) => round(54 + Math.sin(turn(t) * 3), 1),
    heading: (t) => round((((turn(t) * 180) / Math.PI) % 360) - 90, 1),
    accelX: (t) => round(0.2 * Math.sin(turn(t) * 37), 3),
    accelY: (t) => round(0.36 * Math.sin(turn(t) * 11), 3),
    fuelLevel: (t) => round(60 + Math.sin(turn(t) * 5), 1),
  }
  const times = Array.from({ length: pack }, (_, i) => at + i * 1000)
  const measures = Object.fromEntries(
    Object.entries(value).map(([name, of]) => [name, pack === 1 ? of(at) : times.map(of)]),
  )
  return Buffer.from(JSON.stringify(pack === 1 ? { at, measures } : { at, step: 1000, measures }))
}
