import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { CliFailure } from './exit-codes.ts'
import { openApi, type ApiClient } from './support/api-client.ts'
import { moment, withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'
import { progress, type Progress } from './support/progress.ts'

interface ExportOptions extends BoxOptionValues {
  from: number
  to?: number
  things?: string
  measures?: string
  format: string
}

/** How far an export has come; beside its output until it is whole. */
interface Note {
  question: string
  next: string
  /** Of the CSV file, or parts of the directory of Parquet files. */
  done: number
  rows: number
}

/** `export`: readings as CSV or Parquet, part by part; started again, it goes on where it was. */
export function exportCommand(program: Command): void {
  withBoxOptions(
    program
      .command('export <out>')
      .description('readings as one CSV file, or as a directory of Parquet files; resumable'),
  )
    .requiredOption(
      '--from <time>',
      'start, included: RFC 3339, a date, epoch ms, or a span back',
      moment(Date.now),
    )
    .option('--to <time>', 'end, excluded (default: now)', moment(Date.now))
    .option('--things <names>', 'comma-separated (default: all devices)')
    .option('--measures <names>', 'comma-separated (default: all)')
    .option('--format <format>', 'csv or parquet', 'csv')
    .action(run)
}

async function run(out: string, options: ExportOptions): Promise<void> {
  const { format, json } = options
  if (format !== 'csv' && format !== 'parquet')
    throw new CliFailure('usage', `--format is ${format}, allowed are csv and parquet`)
  const noteFile = format === 'csv' ? `${out}.progress.json` : join(out, '.progress.json')
  if (existsSync(out) && !existsSync(noteFile))
    throw new CliFailure(
      'badInput',
      `${out} exists already; give a new ${format === 'csv' ? 'file' : 'directory'}`,
    )
  if (!existsSync(dirname(resolve(out))))
    throw new CliFailure('badInput', `${dirname(resolve(out))} does not exist; make the directory first`)
  const note = noteOf(noteFile, options)
  const bar = progress()
  const rows =
    format === 'csv'
      ? await toCsv(out, noteFile, note, openApi(options), bar)
      : await toParquet(out, noteFile, note, openApi(options), bar)
  bar.done()
  rmSync(noteFile, { force: true })
  present(json, { out, format, readings: rows }, () => `${rows} readings in ${out}`)
}

/** Where to begin: what an interrupted export of the same question has left, or its start. */
function noteOf(noteFile: string, { from, to, things, measures, format }: ExportOptions): Note {
  const question = JSON.stringify({ from, to: to ?? null, things, measures, format })
  if (existsSync(noteFile)) {
    const known = JSON.parse(readFileSync(noteFile, 'utf8')) as Note
    if (known.question === question) return known
    throw new CliFailure('badInput', `${noteFile} belongs to another export; remove it to start over`)
  }
  const query = new URLSearchParams({ from: String(from), format })
  for (const [name, value] of Object.entries({ to, things, measures }))
    if (value !== undefined) query.set(name, String(value))
  return { question, next: `/v1/export?${query.toString()}`, done: 0, rows: 0 }
}

function keep(noteFile: string, note: Note): void {
  writeFileSync(`${noteFile}.tmp`, JSON.stringify(note), { flush: true })
  renameSync(`${noteFile}.tmp`, noteFile)
}

async function toCsv(
  out: string,
  noteFile: string,
  note: Note,
  api: ApiClient,
  bar: Progress,
): Promise<number> {
  const part = `${out}.part`
  const fd = openSync(part, existsSync(part) ? 'r+' : 'w')
  let { next, done: bytes, rows } = note as { next: string | null; done: number; rows: number }
  try {
    ftruncateSync(fd, bytes)
    while (next !== null) {
      const found = await api.download(next)
      for (let at = 0; at < found.bytes.length;) at += writeSync(fd, found.bytes, at, undefined, bytes + at)
      fsyncSync(fd)
      bytes += found.bytes.length
      rows += found.rows
      next = found.next
      if (next !== null) keep(noteFile, { ...note, next, done: bytes, rows })
      bar.show(`${Math.floor(100 * found.done)} %, ${rows} readings`)
    }
  } finally {
    closeSync(fd)
  }
  renameSync(part, out)
  return rows
}

async function toParquet(
  out: string,
  noteFile: string,
  note: Note,
  api: ApiClient,
  bar: Progress,
): Promise<number> {
  mkdirSync(out, { recursive: true })
  let { next, done: parts, rows } = note as { next: string | null; done: number; rows: number }
  keep(noteFile, note)
  while (next !== null) {
    const found = await api.download(next)
    if (found.rows > 0) {
      const file = join(out, `${String(parts).padStart(6, '0')}.parquet`)
      writeFileSync(`${file}.tmp`, found.bytes, { flush: true })
      renameSync(`${file}.tmp`, file)
      parts++
    }
    rows += found.rows
    next = found.next
    if (next !== null) keep(noteFile, { ...note, next, done: parts, rows })
    bar.show(`${Math.floor(100 * found.done)} %, ${rows} readings`)
  }
  return rows
}
