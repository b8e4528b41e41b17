import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { reportPdf } from '../core/report/pdf/report-pdf.ts'
import { reportCsv } from '../core/report/report-csv.ts'
import type { Report } from '../core/report/report.ts'
import { CliFailure } from './exit-codes.ts'
import { openApi } from './support/api-client.ts'
import { withBoxOptions, type BoxOptionValues } from './support/options.ts'

interface ReportOptions extends BoxOptionValues {
  site?: string
  firstDay?: string
  days: string
  zone?: string
  format?: string
  out?: string
}

const formats = ['pdf', 'csv', 'json'] as const
type Format = (typeof formats)[number]

/** `report`: what happened in a trade in a week, as a file. */
export function report(program: Command): void {
  withBoxOptions(
    program
      .command('report <trade>')
      .description('a report of plant, fleet or building, of the last whole week, as PDF or CSV'),
  )
    .option('--site <name>', 'one site (default: all)')
    .option('--first-day <date>', 'begin here instead, as 2026-11-23')
    .option('--days <number>', 'so many days from there', '7')
    .option('--zone <name>', 'IANA time zone of the days (default: the installation’s)')
    .option('--format <format>', 'pdf, csv or json (default: what --out ends in, else pdf)')
    .option('--out <file>', 'where to write it (default: <id>.<format>; - is standard output)')
    .action(run)
}

async function run(trade: string, options: ReportOptions): Promise<void> {
  const { site, firstDay, days, zone, out, json } = options
  const format = formatOf(options)
  const made = await openApi(options).send<Report>('POST', '/v1/reports', {
    trade,
    site: site ?? null,
    ...(firstDay !== undefined && { firstDay, days: Number(days) }),
    ...(zone !== undefined && { timeZone: zone }),
  })
  const bytes = format === 'pdf' ? reportPdf(made) : format === 'csv' ? reportCsv(made) : `${JSON.stringify(made)}\n` // prettier-ignore
  if (out === '-') {
    process.stdout.write(bytes)
    return
  }
  const file = out ?? `${made.id}.${format}`
  writeFileSync(file, bytes)
  if (json === true) console.log(JSON.stringify({ id: made.id, file, from: made.from, to: made.to, bytes: bytes.length })) // prettier-ignore
  else console.log(`${file}: ${made.title}, ${new Date(made.from).toISOString()} to ${new Date(made.to).toISOString()}`) // prettier-ignore
}

function formatOf({ format, out }: ReportOptions): Format {
  const asked = format ?? (out === undefined || out === '-' ? 'pdf' : out.split('.').at(-1))
  const found = formats.find((known) => known === asked)
  if (!found) throw new CliFailure('usage', `--format is ${asked ?? ''}, allowed are ${formats.join(', ')}`)
  return found
}
