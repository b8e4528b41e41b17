import { layoutOf, type Layout } from '../core/telemetry/layout.ts'
import type { BoundStage, Stage } from '../core/telemetry/stage.ts'
import { aggregate } from './stages/aggregate.ts'
import { detect } from './stages/detect.ts'
import { normalize, type Convert } from './stages/normalize.ts'

/** The stages of every trade, in order. Adding one is a folder and a line here, and a new state format. */
export function plantStages(convert: Convert): Stage[] {
  return [normalize(convert), aggregate, detect]
}

/** Number of the state layout that these stages make; the list of fields behind each number is frozen by a test. */
export const STATE_FORMAT = 1

export function bindStages(stages: readonly Stage[]): { layout: Layout; bound: BoundStage[] } {
  const layout = layoutOf(STATE_FORMAT, stages)
  return { layout, bound: stages.map((stage) => stage.bind(layout)) }
}
