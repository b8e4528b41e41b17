import { harshFields } from '../../core/fleet/driver.ts'
import { explainRisk, riskOf, riskValue, type Exposure } from '../../core/fleet/risk.ts'
import type { DeviceState } from '../../core/telemetry/device-state.ts'
import type { Layout } from '../../core/telemetry/layout.ts'
import type { VehicleDriving } from '../../ports/fleet-reader.ts'
import { stateRecord, type Values } from './state-record.ts'

export const driverFields = {
  ...harshFields,
  tripAt: 'f64',
  riskAt: 'f64',
  speedAt: 'f64',
  speed: 'f32',
  course: 'f32',
  limit: 'f32',
  imuLeftS: 'f32',
  tripKm: 'f32',
  tripAccelerate: 'f32',
  tripBrake: 'f32',
  tripCorner: 'f32',
  tripSpeedingS: 'f32',
  tripDrivingS: 'f32',
  km: 'f32',
  accelerate: 'f32',
  brake: 'f32',
  corner: 'f32',
  speedingS: 'f32',
  drivingS: 'f32',
  driver: 'u32',
  risky: 'u32',
} as const
export type DriverState = Values<typeof driverFields>

/** What the present trip, all zero without one, has done so far. */
export const tripExposure = (d: DriverState): Exposure => ({
  km: d.tripKm,
  accelerate: d.tripAccelerate,
  brake: d.tripBrake,
  corner: d.tripCorner,
  speedingS: d.tripSpeedingS,
  drivingS: d.tripDrivingS,
})

/** Reads out of a vehicle's state how it is driven; null before it has moved. */
export function readDriving(layout: Layout): (state: DeviceState) => VehicleDriving | null {
  const driverOf = stateRecord(layout, 'driver', driverFields)
  return (state) => {
    const d = driverOf(state)
    if (d.km === 0) return null
    const driverRisk = riskValue(d)
    const tripRisk = d.tripAt > 0 ? riskValue(tripExposure(d)) : null
    const worse = tripRisk !== null && tripRisk > driverRisk ? tripExposure(d) : d
    return { driverRisk, tripRisk, text: explainRisk(riskOf(worse)) }
  }
}
