import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { lockDataDirectory } from '../adapters/local/data-directory.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { openApi } from './support/api-client.ts'
import { moment, withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'
import { progress } from './support/progress.ts'
import { rebuildWindows, type RebuildReport } from './support/rebuild-windows.ts'
import { startFailure } from './support/start-failure.ts'

interface RebuildOptions extends BoxOptionValues {
  dryRun?: boolean
  from?: number
  to?: number
  raw?: boolean
  giveUpDamaged?: boolean
}

export function rebuild(program: Command): void {
  withBoxOptions(
    program
      .command('rebuild')
      .description(
        'recompute windows from stored readings: of the tail while the box is stopped, or with --from of sealed days while it runs',
      ),
  )
    .option('--dry-run', 'of a stopped box: compare only; exit code 1 if anything differs')
    .option('--from <time>', 'sealed days from here on, of a running box', moment(Date.now))
    .option('--to <time>', 'end, excluded (default: now)', moment(Date.now))
    .option('--raw', 'first send the archived messages that were received in that time through again')
    .option('--give-up-damaged', 'then take damaged files out of the lake for good')
    .action(run)
}

async function run(options: RebuildOptions): Promise<void> {
  if (options.from !== undefined) {
    await rebuildRunning({ ...options, from: options.from })
    return
  }
  if (options.to !== undefined || options.raw === true || options.giveUpDamaged === true)
    throw new CliFailure('usage', '--to, --raw and --give-up-damaged go with --from')
  rebuildStopped(options)
}

const HOUR = 3_600_000

async function rebuildRunning(options: RebuildOptions & { from: number }): Promise<void> {
  const { from, to = Date.now(), raw, giveUpDamaged = false, json } = options
  if (options.dryRun === true) throw new CliFailure('usage', '--dry-run is for a stopped box')
  const api = openApi(options)
  const bar = progress()
  let messages = 0
  if (raw === true)
    for (let start = from; start < to; start += HOUR) {
      const range = { from: start, to: Math.min(to, start + HOUR) }
      const sent = await api.send<{ messages: number }>('POST', '/v1/history/refold', range, HOUR)
      messages += sent.messages
      bar.show(`${Math.floor((100 * (start - from)) / (to - from))} %, ${messages} messages sent again`)
    }
  const done = await api.send<{ days: number; givenUp: number }>(
    'POST',
    '/v1/history/rebuild',
    { from, to, giveUpDamaged },
    HOUR,
  )
  bar.done()
  present(json, { ...(raw === true && { messages }), ...done }, () =>
    [
      ...(raw === true ? [`${messages} archived messages were sent through again`] : []),
      `windows of ${done.days} sealed days were made again`,
      ...(done.givenUp > 0 ? [`${done.givenUp} damaged files were given up`] : []),
    ].join('\n'),
  )
}

function rebuildStopped(options: RebuildOptions): void {
  const dir = resolve(options.data)
  if (!existsSync(join(dir, 'tail.db')))
    throw new CliFailure('badInput', `${dir} is no data directory of a box: it has no tail.db`)
  const write = options.dryRun !== true
  const bar = progress()
  let unlock: (() => void) | null = null
  let report: RebuildReport
  try {
    unlock = lockDataDirectory(dir)
    report = rebuildWindows({ dir, write, onProgress: (done, all) => bar.show(`${done} of ${all} devices`) })
  } catch (error) {
    throw startFailure(error)
  } finally {
    bar.done()
    unlock?.()
  }
  const wrong = report.different + report.missing
  const changes = wrong + report.pending
  present(options.json, report, () =>
    [
      `${report.devices} devices, ${report.minutes} windows recomputed: ${report.equal} equal, ${report.different} different, ${report.missing} missing`,
      ...(report.pending > 0
        ? [`${report.pending} are marked for repair, which a running box does by itself`]
        : []),
      ...(report.open > 0 ? [`${report.open} are still open; the box writes them when it is up again`] : []),
      ...(report.withoutReadings > 0
        ? [`${report.withoutReadings} windows have no readings any more; they stay`]
        : []),
      changes === 0
        ? 'nothing to do'
        : write
          ? `wrote ${changes}`
          : 'run again without --dry-run to write them',
    ].join('\n'),
  )
  if (!write && wrong > 0) process.exitCode = exitCodes.failed.code
}
