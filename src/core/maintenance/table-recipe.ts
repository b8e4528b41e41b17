import { findFormulas, knownFormulas, derive, type Formula } from './derived-features.ts'
import { outcomesOf, sum } from './failure-targets.ts'
import { bestLimits, worthwhile, type Limit } from './limit.ts'
import { cellNumber, isMissing, type Table } from './table.ts'
import { featureColumns } from './table-features.ts'

/**
 * How a table's columns become features. Learned from training rows; plain values: it travels in a model file. A feature is
 * given as its distance from the limit that parts failures best, computed in double precision: a model file holds seven
 * digits, and this spends them where machines fail.
 */
export interface TableRecipe {
  numeric: string[]
  /** Text columns with their values from the one that fails least often to the one that fails most. */
  categories: Record<string, string[]>
  formulas: Formula[]
  /** Of numeric columns whose header gave one; models of earlier releases lack it. */
  units?: Record<string, string>
  limits: Record<string, number>
  /** Features that bear a limit of their own for each value of a category. */
  graded: GradedLimit[]
}

export interface GradedLimit {
  feature: string
  category: string
  /** By the value of the category; for a value that training never saw, the feature's one limit holds. */
  limits: Record<string, number>
}

/** Columns that name a row and would only be learned by heart. */
const IDENTIFIER = /^(udi|uid|uuid|id|index|row|serial|product_id)$|_(id|uid|uuid|serial)$/
/** The column that tells rows apart: one that is called an identifier, else the first. */
export const identifierOf = (table: Table): string =>
  table.names.find((name) => IDENTIFIER.test(name)) ?? table.names[0]!

/** Threat: a free text would become a category a row. */
const MAX_CATEGORIES = 32

/** Learns the recipe from the given rows only. Identifiers, outcomes and columns that never change are left out. */
export function learnRecipe(
  table: Table,
  label: string,
  labels: Float64Array,
  targets: readonly Float64Array[],
  excluded: readonly string[],
): TableRecipe {
  const recipe: TableRecipe = { numeric: [], categories: {}, formulas: [], limits: {}, graded: [] }
  const never = new Set([label, ...excluded, ...outcomesOf(table, label)])
  for (const name of table.names) {
    if (never.has(name) || IDENTIFIER.test(name)) continue
    const cells = table.columns[name]!
    const present = new Set(cells.filter((cell) => !isMissing(cell)))
    if (present.size < 2) continue
    if ([...present].every((cell) => Number.isFinite(Number(cell)))) recipe.numeric.push(name)
    else if (present.size <= MAX_CATEGORIES)
      recipe.categories[name] = byFailureRate(cells, [...present], labels)
  }
  recipe.units = Object.fromEntries(
    Object.entries(table.units).filter(([name]) => recipe.numeric.includes(name)),
  )
  const numbers = Object.fromEntries(
    recipe.numeric.map((name) => [name, table.columns[name]!.map(cellNumber)]),
  )
  const formulas = knownFormulas(numbers)
  const known = { ...numbers, ...Object.fromEntries(formulas.map((f) => [f.name, derive(f, numbers)])) }
  recipe.formulas = [...formulas, ...findFormulas(numbers, known, targets)]
  const columns = featureColumns(table, recipe)
  const found = Object.entries(columns).map(([name, values]) => ({
    name,
    limits: bestLimits(values, targets),
  }))
  for (const { name, limits } of found) {
    const best = limits.reduce((a, b) => (b.gain > a.gain ? b : a))
    if (best.gain > 0 && !recipe.categories[name]) recipe.limits[name] = best.limit
  }
  const graded = targets.flatMap((target, t) => {
    const [strongest] = found
      .filter(({ name }) => !recipe.categories[name])
      .sort((a, b) => b.limits[t]!.gain - a.limits[t]!.gain)
    return strongest
      ? gradedLimits(table, recipe, strongest.name, columns[strongest.name]!, target, strongest.limits[t]!)
      : []
  })
  recipe.graded = [...new Map(graded.map((of) => [`${of.feature} by ${of.category}`, of])).values()]
  return recipe
}

/** Grades of a machine bear different loads: the category whose values' own limits part failures best, if they are worth while. */
function gradedLimits(
  table: Table,
  { categories }: TableRecipe,
  feature: string,
  values: ArrayLike<number>,
  target: Float64Array,
  pooled: Limit,
): GradedLimit[] {
  let best: GradedLimit | null = null
  let gain = 0
  for (const [category, names] of Object.entries(categories)) {
    const cells = table.columns[category]!
    const limits = limitsByValue(names, cells, values, target, pooled)
    const margins = Float64Array.from(values, (value, row) => value - (limits[cells[row]!] ?? pooled.limit))
    const found = bestLimits(margins, [target])[0]!.gain
    if (found <= gain || !worthwhile(found, pooled.gain)) continue
    gain = found
    best = { feature, category, limits }
  }
  return best ? [best] : []
}

function limitsByValue(
  names: readonly string[],
  cells: readonly string[],
  values: ArrayLike<number>,
  target: Float64Array,
  { above, limit }: Limit,
): Record<string, number> {
  const limits: Record<string, number> = {}
  const unfailing: [name: string, farthest: number][] = []
  const lenient = above ? Math.max : Math.min
  for (const name of names) {
    const rows = Array.from(target.keys()).filter(
      (row) => cells[row] === name && Number.isFinite(values[row]),
    )
    const own = Float64Array.from(rows, (row) => values[row]!)
    const [found] = bestLimits(own, [Float64Array.from(rows, (row) => target[row]!)]) // prettier-ignore
    if (found!.gain > 0 && found!.above === above) limits[name] = found!.limit
    else unfailing.push([name, own.reduce((a, b) => lenient(a, b), limit)])
  }
  // Where nothing has failed, the limit is the highest of the others', and beyond all that went well.
  const most = lenient(limit, ...Object.values(limits))
  for (const [name, farthest] of unfailing) limits[name] = lenient(most, farthest)
  return limits
}

/** Ordered by rate, the best split of a binary target is a threshold (Fisher 1958). Rates are smoothed by ten rows. */
function byFailureRate(cells: readonly string[], values: string[], labels: Float64Array): string[] {
  const all = sum(labels) / Math.max(labels.length, 1)
  const sums = new Map(values.map((value) => [value, { n: 10, y: 10 * all }]))
  cells.forEach((cell, i) => {
    const of = sums.get(cell)
    if (!of) return
    of.n += 1
    of.y += labels[i]!
  })
  const rate = (value: string) => sums.get(value)!.y / sums.get(value)!.n
  return values.sort().sort((a, b) => rate(a) - rate(b))
}
