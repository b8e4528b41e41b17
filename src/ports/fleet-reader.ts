import type { EpochMs } from '../core/telemetry/reading.ts'

/** Where a vehicle is now, as the filter sees it. */
export interface VehiclePosition {
  at: EpochMs
  lat: number
  lon: number
  speedKmh: number
  /** Degrees clockwise from north, null while it stands. */
  course: number | null
  odometerM: number
  standing: boolean
}

/** A vehicle's fuel. */
export interface VehicleFuel {
  at: EpochMs
  levelPercent: number | null
  rateLph: number | null
  litresPer100Km: number
  rangeKm: number | null
  usedL: number
}

/** How the one at the wheel drives: 0 is careful, 1 is not. */
export interface VehicleDriving {
  /** Over the driver's own record, which fades over 500 km. */
  driverRisk: number
  /** Of the present trip, null while there is none. */
  tripRisk: number | null
  /** One sentence on what weighs most. */
  text: string
}

export interface LiveVehicle {
  thing: string
  /** When it was last heard of. */
  receivedAt: EpochMs
  position: VehiclePosition
}

export interface TrackQuery {
  thing: string
  /** Half-open. */
  from: EpochMs
  to: EpochMs
  /** At most so many points, at least two. */
  points: number
}

/** A way in order of time, one entry a point in each list. */
export interface VehicleTrack {
  at: EpochMs[]
  lat: number[]
  lon: number[]
  speedKmh: (number | null)[]
  /** True if points were left out. */
  simplified: boolean
}

/** Vehicles: as they are at this moment, out of their fast state, and where they were. */
export interface FleetReader {
  /** Every vehicle that has ever had a position. */
  positions(): Promise<LiveVehicle[]>
  fuel(thing: string): Promise<VehicleFuel | null>
  driving(thing: string): Promise<VehicleDriving | null>
  track(query: TrackQuery): Promise<VehicleTrack>
}
