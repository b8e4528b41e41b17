import type { SetPoints } from '../core/building/hvac/plan-zone.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

/** Set-points for one zone's plant, good until the lease ends: then the plant goes back to its own schedule. */
export interface SetPointOrder extends SetPoints {
  /** Made of site, zone and time: the same order twice is one. */
  id: string
  thing: string
  zone: string
  until: EpochMs
  why: string
}

/** The way of set-points to plants; what may be asked has been decided before. */
export interface SetPointDesk {
  apply(orders: readonly SetPointOrder[]): Promise<void>
}
