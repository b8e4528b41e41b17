import { featureMatrix, type FeatureMatrix } from './feature-matrix.ts'
import { medianInPlace } from './trend.ts'
import { cellNumber, isMissing, type Table } from './table.ts'

/** How a table's columns become features. Learned from training rows; plain values: it travels in a model file. */
export interface TableRecipe {
  numeric: string[]
  /** Text columns with their values from the one that fails least often to the one that fails most. */
  categories: Record<string, string[]>
  /** Median mechanical power, null where torque or speed is not known: trouble lies on either side of it. */
  usualPower: number | null
  /** How much less strain each step of a category (in its order above) bears; null where none explains failures better. */
  tolerance?: { category: string; perStep: number } | null
}

/** Columns that name a row and would only be learned by heart. */
const IDENTIFIER = /^(udi|uid|uuid|id|index|row|serial|product_id)$|_(id|uid|uuid|serial)$/
/** The column that tells rows apart: one that is called an identifier, else the first. */
export const identifierOf = (table: Table): string =>
  table.names.find((name) => IDENTIFIER.test(name)) ?? table.names[0]!

/** The failure modes of AI4I and other results: what is only known once it has failed. */
const OUTCOME = /^(twf|hdf|pwf|osf|rnf)$|^(failure_type|failure_mode|fault_type|fault_code)$/
/** Threat: a free text would become a category a row. */
const MAX_CATEGORIES = 32

/** Learns the recipe from the given rows only. Identifiers, outcomes and columns that never change are left out. */
export function learnRecipe(
  table: Table,
  label: string,
  labels: ArrayLike<number>,
  excluded: readonly string[],
): TableRecipe {
  const recipe: TableRecipe = { numeric: [], categories: {}, usualPower: null }
  for (const name of table.names) {
    if (name === label || excluded.includes(name) || IDENTIFIER.test(name) || OUTCOME.test(name)) continue
    const cells = table.columns[name]!
    const present = new Set(cells.filter((cell) => !isMissing(cell)))
    if (present.size < 2) continue
    if ([...present].every((cell) => Number.isFinite(Number(cell)))) recipe.numeric.push(name)
    else if (present.size <= MAX_CATEGORIES)
      recipe.categories[name] = byFailureRate(cells, [...present], labels)
  }
  const features = tableFeatures(table, recipe)
  const power = features.columns[features.names.indexOf('derived.power')]
  const usualPower = power ? medianInPlace(Float64Array.from(power.filter(Number.isFinite))) : null
  return {
    ...recipe,
    usualPower,
    tolerance: learnTolerance(features, Object.keys(recipe.categories), labels),
  }
}

/** Shares of the strain by which one step of a category may differ. */
const STEPS = Array.from({ length: 25 }, (_, i) => (i - 12) * 0.025)
/** A step must part failures from the rest this much better than strain alone, or chance would choose it. */
const WORTH = 1.02

/** Grades of a machine bear different strain: the step between them by which one limit parts failures best (Gini). */
function learnTolerance(
  features: FeatureMatrix,
  categories: readonly string[],
  labels: ArrayLike<number>,
): NonNullable<TableRecipe['tolerance']> | null {
  const columnOf = (name: string) => features.columns[features.names.indexOf(name)]
  const strain = columnOf('derived.strain')
  if (!strain) return null
  let best: { category: string; perStep: number } | null = null
  let gain = WORTH * splitGain(strain, labels)
  for (const category of categories) {
    const steps = columnOf(category)
    if (!steps) continue
    for (const perStep of STEPS) {
      const found = splitGain(
        Float64Array.from(strain, (value, i) => tolerated(value, steps[i]!, perStep)),
        labels,
      )
      if (found > gain) {
        gain = found
        best = { category, perStep }
      }
    }
  }
  return best
}

const tolerated = (strain: number, step: number, perStep: number): number =>
  rounded(strain * (1 + perStep * step))

