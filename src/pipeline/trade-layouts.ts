import { fuelFields } from '../core/fleet/fuel.ts'
import { positionFields } from '../core/fleet/position-filter.ts'
import { layoutOf, type Layout, type StateFields } from '../core/telemetry/layout.ts'
import type { Trade } from '../core/telemetry/reading.ts'
import { aggregateFields } from './stages/aggregate.ts'
import { detectFields } from './stages/detect.ts'
import { driverFields } from './stages/driver-state.ts'
import { normalizeFields } from './stages/normalize.ts'
import { tripsFields } from './stages/trips.ts'

type Kept = Readonly<Record<string, StateFields>>

const common: Kept = {
  normalize: { series: normalizeFields },
  aggregate: { series: aggregateFields },
  detect: { series: detectFields },
}

const formats: Readonly<Record<Trade, { format: number; kept: Kept }>> = {
  plant: { format: 1, kept: common },
  fleet: {
    format: 5,
    kept: {
      ...common,
      position: { device: positionFields },
      trips: { device: tripsFields },
      fuel: { device: fuelFields },
      driver: { device: driverFields },
    },
  },
  building: { format: 3, kept: common },
}

/**
 * What each trade's stages keep, in their order, and the number of that state format. Whoever only reads states starts here
 * and does not carry the stages. A change takes a new number; tests freeze the fields behind each and compare the stages'.
 */
export function tradeLayout(trade: Trade): Layout {
  const { format, kept } = formats[trade]
  return layoutOf(
    format,
    Object.entries(kept).map(([name, fields]) => ({ name, fields })),
  )
}
