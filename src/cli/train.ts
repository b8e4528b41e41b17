import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { BoostedTrees } from '../core/maintenance/boosted-trees.ts'
import { tasks, trainTask, type Task } from '../core/maintenance/task-data.ts'
import { writeXgboostModel } from '../core/maintenance/xgboost-model.ts'
import { CliFailure } from './exit-codes.ts'
import { readText, withData } from './support/given-data.ts'
import { defaultDataDir, wholeNumber } from './support/options.ts'
import { present } from './support/output.ts'
import { trainOnHistory } from './support/train-on-history.ts'

interface TrainArguments {
  task: Task
  data?: string
  out?: string
  label?: string
  exclude?: string[]
  seed: number
  box: string
  url?: string
  token?: string
  days: number
  horizon: number
  imported?: boolean
  json?: boolean
}

/** `telltale train`: fits a failure or remaining-life model to a data file, or to a box's own history and its work orders. */
export function trainCommand(program: Command): void {
  program
    .command('train')
    .description(
      'train a failure or remaining-life model; the file is XGBoost 1.7 JSON. Without --data it learns from the history ' +
        'of a box and from what mechanics found, and adds the model to the box as its next version (not promoted)',
    )
    .addOption(new Option('--task <task>', 'what to predict').choices(tasks).makeOptionMandatory())
    .option('--data <file>', 'C-MAPSS text (rul) or a labelled table (failure)')
    .option('--out <file>', 'where to write the model; needed with --data')
    .option('--label <column>', 'label column of a table, if it has an unusual name')
    .option('--exclude <columns...>', 'columns that must not become features')
    .option('--seed <n>', 'seed of row and feature sampling', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--box <dir>', 'data directory of the box to learn from', defaultDataDir())
    .option('--url <url>', 'address of its API (default: TELLTALE_URL, else from the data directory)')
    .option('--token <token>', 'bearer token (default: TELLTALE_TOKEN, else from the data directory)')
    .option('--days <n>', 'days of history to learn from', wholeNumber(1, 3660), 90)
    .option('--horizon <hours>', 'time within which a failure is foretold', horizon, 24)
    .option('--imported', 'take history as it is stored now: what was imported came in after its time')
    .option('--json', 'print what was done as JSON')
    .action(train)
}

function horizon(text: string): number {
  const hours = Number(text)
  if (!(hours >= 1 && hours <= 720)) throw new InvalidArgumentError('allowed are 1 to 720 hours')
  return hours
}

async function train(args: TrainArguments): Promise<void> {
  if (args.data === undefined) return trainOnBox(args)
  const { data, out } = args
  if (out === undefined) throw new CliFailure('usage', '--data needs --out, where to write the model')
  const text = await readText(data)
  await checkWritable(out)
  const model = withData(data, () =>
    trainTask(args.task, text, {
      seed: args.seed,
      ...(args.label === undefined ? {} : { label: args.label }),
      ...(args.exclude === undefined ? {} : { exclude: args.exclude }),
    }),
  )
  const bytes = await writeModel(model, out)
  const report = { task: args.task, out, trees: model.trees.length, features: model.featureNames, bytes }
  present(
    args.json,
    report,
    () => `${out}: ${report.trees} trees on ${report.features.length} features, ${bytes} bytes`,
  )
}

async function trainOnBox({ box, url, token, ...args }: TrainArguments): Promise<void> {
  if (args.task !== 'failure')
    throw new CliFailure(
      'usage',
      `--task ${args.task} needs --data; a box learns --task failure from its history`,
    )
  if (args.out !== undefined) await checkWritable(args.out)
  const given = { data: box, ...(url !== undefined && { url }), ...(token !== undefined && { token }) }
  const { model, report } = await trainOnHistory(given, args)
  if (args.out !== undefined) await writeModel(model, args.out)
  present(args.json, report, () =>
    [
      `version ${report.version}, learned from ${report.examples} moments, ${report.failures} of them before a failure`,
      `on machines that it had not seen: precision ${report.metrics.precision.toFixed(2)}, recall ${report.metrics.recall.toFixed(2)}, calibration error ${report.metrics.calibrationError.toFixed(3)}`,
      `telltale models promote failure ${report.version} lets it score`,
    ].join('\n'),
  )
}

const partOf = (out: string): string => `${out}.${process.pid}.part`
const unwritable = (out: string, error: unknown): CliFailure =>
  new CliFailure('failed', `${out} cannot be written: ${(error as Error).message}`)

/** Found out before minutes of training, not after them. */
async function checkWritable(out: string): Promise<void> {
  const there = await stat(out).catch(() => null)
  if (there?.isDirectory()) throw new CliFailure('failed', `${out} cannot be written: it is a directory`)
  try {
    await writeFile(partOf(out), '')
    await rm(partOf(out))
  } catch (error) {
    throw unwritable(out, error)
  }
}

/** Whoever reads the model sees the old one or the new one, never half of it. */
async function writeModel(model: BoostedTrees, out: string): Promise<number> {
  const text = writeXgboostModel(model)
  try {
    await writeFile(partOf(out), text)
    await rename(partOf(out), out)
  } catch (error) {
    throw unwritable(out, error)
  }
  return Buffer.byteLength(text)
}
