import type { Stage } from '../../core/telemetry/stage.ts'
import { driver } from './driver.ts'
import { fuel } from './fuel.ts'
import { position } from './position.ts'
import { trips } from './trips.ts'

/** What a vehicle's record goes through after the common stages; each builds on the ones before it. */
export const fleetStages: readonly Stage[] = [position, trips, fuel, driver]
