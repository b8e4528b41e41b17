import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Argument, type Command } from 'commander'
import { lockDataDirectory } from '../adapters/local/data-directory.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { defaultDataDir, moment } from './support/options.ts'
import { isoTime, present } from './support/output.ts'
import { progress, type Progress } from './support/progress.ts'
import { rebuildStates, type StatesReport } from './support/rebuild-states.ts'
import { rebuildWindows, type RebuildReport } from './support/rebuild-windows.ts'
import { startFailure } from './support/start-failure.ts'

interface RebuildOptions {
  data: string
  from?: number
  dryRun?: boolean
  json?: boolean
}

export function rebuild(program: Command): void {
  program
    .command('rebuild')
    .description('recompute windows or device states from what is stored, while the box is stopped')
    .addArgument(
      new Argument('[what]', 'windows from stored readings, or states from raw records')
        .choices(['windows', 'states'])
        .default('windows'),
    )
    .option('--data <dir>', 'data directory of the box', defaultDataDir())
    .option('--from <time>', 'states: leave out raw records received earlier', moment(Date.now))
    .option('--dry-run', 'compare only; exit code 1 if anything differs')
    .option('--json', 'print one JSON document')
    .action(run)
}

async function run(what: 'windows' | 'states', options: RebuildOptions): Promise<void> {
  const dir = resolve(options.data)
  if (!existsSync(join(dir, 'tail.db')))
    throw new CliFailure('badInput', `${dir} is no data directory of a box: it has no tail.db`)
  if (options.from !== undefined && what === 'windows')
    throw new CliFailure('usage', '--from is for states: windows are recomputed all together')
  const bar = progress()
  let unlock: (() => void) | null = null
  try {
    unlock = lockDataDirectory(dir)
    const wrong = what === 'states' ? await states(dir, options, bar) : windows(dir, options, bar)
    if (options.dryRun === true && wrong > 0) process.exitCode = exitCodes.failed.code
  } catch (error) {
    throw startFailure(error)
  } finally {
    bar.done()
    unlock?.()
  }
}

function windows(dir: string, { dryRun, json }: RebuildOptions, bar: Progress): number {
  const write = dryRun !== true
  const onProgress = (done: number, all: number): void => bar.show(`${done} of ${all} devices`)
  const report = rebuildWindows({ dir, write, onProgress })
  bar.done()
  present(json, report, () => windowsText(report))
  return report.different + report.missing
}

function windowsText(report: RebuildReport): string {
  const { pending, open, sealed, withoutReadings, different, missing, written } = report
  const changes = different + missing + pending
  return [
    `${report.devices} devices, ${report.minutes} windows recomputed: ${report.equal} equal, ${different} different, ${missing} missing`,
    ...(pending > 0 ? [`${pending} are marked for repair, which a running box does by itself`] : []),
    ...(open > 0 ? [`${open} are still open; the box writes them when it is up again`] : []),
    ...(sealed > 0 ? [`${sealed} windows lie in sealed hours, which the box repairs by itself`] : []),
    ...(withoutReadings > 0 ? [`${withoutReadings} windows have no readings any more; they stay`] : []),
    outcome(changes, written),
  ].join('\n')
}

async function states(dir: string, { from, dryRun, json }: RebuildOptions, bar: Progress): Promise<number> {
  const write = dryRun !== true
  const report = await rebuildStates({ dir, write, from: from ?? 0, onProgress: bar.show })
  bar.done()
  present(json, report, () => statesText(report))
  return report.different + report.missing
}

function statesText(report: StatesReport): string {
  const { records, devices, equal, different, missing, kept, written } = report
  return [
    `${records} raw records from ${isoTime(report.from)} on folded into the states of ${devices} devices: ${equal} equal, ${different} different, ${missing} missing`,
    ...(kept > 0 ? [`${kept} devices have no raw records any more; their states stay`] : []),
    outcome(different + missing, written),
  ].join('\n')
}

const outcome = (changes: number, written: boolean): string =>
  changes === 0 ? 'nothing to do' : written ? `wrote ${changes}` : 'run again without --dry-run to write them'
