import type { BoostedTrees } from './boosted-trees.ts'
import { calibrate, fitCalibration, type Calibration } from './calibration.ts'
import { DataFault } from './data-fault.ts'
import { failureTargets, labelOf, readLabels, sum, type FailureTargets } from './failure-targets.ts'
import { boostingDefaults, type BoostingParams } from './gradient-boosting.ts'
import { bestThreshold, calibrationError, detectionOf, type Detection } from './metrics.ts'
import { cardOf, withCard } from './model-card.ts'
import { modeScores, trainModes } from './mode-model.ts'
import { seededRandom, type Random } from './seeded-random.ts'
import { splitByFold, stratifiedFolds } from './stratified-folds.ts'
import { cellNumber, isMissing, type Table } from './table.ts'
import { tableFeatures } from './table-features.ts'
import { learnRecipe, type TableRecipe } from './table-recipe.ts'

const INNER_FOLDS = 5

/** Causes are simple: shallow trees, and every row and feature, for a limit is only as sharp as the rows beside it. */
export const failureParams: BoostingParams = {
  ...boostingDefaults,
  objective: 'binary:logistic',
  rounds: 60,
  maxDepth: 3,
  learningRate: 0.1,
  minChildWeight: 0.1, // in hessians: where p is small this is still a handful of rows
  lambda: 0.3,
  maxCuts: 1024,
}

export interface FailureOptions {
  label?: string
  exclude?: readonly string[]
  seed: number
}

/** Trains on all rows; calibration and threshold come from predictions for rows that each inner model had not seen. */
export function trainFailure(table: Table, options: FailureOptions): BoostedTrees {
  const label = labelOf(table, options.label)
  for (const name of options.exclude ?? [])
    if (!table.columns[name])
      throw new DataFault(`there is no column ${name} to exclude among ${table.names.join(', ')}`)
  return trainRows(inOwnOrder(table), label, options.exclude ?? [], seededRandom(options.seed))
}

function trainRows(table: Table, label: string, exclude: readonly string[], random: Random): BoostedTrees {
  const labels = readLabels(table, label)
  const failures = sum(labels)
  if (failures < 2 || labels.length - failures < 2)
    throw new DataFault(
      `training needs failures and non-failures, got ${failures} failures in ${labels.length} rows`,
    )
  const targets = failureTargets(table, label, labels)
  const fit = (rows: Table, of: FailureTargets, y: Float64Array) => {
    const recipe = learnRecipe(rows, label, y, of.ones, exclude)
    const matrix = tableFeatures(rows, recipe)
    if (matrix.columns.length === 0)
      throw new DataFault(
        `no column can be a feature: identifiers, outcomes, free texts and columns of one value are left out of ${table.names.join(', ')}`,
      )
    return { recipe, model: trainModes(matrix, of.ones, failureParams, random) }
  }
  const folds = stratifiedFolds(labels, INNER_FOLDS, random)
  const unseen = targets.ones.map(() => new Float64Array(labels.length))
  for (let fold = 0; fold < INNER_FOLDS; fold++) {
    const { inside, outside } = splitByFold(folds, fold)
    const part = (values: Float64Array) => Float64Array.from(outside, (row) => values[row]!)
    const ones = targets.ones.map(part)
    const { recipe, model } = fit(selectTable(table, outside), { ...targets, ones }, part(labels))
    modeScores(model, tableFeatures(selectTable(table, inside), recipe)).forEach((scores, mode) =>
      inside.forEach((row, i) => (unseen[mode]![row] = scores[i]!)),
    )
  }
  const calibrations = targets.ones.map((ones, mode) => fitCalibration(unseen[mode]!, ones))
  // Of calibrated probabilities the best threshold is half the best F1 (Lipton, Elkan and Naryanaswamy 2014, theorem 1): steadier
  // than the one that happened to be best on a few dozen failures.
  const threshold = bestThreshold(together(unseen, calibrations), labels).f1 / 2
  const { recipe, model } = fit(table, targets, labels)
  return withCard(model, { task: 'failure', label, recipe, modes: targets.modes, calibrations, threshold })
}

