import { derive } from './derived-features.ts'
import { featureMatrix, type FeatureMatrix } from './feature-matrix.ts'
import { cellNumber, type Table } from './table.ts'
import type { TableRecipe } from './table-recipe.ts'

/**
 * The features of every row. Columns are found by name; one that is absent is missing throughout. What is derived comes first,
 * for of two features that part failures equally well a tree takes the first, and the derived one is nearer to the cause.
 */
export function tableFeatures(table: Table, recipe: TableRecipe): FeatureMatrix {
  const { limits, graded } = recipe
  const columns = featureColumns(table, recipe)
  const features: Record<string, Float64Array> = {}
  for (const { feature, category, limits: byValue } of graded) {
    const cells = cellsOf(table, category)
    features[`${feature} by ${category}`] = Float64Array.from(
      columns[feature]!,
      (value, row) => value - (byValue[cells[row]!] ?? limits[feature] ?? 0),
    )
  }
  for (const [name, values] of Object.entries(columns).reverse()) {
    const limit = limits[name] ?? 0
    features[name] = Float64Array.from(values, (value) => value - limit)
  }
  return featureMatrix(features)
}

/** Numbers, categories by their order, and formulas, before limits are taken off. */
export function featureColumns(
  table: Table,
  { numeric, categories, formulas }: Pick<TableRecipe, 'numeric' | 'categories' | 'formulas'>,
): Record<string, ArrayLike<number>> {
  const columns: Record<string, ArrayLike<number>> = {}
  for (const name of numeric) columns[name] = cellsOf(table, name).map(cellNumber)
  for (const [name, values] of Object.entries(categories)) {
    const rank = new Map(values.map((value, i) => [value, i]))
    columns[name] = cellsOf(table, name).map((cell) => rank.get(cell) ?? NaN)
  }
  for (const formula of formulas) columns[formula.name] = derive(formula, columns)
  return columns
}

const cellsOf = (table: Table, name: string): string[] =>
  table.columns[name] ?? Array<string>(table.rows).fill('')
