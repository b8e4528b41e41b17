import type { SetPointOrder, ZoneSetPoints } from '../core/building/hvac/desired-set-points.ts'

/** The way of set-points to plants; what may be asked has been decided before, who wins is decided here. */
export interface SetPointDesk {
  /** Resolves once every order stands, or has lost to what stands there. The same order twice is one. */
  apply(orders: readonly SetPointOrder[]): Promise<void>
  /** What is asked of a zone and what its plant says it does; null where nothing is. */
  standing(
    thing: string,
    zone: string,
  ): Promise<{ desired: ZoneSetPoints | null; reported: ZoneSetPoints | null }>
}
