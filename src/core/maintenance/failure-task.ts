import type { BoostedTrees } from './boosted-trees.ts'
import { calibrate, fitCalibration, type Calibration } from './calibration.ts'
import { boostingDefaults, trainBoosting, type BoostingParams } from './gradient-boosting.ts'
import { bestThreshold, calibrationError, detectionOf, type Detection } from './metrics.ts'
import { cardOf, withCard } from './model-card.ts'
import { outOfFold } from './out-of-fold.ts'
import { seededRandom, type Random } from './seeded-random.ts'
import { splitByFold, stratifiedFolds } from './stratified-folds.ts'
import type { Table } from './table.ts'
import { learnRecipe, tableFeatures, type TableRecipe } from './table-features.ts'
import { treeScorer } from './tree-scorer.ts'

/** Names that a failure label goes by, the first found wins. */
const LABELS = ['machine_failure', 'failure', 'failed', 'fault', 'target', 'label']
const INNER_FOLDS = 5

export const failureParams: BoostingParams = {
  ...boostingDefaults,
  objective: 'binary:logistic',
  rounds: 100,
  maxDepth: 5,
  learningRate: 0.08,
  minChildWeight: 0.1, // in hessians: where p is small this is still a handful of rows
  lambda: 0.3,
  maxCuts: 1024,
  rowShare: 0.8,
  featureShare: 0.8,
}

export interface FailureOptions {
  label?: string
  exclude?: readonly string[]
  seed: number
}

/** The label column of a table, by the given name or by one of the usual ones. */
export function labelOf(table: Table, wanted?: string): string {
  const found = wanted === undefined ? LABELS.find((name) => table.columns[name]) : wanted
  if (found !== undefined && table.columns[found]) return found
  throw new Error(
    `no label column ${wanted ?? LABELS.join(', ')} among ${table.names.join(', ')}; name one with --label`,
  )
}

/** Labels as 0 and 1. */
export function readLabels(table: Table, label: string): Float64Array {
  return Float64Array.from(table.columns[label]!, (cell, row) => {
    const text = cell.toLowerCase()
    if (['1', 'true', 'yes', '1.0'].includes(text)) return 1
    if (['0', 'false', 'no', '0.0'].includes(text)) return 0
    throw new Error(`row ${row + 1} has label ${cell || '(empty)'}, a failure label is 0 or 1`)
  })
}

/** Trains on all rows; calibration and threshold come from predictions for rows that each inner model had not seen. */
export function trainFailure(table: Table, options: FailureOptions): BoostedTrees {
  const label = labelOf(table, options.label)
  return trainRows(table, label, options.exclude ?? [], seededRandom(options.seed))
}

function trainRows(table: Table, label: string, exclude: readonly string[], random: Random): BoostedTrees {
  const labels = readLabels(table, label)
  const failures = labels.reduce((sum, y) => sum + y, 0)
  if (failures < 2 || labels.length - failures < 2)
    throw new Error(
      `training needs failures and non-failures, got ${failures} failures in ${labels.length} rows`,
    )
  const recipe = learnRecipe(table, label, labels, exclude)
  const matrix = tableFeatures(table, recipe)
  const unseen = outOfFold(
    matrix,
    labels,
    stratifiedFolds(labels, INNER_FOLDS, random),
    failureParams,
    random,
  )
  const calibration = fitCalibration(unseen, labels)
  const threshold = bestThreshold(
    unseen.map((p) => calibrate(calibration, p)),
    labels,
  )
  const model = trainBoosting({ matrix, labels }, failureParams, random)
  return withCard(model, { task: 'failure', label, recipe, calibration, threshold })
}

export interface FailurePrediction {
  probability: number
  /** Whether the probability reaches the threshold that was best for F1 in training. */
  failure: boolean
}

/** Calibrated probabilities of every row. Labels and further columns may be there or not. */
export function predictFailure(model: BoostedTrees, table: Table): FailurePrediction[] {
  const card = cardOf(model)
  if (card?.task !== 'failure') throw new Error('this model was not trained with --task failure')
  assertColumns(table, card.recipe)
  return calibrated(treeScorer(model).predict(tableFeatures(table, card.recipe)), card.calibration).map(
    (probability) => ({ probability, failure: probability >= card.threshold }),
  )
}

/** A column may be absent, for trees know what to do with missing values; a table of something else may not pass. */
function assertColumns(table: Table, recipe: TableRecipe): void {
  const wanted = [...recipe.numeric, ...Object.keys(recipe.categories)]
  const found = wanted.filter((name) => table.columns[name])
  if (found.length < wanted.length / 2)
    throw new Error(`the table has ${found.length} of the ${wanted.length} columns ${wanted.join(', ')}`)
}

const calibrated = (scores: Float32Array, calibration: Calibration): number[] =>
  Array.from(scores, (score) => calibrate(calibration, score))

export interface FailureReport extends Detection {
  calibrationError: number
  brier: number
  rows: number
  failures: number
}

/**
 * Stratified cross-validation by row. Recipe, trees, calibration and threshold of each fold come from the other folds
 * alone, so every row is judged by a model that could not know it.
 */
export function crossValidateFailure(
  table: Table,
  options: FailureOptions & { folds: number },
): FailureReport {
  const label = labelOf(table, options.label)
  const labels = readLabels(table, label)
  const random = seededRandom(options.seed)
  const folds = stratifiedFolds(labels, options.folds, random)
  const probabilities = new Float64Array(table.rows)
  const said = Array<boolean>(table.rows).fill(false)
  for (let fold = 0; fold < options.folds; fold++) {
    const { inside, outside } = splitByFold(folds, fold)
    const model = trainRows(selectTable(table, outside), label, options.exclude ?? [], random)
    predictFailure(model, selectTable(table, inside)).forEach(({ probability, failure }, i) => {
      probabilities[inside[i]!] = probability
      said[inside[i]!] = failure
    })
  }
  return {
    ...detectionOf(said, labels),
    calibrationError: calibrationError(probabilities, labels),
    brier: labels.reduce((sum, y, i) => sum + (probabilities[i]! - y) ** 2, 0) / labels.length,
    rows: labels.length,
    failures: labels.reduce((sum, y) => sum + y, 0),
  }
}

const selectTable = (table: Table, rows: readonly number[]): Table => ({
  names: table.names,
  rows: rows.length,
  columns: Object.fromEntries(
    table.names.map((name) => [name, rows.map((row) => table.columns[name]![row]!)]),
  ),
})
