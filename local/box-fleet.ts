import { receiptOf, type DeviceState } from '../src/core/telemetry/device-state.ts'
import type { EpochMs } from '../src/core/telemetry/reading.ts'
import type { Device } from '../src/core/device/profile.ts'
import type { Configuration } from '../src/pipeline/configuration.ts'
import type { Answerer } from '../src/pipeline/devices/request-desk.ts'
import { createRefold } from '../src/pipeline/jobs/refold.ts'
import { readDriving } from '../src/pipeline/stages/driver-state.ts'
import { readFuel } from '../src/pipeline/stages/fuel.ts'
import { readPosition } from '../src/pipeline/stages/position.ts'
import { readTrip } from '../src/pipeline/stages/trips.ts'
import { vehicleSettings } from '../src/pipeline/stages/vehicle-settings.ts'
import type { TradePipeline } from '../src/pipeline/trades.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { FleetReader, LiveVehicle } from '../src/ports/fleet-reader.ts'
import type { TelemetryReader } from '../src/ports/telemetry-reader.ts'
import type { BoxStates } from './box-states.ts'
import { createRoutePlanner } from './route-planner.ts'
import type { StoreGate } from './store-gate.ts'

export interface BoxFleetParts {
  pipeline: TradePipeline
  states: Pick<BoxStates, 'get' | 'all'>
  telemetry: Pick<TelemetryReader, 'readings' | 'facts'> & Pick<FleetReader, 'track'>
  store: Pick<StoreGate, 'settle' | 'detached'>
  config: Configuration
  device(thing: string): Device | null
  clock: Clock
  /** An OpenStreetMap extract, null for none. */
  road: string | null
  log(line: string): void
}

export interface BoxFleet {
  reader: FleetReader
  answerers: { route: Answerer }
  /** After repair: puts trips right where positions came late. At most one run at a time. */
  refold(now: EpochMs): Promise<void>
  close(): Promise<void>
}

/** What the box does with vehicles beside folding their records. */
export function createBoxFleet(parts: BoxFleetParts): BoxFleet {
  const { pipeline, states, telemetry, store, config, device, clock, road, log } = parts
  const { layout } = pipeline
  const positionOf = readPosition(layout)
  const fuelOf = readFuel(layout)
  const drivingOf = readDriving(layout)
  const tripOf = readTrip(layout)
  /** The state of a vehicle, of which other trades have none. */
  const stateOf = (thing: string) => {
    const state = states.get(thing)
    return state?.layout === layout ? state : null
  }
  const read = <T>(thing: string, from: (state: DeviceState) => T): T | null => {
    const state = stateOf(thing)
    return state ? from(state) : null
  }
  const planner = createRoutePlanner({ road, position: (thing) => read(thing, positionOf), clock })
  const refold = createRefold({
    telemetry,
    write: (facts) => store.settle(facts.map((fact) => ({ kind: 'fact', fact }))),
    profile: config.profile,
    status: (thing) => read(thing, tripOf),
  })
  let running: Promise<void> | null = null

  return {
    reader: {
      positions: async () => {
        const vehicles: LiveVehicle[] = []
        for (const state of states.all()) {
          if (state.layout !== layout) continue
          const position = positionOf(state)
          if (position) vehicles.push({ thing: state.thing, receivedAt: receiptOf(state), position })
        }
        return vehicles
      },
      fuel: async (thing) => {
        const known = device(thing)
        return known && read(thing, (state) => fuelOf(state, vehicleSettings(known).fuel))
      },
      driving: async (thing) => read(thing, drivingOf),
      track: telemetry.track,
    },
    answerers: { route: planner.answer },
    refold: async (now) => {
      if (store.detached()) return
      await (running ??= refold(now)
        .then(({ facts }) => {
          if (facts > 0) log(`late positions: ${facts} trips, stops or events put right`)
        })
        .catch((error: Error) => log(`refolding late positions: ${error.message}`))
        .finally(() => (running = null)))
    },
    close: async () => {
      await running
      await planner.close()
    },
  }
}
