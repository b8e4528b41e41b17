import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Argument, type Command } from 'commander'
import { lockDataDirectory } from '../adapters/local/data-directory.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { openApi } from './support/api-client.ts'
import { moment, withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { isoTime, present } from './support/output.ts'
import { progress, type Progress } from './support/progress.ts'
import { rebuildStates, type StatesReport } from './support/rebuild-states.ts'
import { rebuildWindows, type RebuildReport } from './support/rebuild-windows.ts'
import { startFailure } from './support/start-failure.ts'

interface RebuildOptions extends BoxOptionValues {
  from?: number
  to?: number
  raw?: boolean
  giveUpDamaged?: boolean
  dryRun?: boolean
}

export function rebuild(program: Command): void {
  withBoxOptions(
    program
      .command('rebuild')
      .description(
        'recompute from what is stored: the tail’s windows or states while the box is stopped, sealed days while it runs',
      ),
  )
    .addArgument(
      new Argument('[what]', 'windows from stored readings, states from raw records, or sealed days')
        .choices(['windows', 'states', 'sealed'])
        .default('windows'),
    )
    .option(
      '--from <time>',
      'states: leave out raw records received earlier; sealed: start',
      moment(Date.now),
    )
    .option('--to <time>', 'sealed: end, excluded (default: now)', moment(Date.now))
    .option('--raw', 'sealed: first send the archived messages that were received in that time through again')
    .option('--give-up-damaged', 'sealed: then take damaged files out of the lake for good')
    .option('--dry-run', 'windows, states: compare only; exit code 1 if anything differs')
    .action(run)
}

async function run(what: 'windows' | 'states' | 'sealed', options: RebuildOptions): Promise<void> {
  const { data, from, to, raw, giveUpDamaged, dryRun } = options
  if (what === 'sealed') {
    if (from === undefined) throw new CliFailure('usage', 'sealed days need --from')
    if (dryRun === true) throw new CliFailure('usage', '--dry-run is for windows and states')
    await sealed({ ...options, from })
    return
  }
  if (to !== undefined || raw === true || giveUpDamaged === true)
    throw new CliFailure('usage', '--to, --raw and --give-up-damaged are for sealed days')
  if (from !== undefined && what === 'windows')
    throw new CliFailure('usage', '--from is for states and sealed: windows are recomputed all together')
  const dir = resolve(data)
  if (!existsSync(join(dir, 'tail.db')))
    throw new CliFailure('badInput', `${dir} is no data directory of a box: it has no tail.db`)
  const bar = progress()
  let unlock: (() => void) | null = null
  try {
    unlock = lockDataDirectory(dir)
    const wrong = what === 'states' ? await states(dir, options, bar) : windows(dir, options, bar)
    if (dryRun === true && wrong > 0) process.exitCode = exitCodes.failed.code
  } catch (error) {
    throw startFailure(error)
  } finally {
    bar.done()
    unlock?.()
  }
}

const HOUR = 3_600_000

interface Refolded {
  messages: number
  next: string | null
}

async function sealed(options: RebuildOptions & { from: number }): Promise<void> {
  const { from, to = Date.now(), raw, giveUpDamaged = false, json } = options
  const api = openApi(options)
  const bar = progress()
  let messages = 0
  if (raw === true)
    for (let after: string | null = ''; after !== null;) {
      const sent: Refolded = await api.send<Refolded>('POST', '/v1/history/refold', { from, to, after }, HOUR)
      messages += sent.messages
      after = sent.next
      bar.show(`${messages} messages sent again`)
    }
  const body = { from, to, giveUpDamaged }
  const done = await api.send<{ days: number; givenUp: number }>('POST', '/v1/history/rebuild', body, HOUR)
  bar.done()
  present(json, { ...(raw === true && { messages }), ...done }, () =>
    [
      ...(raw === true ? [`${messages} archived messages were sent through again`] : []),
      `windows of ${done.days} sealed days were made again`,
      ...(done.givenUp > 0 ? [`${done.givenUp} damaged files were given up`] : []),
    ].join('\n'),
  )
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