/** Fall of the Gini impurity by the best single limit. */
function splitGain(values: ArrayLike<number>, labels: ArrayLike<number>): number {
  const order = Array.from({ length: values.length }, (_, i) => i)
    .filter((i) => Number.isFinite(values[i]))
    .sort((a, b) => values[a]! - values[b]!)
  const n = order.length
  const failed = order.reduce((sum, i) => sum + labels[i]!, 0)
  const impurity = (rows: number, ones: number): number => (rows === 0 ? 0 : (ones * (rows - ones)) / rows)
  let best = 0
  let ones = 0
  for (let k = 0; k < n - 1; k++) {
    ones += labels[order[k]!]!
    if (values[order[k]!] === values[order[k + 1]!]) continue
    best = Math.max(best, impurity(n, failed) - impurity(k + 1, ones) - impurity(n - k - 1, failed - ones))
  }
  return best
}

/** Ordered by rate, the best split of a binary target is a threshold (Fisher 1958). Rates are smoothed by ten rows. */
function byFailureRate(cells: readonly string[], values: string[], labels: ArrayLike<number>): string[] {
  const all = Array.from(labels).reduce((sum, label) => sum + label, 0) / Math.max(labels.length, 1)
  const sums = new Map(values.map((value) => [value, { n: 10, y: 10 * all }]))
  cells.forEach((cell, i) => {
    const sum = sums.get(cell)
    if (!sum) return
    sum.n += 1
    sum.y += labels[i]!
  })
  const rate = (value: string) => sums.get(value)!.y / sums.get(value)!.n
  return values.sort().sort((a, b) => rate(a) - rate(b))
}

/** The features of every row. Columns are found by name; one that is absent is missing throughout. */
export function tableFeatures(table: Table, recipe: TableRecipe): FeatureMatrix {
  const columns: Record<string, number[]> = {}
  for (const name of recipe.numeric) columns[name] = cellsOf(table, name).map(cellNumber)
  for (const [name, values] of Object.entries(recipe.categories)) {
    const rank = new Map(values.map((value, i) => [value, i]))
    columns[name] = cellsOf(table, name).map((cell) => rank.get(cell) ?? NaN)
  }
  return featureMatrix({ ...columns, ...machineFeatures(columns, table.rows, recipe) })
}

const cellsOf = (table: Table, name: string): string[] =>
  table.columns[name] ?? Array<string>(table.rows).fill('')

/**
 * What wears a rotating machine, from what such machines report: heat that cannot leave, mechanical power, and load on a
 * worn tool (Matzka 2020 names these as the causes). A feature exists where its inputs do.
 */
function machineFeatures(
  columns: Record<string, number[]>,
  rows: number,
  { usualPower, tolerance }: Pick<TableRecipe, 'usualPower' | 'tolerance'>,
): Record<string, number[]> {
  const find = (pattern: RegExp) => Object.keys(columns).find((name) => pattern.test(name))
  const features: Record<string, number[]> = {}
  const combine = (
    name: string,
    inputs: (RegExp | string)[],
    formula: (...values: number[]) => number,
  ): void => {
    const found = inputs.map((input) =>
      typeof input === 'string' ? features[input] : columns[find(input) ?? ''],
    )
    if (found.every((column) => column !== undefined))
      features[name] = Array.from({ length: rows }, (_, i) =>
        rounded(formula(...found.map((column) => column[i]!))),
      )
  }
  const [speed, torque, wear] = [/rotational_speed|^rpm$|speed_rpm/, /torque/, /tool_wear|^wear/]
  combine(
    'derived.temperature_difference',
    [/process_temperature/, /air_temperature|ambient_temperature/],
    (p, a) => p - a,
  )
  combine('derived.power', [torque, speed], (t, rpm) => (t * rpm * Math.PI) / 30)
  if (usualPower !== null)
    combine('derived.power_deviation', ['derived.power'], (power) => Math.abs(power - usualPower))
  combine('derived.strain', [torque, wear], (t, w) => t * w)
  const steps = tolerance && columns[tolerance.category]
  if (steps && features['derived.strain'])
    features['derived.strain_by_grade'] = features['derived.strain'].map((value, i) =>
      tolerated(value, steps[i]!, tolerance.perStep),
    )
  return features
}

/** Seven digits: 308.6 − 300 and 308.7 − 300.1 are one temperature difference, not two. */
const rounded = (value: number): number => Number(value.toPrecision(7))
