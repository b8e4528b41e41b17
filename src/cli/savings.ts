import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import type { Command } from 'commander'
import type { Point } from '../core/building/energy/energy.ts'
import { meterSavings, type MeterSavings } from '../core/building/energy/meter-savings.ts'

/** Rows of a two-column CSV (time stamp, value) on their own wall clock; `nan` and empty values become NaN. */
export function parseStampedCsv(text: string): Point[] {
  const points: Point[] = []
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [stamp = '', value = ''] = line.split(',').map((cell) => cell.replaceAll('"', '').trim())
    const wall = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?/.exec(stamp)
    if (wall === null) continue
    points.push({ at: Date.parse(`${wall[1]}T${wall[2] ?? '00:00'}Z`), value: Number.parseFloat(value) })
  }
  return points.sort((a, b) => a.at - b.at)
}

async function readStampedCsv(path: string): Promise<Point[]> {
  const bytes = await readFile(path)
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b
  return parseStampedCsv((zipped ? gunzipSync(bytes) : bytes).toString('utf8'))
}

export interface SavingsOptions {
  temperature: string
  blackoutStart: string
  blackoutEnd: string
}

/** Savings of a meter file after a change, against its own baseline year. */
export async function savingsReport(meter: string, options: SavingsOptions): Promise<MeterSavings> {
  const [blackoutFrom, blackoutTo] = [options.blackoutStart, options.blackoutEnd].map((day) =>
    Date.parse(`${day}T00:00Z`),
  )
  if (!Number.isFinite(blackoutFrom) || !Number.isFinite(blackoutTo))
    throw new Error('--blackout-start and --blackout-end take a date, YYYY-MM-DD')
  return meterSavings({
    meter: await readStampedCsv(meter),
    temperature: await readStampedCsv(options.temperature),
    blackoutFrom: blackoutFrom!,
    blackoutTo: blackoutTo!,
  })
}

/** Adds `savings METER --temperature FILE --blackout-start DAY --blackout-end DAY [--json]`. */
export function savingsCommand(program: Command): void {
  program
    .command('savings')
    .description('savings of a meter against its own expected consumption, with their uncertainty')
    .argument('<meter>', 'CSV of time stamp and consumption, hourly, daily or billing; may be gzipped')
    .requiredOption('--temperature <file>', 'CSV of time stamp and outdoor temperature')
    .requiredOption('--blackout-start <day>', 'first day of the change')
    .requiredOption('--blackout-end <day>', 'first day of the reporting period')
    .option('--json', 'print JSON')
    .action(async (meter: string, options: SavingsOptions & { json?: boolean }) => {
      const report = await savingsReport(meter, options)
      const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
      console.log(
        options.json === true
          ? JSON.stringify(report)
          : `saved ${percent(report.share)} (${percent(report.low)} to ${percent(report.high)}) of ${report.expected.toFixed(0)} expected, by the ${report.model} model`,
      )
    })
}
