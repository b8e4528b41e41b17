import type { BoostedTrees } from './boosted-trees.ts'
import { DataFault } from './data-fault.ts'
import { selectRows } from './feature-matrix.ts'
import { boostingDefaults, trainBagged, type BoostingParams } from './gradient-boosting.ts'
import { phmScore, rootMeanSquareError } from './metrics.ts'
import { cardOf, withCard } from './model-card.ts'
import { learnRulKnowledge, rulFeatures } from './rul-features.ts'
import type { Run } from './run-to-failure.ts'
import { seededRandom } from './seeded-random.ts'
import { treeScorer } from './tree-scorer.ts'

export const rulParams: BoostingParams = {
  ...boostingDefaults,
  objective: 'reg:squarederror',
  rounds: 400,
  maxDepth: 4,
  learningRate: 0.05,
  minChildWeight: 20,
  rowShare: 0.5,
  featureShare: 0.3,
}

/** A young machine shows no wear: beyond this life its cycles differ in nothing, so they share one target. */
const CAP = 130
/** Models that are averaged; one alone moves the error by half a cycle from seed to seed. */
const MEMBERS = 3
/** The usual cap of the benchmark's second figure. */
export const REPORT_CAP = 125
/** Weight of cycles beyond the cap: they are many and all alike. */
const EARLY_WEIGHT = 0.4

/** Trains on runs that ended in failure at their last cycle. Parameters were chosen by cross-validation over training units. */
export function trainRul(
  runs: readonly Run[],
  { seed, members = MEMBERS }: { seed: number; members?: number },
): BoostedTrees {
  if (runs.length < 2) throw new DataFault(`training needs at least 2 runs to failure, got ${runs.length}`)
  const knowledge = learnRulKnowledge(runs)
  const lives = runs.flatMap((run) => run.cycles.map((cycle) => run.cycles.at(-1)! - cycle))
  const model = trainBagged(
    {
      matrix: rulFeatures(runs, knowledge),
      labels: lives.map((life) => Math.min(life, CAP)),
      weights: lives.map((life) => (life > CAP ? EARLY_WEIGHT : 1)),
    },
    rulParams,
    seededRandom(seed),
    members,
  )
  return withCard(model, { task: 'rul', knowledge, cap: CAP })
}

export interface RulPrediction {
  unit: number
  cycle: number
  /** Cycles left after the last one seen. */
  remaining: number
}

/** Remaining life of each run after its last cycle, in the order of the runs. */
export function predictRul(model: BoostedTrees, runs: readonly Run[]): RulPrediction[] {
  const card = cardOf(model)
  if (card?.task !== 'rul') throw new DataFault('this model was not trained with --task rul')
  let end = -1
  const last = runs.map((run) => (end += run.cycles.length))
  const [remaining] = treeScorer(model).predict(selectRows(rulFeatures(runs, card.knowledge), last))
  return runs.map((run, i) => ({
    unit: run.unit,
    cycle: run.cycles.at(-1)!,
    remaining: Math.max(0, remaining![i]!),
  }))
}

export interface RulReport {
  rmse: number
  rmseCapped: number
  score: number
  units: number
}

/** Errors against the true remaining lives: as they are, and with truth and prediction capped at 125. */
export function reportRul(predictions: readonly RulPrediction[], truth: readonly number[]): RulReport {
  if (truth.length !== predictions.length)
    throw new DataFault(`${truth.length} true lives for ${predictions.length} units, there must be one each`)
  const predicted = predictions.map(({ remaining }) => remaining)
  const capped = (values: readonly number[]) => values.map((value) => Math.min(value, REPORT_CAP))
  return {
    rmse: rootMeanSquareError(predicted, truth),
    rmseCapped: rootMeanSquareError(capped(predicted), capped(truth)),
    score: phmScore(predicted, truth),
    units: truth.length,
  }
}
