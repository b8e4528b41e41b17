import { layoutOf, type Layout } from '../core/telemetry/layout.ts'
import { trades, type Trade } from '../core/telemetry/reading.ts'
import type { BoundStage, Stage } from '../core/telemetry/stage.ts'
import { conversion } from './decode/units.ts'
import { aggregate } from './stages/aggregate.ts'
import { detect } from './stages/detect.ts'
import { fleetStages } from './stages/fleet-stages.ts'
import { normalize } from './stages/normalize.ts'

export interface TradePipeline {
  layout: Layout
  stages: readonly BoundStage[]
}

const common: readonly Stage[] = [normalize(conversion), aggregate, detect]

/**
 * What each trade does, in order, and the number of the state format that its list of stages makes. Adding a stage is
 * a file and a word here; it changes the layout, so it takes a new number. A test freezes the fields behind each.
 */
const pipelines: Readonly<Record<Trade, { format: number; stages: readonly Stage[] }>> = {
  plant: { format: 1, stages: common },
  fleet: { format: 5, stages: [...common, ...fleetStages] },
  building: { format: 3, stages: common },
}

export function tradePipeline(trade: Trade): TradePipeline {
  const { format, stages } = pipelines[trade]
  const layout = layoutOf(format, stages)
  return { layout, stages: stages.map((stage) => stage.bind(layout)) }
}

export const tradePipelines = (): Readonly<Record<Trade, TradePipeline>> =>
  Object.fromEntries(trades.map((trade) => [trade, tradePipeline(trade)])) as Record<Trade, TradePipeline>
