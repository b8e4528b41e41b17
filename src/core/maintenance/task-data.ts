import type { BoostedTrees } from './boosted-trees.ts'
import { DataFault } from './data-fault.ts'
import { predictFailure, trainFailure } from './failure-task.ts'
import { cardOf } from './model-card.ts'
import { predictRul, trainRul } from './rul-task.ts'
import { looksLikeRuns, parseRuns } from './run-to-failure.ts'
import { columnName, parseTable } from './table.ts'
import { identifierOf } from './table-recipe.ts'

export type Task = 'failure' | 'rul'
export const tasks: readonly Task[] = ['failure', 'rul']

export interface TrainOptions {
  label?: string
  exclude?: readonly string[]
  seed: number
  /** Models of remaining life that are averaged, if not as many as usual. */
  members?: number
}

/** Trains a task on the text of a data file. Its form is told from its content, never from its name. */
export function trainTask(task: Task, text: string, options: TrainOptions): BoostedTrees {
  const runs = looksLikeRuns(text)
  if (task === 'rul') {
    if (!runs)
      throw new DataFault(
        'task rul needs runs to failure as C-MAPSS text: 26 numbers a line, parted by blanks',
      )
    return trainRul(parseRuns(text), options)
  }
  if (runs)
    throw new DataFault(
      'task failure needs a table with a header line and a label column; this file has runs to failure',
    )
  return trainFailure(parseTable(text), {
    seed: options.seed,
    exclude: (options.exclude ?? []).map(columnName),
    ...(options.label === undefined ? {} : { label: columnName(options.label) }),
  })
}

export interface TaskPrediction {
  /** What the row or unit is called in the data: its identifier or first column, or the unit's number. */
  id: string
  failureProbability?: number
  failure?: boolean
  /** The likeliest mode, where training knew several. */
  mode?: string
  cycle?: number
  remaining?: number
}

/** Predictions of a model for the text of a data file: one a row of a table, one a unit of runs. */
export function predictTask(
  model: BoostedTrees,
  text: string,
): { task: Task; predictions: TaskPrediction[] } {
  const card = cardOf(model)
  if (card?.task === 'rul') {
    if (!looksLikeRuns(text)) throw new DataFault('this model predicts remaining life, it needs C-MAPSS text')
    const predictions = predictRul(model, parseRuns(text))
    return {
      task: 'rul',
      predictions: predictions.map(({ unit, cycle, remaining }) => ({ id: String(unit), cycle, remaining })),
    }
  }
  if (card?.task === 'failure') {
    const table = parseTable(text)
    const ids = table.columns[identifierOf(table)]!
    return {
      task: 'failure',
      predictions: predictFailure(model, table).map(({ probability, ...said }, row) => ({
        id: ids[row]!,
        failureProbability: probability,
        ...said,
      })),
    }
  }
  throw new DataFault('this model file has no card of telltale train, so its features are unknown')
}
