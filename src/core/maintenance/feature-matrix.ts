/** Rows of features by column, in float32 as XGBoost holds them. NaN is missing; other values are finite. */
export interface FeatureMatrix {
  readonly names: readonly string[]
  readonly rows: number
  readonly columns: readonly Float32Array[]
}

/** A matrix of named columns; what is not finite becomes missing, for a tree cannot split at infinity. */
export function featureMatrix(columns: Readonly<Record<string, ArrayLike<number>>>): FeatureMatrix {
  const names = Object.keys(columns)
  const rows = names.length > 0 ? columns[names[0]!]!.length : 0
  return {
    names,
    rows,
    columns: names.map((name) => {
      const values = columns[name]!
      if (values.length !== rows)
        throw new Error(`feature ${name} has ${values.length} rows where the others have ${rows}`)
      return Float32Array.from(values, (value) => finiteOrMissing(value))
    }),
  }
}

function finiteOrMissing(value: number): number {
  const single = Math.fround(value)
  return Number.isFinite(single) ? single : NaN
}

/** The given rows, in the given order. */
export const selectRows = (matrix: FeatureMatrix, rows: ArrayLike<number>): FeatureMatrix => ({
  names: matrix.names,
  rows: rows.length,
  columns: matrix.columns.map((column) => Float32Array.from(rows, (row) => column[row]!)),
})

/** The same rows with the columns that a model names, in its order; a column that is absent is missing throughout. */
export function alignColumns(matrix: FeatureMatrix, names: readonly string[]): FeatureMatrix {
  const absent = new Float32Array(matrix.rows).fill(NaN)
  const byName = new Map(matrix.names.map((name, i) => [name, matrix.columns[i]!]))
  return { names, rows: matrix.rows, columns: names.map((name) => byName.get(name) ?? absent) }
}
