import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliFailure } from '../src/cli/exit-codes.ts'
import { readText } from '../src/cli/support/given-data.ts'
import type { BoostedTrees, Objective } from '../src/core/maintenance/boosted-trees.ts'
import { alignColumns, featureMatrix, type FeatureMatrix } from '../src/core/maintenance/feature-matrix.ts'
import { failureParams, trainFailure } from '../src/core/maintenance/failure-task.ts'
import { trainBagged, trainBoosting } from '../src/core/maintenance/gradient-boosting.ts'
import { cardOf } from '../src/core/maintenance/model-card.ts'
import { trainModes } from '../src/core/maintenance/mode-model.ts'
import { rulParams } from '../src/core/maintenance/rul-task.ts'
import { seededRandom } from '../src/core/maintenance/seeded-random.ts'
import { parseTable } from '../src/core/maintenance/table.ts'
import { tableFeatures } from '../src/core/maintenance/table-features.ts'
import { treeScorer } from '../src/core/maintenance/tree-scorer.ts'
import { readXgboostModel, writeXgboostModel } from '../src/core/maintenance/xgboost-model.ts'

export interface XgboostBenchArguments {
  /** An interpreter that can `import xgboost`. */
  python: string
  /** A table for the failure task, whose model is compared too. */
  data?: string
}

interface Answer {
  version: string
  scores: number[][][]
  made: number[][][]
}

type Row = readonly (number | null)[]
const ROWS = 2000

/**
 * Real XGBoost scores what we write, and we score what it writes; the largest differences, relative to the prediction
 * where that is above 1. Both hold float32, whose steps are 6e-8 of a value.
 */
export async function xgboostBench({ python, data }: XgboostBenchArguments) {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-xgboost-'))
  try {
    const ours = [...ourModels(), ...(data === undefined ? [] : [await failureModel(data)])]
    const cases = ours.map(({ model, matrix }, i) => {
      const file = join(dir, `ours-${i}.json`)
      writeFileSync(file, writeXgboostModel(model))
      return { model: file, rows: rowsOf(alignColumns(matrix, model.featureNames)) }
    })
    const asked = theirCases(dir)
    const answer = ask(python, { ours: cases, theirs: asked })
    return {
      bench: 'xgboost',
      version: answer.version,
      ours: ours.map(({ name, model, matrix }, i) => ({
        model: name,
        trees: model.trees.length,
        rows: matrix.rows,
        largestDifference: largestDifference(treeScorer(model).predict(matrix), answer.scores[i]!),
      })),
      theirs: asked.map(({ objective, path, rows }, i) => ({
        model: objective,
        rows: rows.length,
        largestDifference: largestDifference(
          treeScorer(readXgboostModel(readFileSync(path, 'utf8'))).predict(matrixOf(rows)),
          answer.made[i]!,
        ),
      })),
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

function ask(python: string, question: object): Answer {
  const peer = fileURLToPath(new URL('./xgboost/peer.py', import.meta.url))
  const { status, stdout, stderr, error } = spawnSync(python, [peer], {
    input: JSON.stringify(question),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 120_000,
  })
  if (error || status !== 0)
    throw new CliFailure('failed', `${python}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`)
  return JSON.parse(stdout) as Answer
}

function largestDifference(columns: readonly Float32Array[], rows: readonly (readonly number[])[]): number {
  let largest = 0
  for (const [row, expected] of rows.entries()) {
    if (expected.length !== columns.length)
      throw new CliFailure('failed', `${expected.length} outputs a row there, ${columns.length} here`)
    for (const [k, value] of expected.entries())
      largest = Math.max(largest, Math.abs(columns[k]![row]! - value) / Math.max(1, Math.abs(value)))
  }
  return largest
}

/** Rows with missing values, and three outcomes of them. */
function generated(seed: number) {
  const random = seededRandom(seed)
  const rows: Row[] = Array.from({ length: ROWS }, () =>
    Array.from({ length: 6 }, () => (random() < 0.08 ? null : Math.fround(10 * random() - 5))),
  )
  const signal = rows.map(([a, b, c]) => (a ?? 1) * 2 + ((b ?? 3) > 1 ? 4 : 0) - Math.abs(c ?? 0) + random())
  return { rows, signal }
}

function ourModels(): { name: string; model: BoostedTrees; matrix: FeatureMatrix }[] {
  const { rows, signal } = generated(1)
  const matrix = matrixOf(rows)
  const above = (limit: number) => Float64Array.from(signal, (value) => (value > limit ? 1 : 0))
  const logistic = { ...failureParams, maxDepth: 5 }
  const random = seededRandom(2)
  return [
    { name: 'reg:squarederror', matrix, model: trainBagged({ matrix, labels: signal.map((value) => 100 + 10 * value) }, { ...rulParams, rounds: 100 }, random, 3) }, // prettier-ignore
    { name: 'binary:logistic', matrix, model: trainBoosting({ matrix, labels: above(3) }, logistic, random) },
    { name: 'multi:softprob', matrix, model: trainModes(matrix, [above(3), above(7)], logistic, random) },
  ]
}

async function failureModel(file: string) {
  const table = parseTable(await readText(file))
  const model = trainFailure(table, { seed: 1 })
  const card = cardOf(model)
  if (card?.task !== 'failure') throw new Error('a model of the failure task bears its card')
  return { name: 'failure task', model, matrix: tableFeatures(table, card.recipe) }
}

function theirCases(dir: string): { objective: Objective; rows: Row[]; labels: number[]; path: string }[] {
  const { rows, signal } = generated(3)
  const labels: Record<Objective, number[]> = {
    'reg:squarederror': signal.map((value) => 100 + 10 * value),
    'binary:logistic': signal.map((value) => (value > 3 ? 1 : 0)),
    'multi:softprob': signal.map((value) => (value > 7 ? 2 : value > 3 ? 1 : 0)),
  }
  return Object.entries(labels).map(([objective, of], i) => ({
    objective: objective as Objective,
    rows,
    labels: of,
    path: join(dir, `theirs-${i}.json`),
  }))
}

const matrixOf = (rows: readonly Row[]): FeatureMatrix =>
  featureMatrix(Object.fromEntries(rows[0]!.map((_, c) => [`f${c}`, rows.map((row) => row[c] ?? NaN)])))

const rowsOf = ({ rows, columns }: FeatureMatrix): Row[] =>
  Array.from({ length: rows }, (_, row) =>
    columns.map((column) => (Number.isNaN(column[row]!) ? null : column[row]!)),
  )
