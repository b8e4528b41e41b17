import { readStates, storedOf } from '../../src/adapters/aws/dynamo/dynamo-state-store.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import { scanAll } from '../../src/adapters/aws/dynamo/read-all.ts'
import { openState, receiptOf, type DeviceState } from '../../src/core/telemetry/device-state.ts'
import { trades } from '../../src/core/telemetry/reading.ts'
import type { Device } from '../../src/core/device/profile.ts'
import { readDriving } from '../../src/pipeline/stages/driver-state.ts'
import { readFuel } from '../../src/pipeline/stages/fuel.ts'
import { readPosition } from '../../src/pipeline/stages/position.ts'
import { vehicleSettings } from '../../src/pipeline/stages/vehicle-settings.ts'
import { tradeLayout } from '../../src/pipeline/trade-layouts.ts'
import { vehicleTrack } from '../../src/pipeline/vehicle-track.ts'
import type { FleetReader, LiveVehicle } from '../../src/ports/fleet-reader.ts'
import type { TelemetryReader } from '../../src/ports/telemetry-reader.ts'

export interface AwsFleetParts {
  dynamo: Dynamo
  stateTable: string
  telemetry: TelemetryReader
  device(thing: string): Promise<Device | null>
}

/** What vehicles are doing, from the states that their pipeline commits. */
export function awsFleet({ dynamo, stateTable, telemetry, device }: AwsFleetParts): FleetReader {
  const layout = tradeLayout('fleet')
  const layouts = trades.map(tradeLayout)
  const positionOf = readPosition(layout)
  const fuelOf = readFuel(layout)
  const drivingOf = readDriving(layout)

  async function stateOf(thing: string): Promise<DeviceState | null> {
    const [state] = await readStates(dynamo, stateTable, [thing], layouts)
    return state?.layout === layout ? state : null
  }

  return {
    positions: async () => {
      const vehicles: LiveVehicle[] = []
      for await (const item of scanAll(dynamo, { TableName: stateTable })) {
        const state = openState(storedOf(item), layouts)
        const position = state.layout === layout ? positionOf(state) : null
        if (position) vehicles.push({ thing: state.thing, receivedAt: receiptOf(state), position })
      }
      return vehicles
    },
    fuel: async (thing) => {
      const [known, state] = await Promise.all([device(thing), stateOf(thing)])
      return known && state && fuelOf(state, vehicleSettings(known).fuel)
    },
    driving: async (thing) => {
      const state = await stateOf(thing)
      return state && drivingOf(state)
    },
    track: vehicleTrack(telemetry),
  }
}
