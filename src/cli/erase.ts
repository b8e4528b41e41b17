import type { Command } from 'commander'
import type { ErasureProgress } from '../ports/erasures.ts'
import { CliFailure } from './exit-codes.ts'
import { inPath, openApi } from './support/api-client.ts'
import { withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'

const HOUR_MS = 3_600_000

/** `erase`: a device and everything stored of it, in every tier. */
export function erase(program: Command): void {
  withBoxOptions(
    program
      .command('erase <thing>')
      .description('a device and everything stored of it, in every tier; cannot be undone'),
  )
    .option('--yes', 'really')
    .action(run)
}

async function run(thing: string, { yes, ...options }: BoxOptionValues & { yes?: boolean }): Promise<void> {
  if (yes !== true)
    throw new CliFailure('usage', `this erases everything of ${thing} for good; say --yes if you mean it`)
  const erased = await openApi(options).send<{ rows: number; files: number } | ErasureProgress>(
    'DELETE',
    `/v1/devices/${inPath(thing)}/data`,
    undefined,
    HOUR_MS, // every file that holds the device is rewritten
  )
  present(options.json, { thing, ...erased }, () =>
    'state' in erased
      ? `${thing} is being erased, and gone for certain some time after ${new Date(erased.settlesAt).toISOString()}: GET /v1/devices/${inPath(thing)}/erasure says how far it is`
      : `${thing} is erased: ${erased.rows} rows, ${erased.files} files rewritten`,
  )
}
