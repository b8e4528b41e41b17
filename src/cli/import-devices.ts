import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { CliFailure } from './exit-codes.ts'
import { openApi } from './support/api-client.ts'
import { withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'

interface ImportOptions extends BoxOptionValues {
  dryRun?: boolean
}

interface Outcome {
  registered: number
  replaced: number
  unchanged: number
  errors: { line: number; thing: string; message: string }[]
}

/** The API takes lists of at most 250,000 characters. */
const PART_LENGTH = 200_000

/** `telltale import-devices`: registers devices from a CSV list; sending it again after an interruption goes on where it stopped. */
export function importDevices(program: Command): void {
  withBoxOptions(
    program
      .command('import-devices <file>')
      .description('register devices from a CSV list (docs/devices.md)'),
  )
    .option('--dry-run', 'only say what would happen')
    .action(run)
}

async function run(file: string, options: ImportOptions): Promise<void> {
  const api = openApi(options)
  const total: Outcome = { registered: 0, replaced: 0, unchanged: 0, errors: [] }
  for (const { csv, linesBefore } of partsOf(readText(file))) {
    const outcome = await api.send<Outcome>('POST', '/v1/devices/import', {
      csv,
      dryRun: options.dryRun === true,
    })
    total.registered += outcome.registered
    total.replaced += outcome.replaced
    total.unchanged += outcome.unchanged
    for (const error of outcome.errors) total.errors.push({ ...error, line: error.line + linesBefore })
  }
  present(options.json, total, () =>
    [
      ...total.errors.map(
        ({ line, thing, message }) => `${file}:${line}: ${thing === '' ? '' : `${thing}: `}${message}`,
      ),
      `${total.registered} registered, ${total.replaced} replaced, ${total.unchanged} unchanged, ${total.errors.length} with errors`,
    ].join('\n'),
  )
  if (total.errors.length > 0) process.exitCode = 1
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CliFailure('badInput', `${file}: ${(error as Error).message}`)
  }
}

/** Cuts a list at line ends outside quotes; every part gets the heading, and knows how many lines stood before it. */
function* partsOf(text: string): Generator<{ csv: string; linesBefore: number }> {
  const lines = text.split('\n')
  const heading = lines[0] ?? ''
  let part: string[] = []
  let length = 0
  let before = 0
  let quoted = false
  for (const [i, line] of lines.slice(1).entries()) {
    part.push(line)
    length += line.length + 1
    if (line.split('"').length % 2 === 0) quoted = !quoted
    if (quoted || (length < PART_LENGTH && i < lines.length - 2)) continue
    yield { csv: [heading, ...part].join('\n'), linesBefore: before }
    before = i + 1
    part = []
    length = 0
  }
  if (part.length > 0 || lines.length === 1) yield { csv: [heading, ...part].join('\n'), linesBefore: before }
}
