import type { Command } from 'commander'
import { restore } from '../adapters/local/backup.ts'
import { orFailure } from './backup.ts'
import { defaultDataDir } from './support/options.ts'
import { present } from './support/output.ts'
import { progress } from './support/progress.ts'

/** `restore`: a data directory of a backup; never over an existing one. */
export function restoreCommand(program: Command): void {
  program
    .command('restore <backup>')
    .description('make a data directory of a backup, every file of it checked')
    .option('--data <dir>', 'the new data directory', defaultDataDir())
    .option('--json', 'print one JSON document')
    .action(async (backup: string, { data, json }: { data: string; json?: boolean }) => {
      const bar = progress()
      const note = await orFailure(
        restore(backup, data, (done, of) => bar.show(`${done} of ${of} files checked`)),
      )
      bar.done()
      present(
        json,
        { data, ...note },
        () => `${data} is as it was on ${new Date(note.createdAt).toISOString()}`,
      )
    })
}
