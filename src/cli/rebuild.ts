import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { lockDataDirectory } from '../adapters/local/data-directory.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { defaultDataDir } from './support/options.ts'
import { present } from './support/output.ts'
import { progress } from './support/progress.ts'
import { rebuildWindows, type RebuildReport } from './support/rebuild-windows.ts'
import { startFailure } from './support/start-failure.ts'

interface RebuildOptions {
  data: string
  dryRun?: boolean
  json?: boolean
}

export function rebuild(program: Command): void {
  program
    .command('rebuild')
    .description('recompute every window from the stored readings, while the box is stopped')
    .option('--data <dir>', 'data directory of the box', defaultDataDir())
    .option('--dry-run', 'compare only; exit code 1 if anything differs')
    .option('--json', 'print one JSON document')
    .action(run)
}

function run(options: RebuildOptions): void {
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