/** The probability that at least one mode comes true; modes are taken as independent. */
function together(scores: readonly ArrayLike<number>[], calibrations: readonly Calibration[]): Float64Array {
  return Float64Array.from({ length: scores[0]!.length }, (_, row) => {
    const none = calibrations.reduce(
      (p, calibration, m) => p * (1 - calibrate(calibration, scores[m]![row]!)),
      1,
    )
    return 1 - none
  })
}

export interface FailurePrediction {
  probability: number
  /** Whether the probability reaches the threshold that was best for F1 in training. */
  failure: boolean
  /** The likeliest mode, where training knew several. */
  mode?: string
}

/** Calibrated probabilities of every row. Labels and further columns may be there or not. */
export function predictFailure(model: BoostedTrees, table: Table): FailurePrediction[] {
  const card = cardOf(model)
  if (card?.task !== 'failure') throw new DataFault('this model was not trained with --task failure')
  const { recipe, modes, calibrations, threshold } = card
  assertColumns(table, recipe)
  const scores = modeScores(model, tableFeatures(table, recipe))
  const probabilities = together(scores, calibrations)
  return Array.from(probabilities, (probability, row) => {
    const byMode = calibrations.map((calibration, m) => calibrate(calibration, scores[m]![row]!))
    const likeliest = byMode.indexOf(Math.max(...byMode))
    return {
      probability,
      failure: probability >= threshold,
      ...(modes.length > 1 && { mode: modes[likeliest]! }),
    }
  })
}

/** A column may be absent, for trees know what to do with missing values; a table of something else, or in other units, may not pass. */
function assertColumns(table: Table, recipe: TableRecipe): void {
  const wanted = [...recipe.numeric, ...Object.keys(recipe.categories)]
  const found = wanted.filter((name) => table.columns[name])
  if (found.length < wanted.length / 2)
    throw new DataFault(`the table has ${found.length} of the ${wanted.length} columns ${wanted.join(', ')}`)
  for (const name of recipe.numeric) {
    const [unit, trained] = [table.units[name], recipe.units?.[name]]
    if (unit !== undefined && trained !== undefined && unit.toLowerCase() !== trained.toLowerCase())
      throw new DataFault(`column ${name} is in ${unit}, the model was trained on ${trained}`)
    const row = table.columns[name]?.findIndex((cell) => !isMissing(cell) && Number.isNaN(cellNumber(cell)))
    if (row !== undefined && row >= 0)
      throw new DataFault(`row ${row + 1} has ${name} ${table.columns[name]![row]!}, the model wants numbers`)
  }
}

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
  given: Table,
  options: FailureOptions & { folds: number },
): FailureReport {
  const table = inOwnOrder(given)
  const label = labelOf(table, options.label)
  const labels = readLabels(table, label)
  const failures = sum(labels)
  if (Math.min(failures, table.rows - failures) < 3)
    throw new DataFault(
      `a test needs at least 3 failures and 3 other rows, the table has ${failures} failures in ${table.rows} rows`,
    )
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
    brier: labels.reduce((total, y, i) => total + (probabilities[i]! - y) ** 2, 0) / labels.length,
    rows: labels.length,
    failures,
  }
}

/** By what the rows hold: which fold a row comes into must not depend on the order in which somebody wrote them down. */
function inOwnOrder(table: Table): Table {
  const names = table.names.toSorted()
  const texts = Array.from({ length: table.rows }, (_, row) =>
    names.map((name) => table.columns[name]![row]!).join('\u001f'),
  )
  const order = texts.map((_, row) => row).sort((a, b) => (texts[a]! < texts[b]! ? -1 : 1))
  return selectTable(table, order)
}

const selectTable = (table: Table, rows: readonly number[]): Table => ({
  names: table.names,
  rows: rows.length,
  columns: Object.fromEntries(
    table.names.map((name) => [name, rows.map((row) => table.columns[name]![row]!)]),
  ),
  units: table.units,
})
