import type { Layout } from '../core/telemetry/layout.ts'
import { trades, type Trade } from '../core/telemetry/reading.ts'
import type { BoundStage, Stage } from '../core/telemetry/stage.ts'
import { conversion } from './decode/units.ts'
import { aggregate } from './stages/aggregate.ts'
import { detect } from './stages/detect.ts'
import { fleetStages } from './stages/fleet-stages.ts'
import { normalize } from './stages/normalize.ts'
import { tradeLayout } from './trade-layouts.ts'

export interface TradePipeline {
  layout: Layout
  stages: readonly BoundStage[]
}

const common: readonly Stage[] = [normalize(conversion), aggregate, detect]

/**
 * What each trade does, in order. Adding a stage is a file and a word here; what it keeps has a line in trade-layouts.ts,
 * where it takes a new number.
 */
export const tradeStages: Readonly<Record<Trade, readonly Stage[]>> = {
  plant: common,
  fleet: [...common, ...fleetStages],
  building: common,
}

export function tradePipeline(trade: Trade): TradePipeline {
  const layout = tradeLayout(trade)
  return { layout, stages: tradeStages[trade].map((stage) => stage.bind(layout)) }
}

export const tradePipelines = (): Readonly<Record<Trade, TradePipeline>> =>
  Object.fromEntries(trades.map((trade) => [trade, tradePipeline(trade)])) as Record<Trade, TradePipeline>
