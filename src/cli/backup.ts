import type { Command } from 'commander'
import { backUp, BadBackup } from '../adapters/local/backup.ts'
import { CliFailure } from './exit-codes.ts'
import { defaultDataDir } from './support/options.ts'
import { present } from './support/output.ts'
import { progress } from './support/progress.ts'

/** `backup`: a whole box, running or not, into a new directory. */
export function backup(program: Command): void {
  program
    .command('backup <directory>')
    .description('a whole box, running or not, into a new directory')
    .option('--data <dir>', 'data directory of the box', defaultDataDir())
    .option('--json', 'print one JSON document')
    .action(async (directory: string, { data, json }: { data: string; json?: boolean }) => {
      const bar = progress()
      const note = await orFailure(
        backUp(data, directory, Date.now(), (done, of) => bar.show(`${done} of ${of} files`)),
      )
      bar.done()
      present(
        json,
        { directory, ...note },
        () => `${note.files} files of the lake and everything else in ${directory}`,
      )
    })
}

export const orFailure = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: Error) => {
    throw error instanceof BadBackup
      ? new CliFailure(error.message.includes('use the release') ? 'newerData' : 'badInput', error.message)
      : error
  })
