import { readFile, rename, writeFile } from 'node:fs/promises'
import { Option, type Command } from 'commander'
import { tasks, trainTask, type Task } from '../core/maintenance/task-data.ts'
import { writeXgboostModel } from '../core/maintenance/xgboost-model.ts'

interface TrainArguments {
  task: Task
  data: string
  out: string
  label?: string
  exclude?: string[]
  seed: number
  json?: boolean
}

/** `telltale train`: fits a failure or remaining-life model to a data file and writes it as XGBoost JSON. */
export function trainCommand(program: Command): void {
  program
    .command('train')
    .description('train a failure or remaining-life model; the file is XGBoost 1.7 JSON')
    .addOption(new Option('--task <task>', 'what to predict').choices(tasks).makeOptionMandatory())
    .requiredOption('--data <file>', 'C-MAPSS text (rul) or a labelled table (failure)')
    .requiredOption('--out <file>', 'where to write the model')
    .option('--label <column>', 'label column of a table, if it has an unusual name')
    .option('--exclude <columns...>', 'columns that must not become features')
    .option('--seed <n>', 'seed of row and feature sampling', Number, 1)
    .option('--json', 'print what was done as JSON')
    .action(train)
}

async function train(args: TrainArguments): Promise<void> {
  const model = trainTask(args.task, await readFile(args.data, 'utf8'), {
    seed: args.seed,
    ...(args.label === undefined ? {} : { label: args.label }),
    ...(args.exclude === undefined ? {} : { exclude: args.exclude }),
  })
  const text = writeXgboostModel(model)
  // Whoever reads the model sees the old one or the new one, never half of it.
  const part = `${args.out}.${process.pid}.part`
  await writeFile(part, text)
  await rename(part, args.out)
  const report = {
    task: args.task,
    out: args.out,
    trees: model.trees.length,
    features: model.featureNames.length,
    bytes: Buffer.byteLength(text),
  }
  console.log(
    args.json
      ? JSON.stringify(report)
      : `${args.out}: ${report.trees} trees on ${report.features} features, ${report.bytes} bytes`,
  )
}
