import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { CliFailure } from './exit-codes.ts'
import { inPath, openApi, type ApiClient } from './support/api-client.ts'
import { withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'
import { progress } from './support/progress.ts'
import { readTable, type ImportedRow } from './support/read-table.ts'

/** Samples in one message, and messages on their way at once. */
const SAMPLES = 1500
const AT_ONCE = 8
/** Rows between two notes of how far it came. */
const STRIDE = 50_000

/** `import`: CSV or Parquet with device, measure, ts and value or text; started again, it goes on where it was. */
export function importCommand(program: Command): void {
  withBoxOptions(
    program
      .command('import <file>')
      .description(
        'bring in readings of CSV or Parquet (device, measure, ts, value[, text]); resumable, and harmless twice',
      ),
  ).action(run)
}

async function run(file: string, options: BoxOptionValues): Promise<void> {
  if (!existsSync(file)) throw new CliFailure('badInput', `${file} does not exist`)
  const api = openApi(options)
  const note = `${file}.import.json`
  const done = existsSync(note) ? (JSON.parse(readFileSync(note, 'utf8')) as { rows: number }).rows : 0
  const bar = progress()
  let rows = 0
  let sent = 0
  let waiting: ImportedRow[] = []
  const flush = async (): Promise<void> => {
    sent += await send(api, waiting)
    waiting = []
    writeFileSync(`${note}.tmp`, JSON.stringify({ rows }))
    renameSync(`${note}.tmp`, note)
    bar.show(`${rows} rows`)
  }
  for await (const row of readTable(file)) {
    rows++
    if (rows <= done) continue
    waiting.push(row)
    if (waiting.length === STRIDE) await flush()
  }
  if (waiting.length > 0) await flush()
  bar.done()
  rmSync(note, { force: true })
  present(options.json, { file, rows, sent }, () => `${sent} readings brought in`)
}

async function send(api: ApiClient, rows: readonly ImportedRow[]): Promise<number> {
  const messages: { thing: string; body: object }[] = []
  for (const [thing, mine] of Map.groupBy(rows, (r) => r.thing))
    for (const [measure, list] of Map.groupBy(mine, (r) => r.measure)) {
      list.sort((a, b) => a.at - b.at)
      for (let i = 0; i < list.length; i += SAMPLES) {
        const some = list.slice(i, i + SAMPLES)
        const at = some[0]!.at
        messages.push({
          thing,
          body: {
            at,
            offsets: some.map((r) => r.at - at),
            measures: { [measure]: some.map((r) => r.value) },
          },
        })
      }
    }
  for (let i = 0; i < messages.length; i += AT_ONCE)
    await Promise.all(
      messages
        .slice(i, i + AT_ONCE)
        .map(({ thing, body }) => api.send('POST', `/v1/devices/${inPath(thing)}/readings`, body)),
    )
  return rows.length
}
