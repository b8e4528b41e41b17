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
import { join } from 'node:path'
import type { Command } from 'commander'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { zstdCompressSync } from 'node:zlib'
import { CliFailure } from './exit-codes.ts'
import type { SeriesDocument } from './query-series.ts'
import { openApi, type ApiClient } from './support/api-client.ts'
import { moment, withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'
import { progress } from './support/progress.ts'

interface ExportOptions extends BoxOptionValues {
  from: number
  to: number
  things?: string
  measures?: string
  format: string
}

interface Chunk {
  things: string[]
  from: number
  to: number
}

const DAY = 86_400_000
/** Devices asked for at once, a day each: at ten readings a second that is a full answer. */
const GROUP = 1

/** `export`: readings as CSV or Parquet, chunk by chunk; started again, it goes on where it was. */
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
    .option('--to <time>', 'end, excluded (default: now)', moment(Date.now), Date.now())
    .option('--things <names>', 'comma-separated (default: all devices)')
    .option('--measures <names>', 'comma-separated (default: all)')
    .option('--format <format>', 'csv or parquet', 'csv')
    .action(run)
}

async function run(out: string, options: ExportOptions): Promise<void> {
  const { from, to, measures, format, json } = options
  if (format !== 'csv' && format !== 'parquet')
    throw new CliFailure('usage', `--format is ${format}, allowed are csv and parquet`)
  const api = openApi(options)
  const things = options.things?.split(',') ?? (await allThings(api))
  const chunks = chunksOf(things.sort(), from, to)
  const bar = progress()
  let rows = 0
  const read = async (chunk: Chunk): Promise<SeriesDocument> => {
    const found = await api.get<SeriesDocument>('/v1/series', {
      things: chunk.things.join(','),
      measures,
      from: chunk.from,
      to: chunk.to,
      resolution: 'raw',
    })
    for (const s of found.series) rows += s.at.length
    return found
  }
  const show = (done: number): void => bar.show(`${done} of ${chunks.length} parts, ${rows} readings`)
  // The work is the same list whenever the same is asked for; a file of another question is not gone on with.
  const question = JSON.stringify({ from, to, things, measures, format })
  await (format === 'csv' ? toCsv : toParquet)(out, question, chunks, read, show)
  bar.done()
  present(json, { out, format, readings: rows, parts: chunks.length }, () => `${rows} readings in ${out}`)
}

type Read = (chunk: Chunk) => Promise<SeriesDocument>

async function toCsv(
  out: string,
  question: string,
  chunks: readonly Chunk[],
  read: Read,
  show: (done: number) => void,
): Promise<void> {
  if (existsSync(out)) throw new CliFailure('badInput', `${out} exists already; give a new file`)
  const part = `${out}.part`
  const note = `${out}.progress.json`
  let done = 0
  let bytes = 0
  if (existsSync(note)) {
    const known = JSON.parse(readFileSync(note, 'utf8')) as { question: string; done: number; bytes: number }
    if (known.question !== question)
      throw new CliFailure(
        'badInput',
        `${note} belongs to another export; remove it to start over, with --to as a fixed time to go on later`,
      )
    ;({ done, bytes } = known)
  }
  const fd = openSync(part, existsSync(part) ? 'r+' : 'w')
  try {
    ftruncateSync(fd, bytes)
    const write = (text: string): void => {
      bytes += writeSync(fd, text, bytes)
    }
    if (bytes === 0) write('device,measure,ts,value,text,quality\n')
    for (const [i, chunk] of chunks.entries()) {
      if (i < done) continue
      for (const { thing, measure, at, value, text, quality } of (await read(chunk)).series)
        write(
          at
            .map(
              (t, k) =>
                `${thing},${cell(measure)},${new Date(t).toISOString()},${value?.[k] ?? ''},${cell(text?.[k] ?? '')},${quality?.[k] ?? 'good'}\n`,
            )
            .join(''),
        )
      fsyncSync(fd)
      writeFileSync(`${note}.tmp`, JSON.stringify({ question, done: i + 1, bytes }))
      renameSync(`${note}.tmp`, note)
      show(i + 1)
    }
  } finally {
    closeSync(fd)
  }
  renameSync(part, out)
  rmSync(note, { force: true })
}

/** RFC 4180: a cell with a comma, a quote or a line break is quoted. */
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

async function toParquet(
  out: string,
  question: string,
  chunks: readonly Chunk[],
  read: Read,
  show: (done: number) => void,
): Promise<void> {
  mkdirSync(out, { recursive: true })
  const note = join(out, '.question.json')
  if (existsSync(note) && readFileSync(note, 'utf8') !== question)
    throw new CliFailure('badInput', `${out} holds another export; give a new directory, or remove it`)
  writeFileSync(note, question)
  for (const [i, chunk] of chunks.entries()) {
    const file = join(
      out,
      `${new Date(chunk.from).toISOString().slice(0, 10)}.${String(i).padStart(6, '0')}.parquet`,
    )
    if (existsSync(file)) continue
    const { series } = await read(chunk)
    const column = <T>(of: (s: SeriesDocument['series'][number], k: number) => T): T[] =>
      series.flatMap((s) => s.at.map((_, k) => of(s, k)))
    if (series.length > 0) {
      const buffer = parquetWriteBuffer({
        columnData: [
          { name: 'device', data: column((s) => s.thing), type: 'STRING' },
          { name: 'measure', data: column((s) => s.measure), type: 'STRING' },
          { name: 'ts', data: column((s, k) => new Date(s.at[k]!)), type: 'TIMESTAMP' },
          { name: 'value', data: column((s, k) => s.value?.[k] ?? null), type: 'DOUBLE', nullable: true },
          { name: 'text', data: column((s, k) => s.text?.[k] ?? null), type: 'STRING', nullable: true },
          { name: 'quality', data: column((s, k) => s.quality?.[k] ?? 'good'), type: 'STRING' },
        ],
        codec: 'ZSTD',
        compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
      })
      writeFileSync(`${file}.tmp`, Buffer.from(buffer), { flush: true })
      renameSync(`${file}.tmp`, file)
    }
    show(i + 1)
  }
}

function chunksOf(things: readonly string[], from: number, to: number): Chunk[] {
  const chunks: Chunk[] = []
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / DAY) + 1) * DAY)
    for (let i = 0; i < things.length; i += GROUP)
      chunks.push({ things: things.slice(i, i + GROUP), from: start, to: end })
    start = end
  }
  return chunks
}

async function allThings(api: ApiClient): Promise<string[]> {
  const things: string[] = []
  for await (const page of api.pages<{ thing: string }>('/v1/devices', { limit: 1000 }))
    things.push(...page.map((d) => d.thing))
  return things
}
