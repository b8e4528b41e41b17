import type { Command } from 'commander'
import { predictTask, type TaskPrediction } from '../core/maintenance/task-data.ts'
import { readXgboostModel } from '../core/maintenance/xgboost-model.ts'
import { readText, withData } from './support/given-data.ts'
import { present } from './support/output.ts'

interface PredictArguments {
  model: string
  data: string
  json?: boolean
}

/** `telltale predict`: applies a model of `telltale train` to a data file of the same kind. */
export function predictCommand(program: Command): void {
  program
    .command('predict')
    .description('predict failures or remaining life with a model of telltale train')
    .requiredOption('--model <file>', 'model that telltale train wrote')
    .requiredOption('--data <file>', 'rows or units to predict; labels are not needed')
    .option('--json', 'print predictions as JSON')
    .action(predict)
}

async function predict(args: PredictArguments): Promise<void> {
  const file = await readText(args.model)
  const model = withData(args.model, () => readXgboostModel(file))
  const data = await readText(args.data)
  const result = withData(args.data, () => predictTask(model, data))
  present(args.json, result, () => result.predictions.map(lineOf).join('\n'))
}

const lineOf = (p: TaskPrediction): string =>
  p.remaining === undefined
    ? `${p.id}\t${(p.failureProbability ?? NaN).toFixed(4)}\t${p.failure ? `failure${p.mode ? `, ${p.mode}` : ''}` : '-'}`
    : `${p.id}\tcycle ${p.cycle}\t${p.remaining.toFixed(1)} cycles left`
