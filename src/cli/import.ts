import {
  createReadStream,
  existsSync,
  openSync,
  closeSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  appendFileSync,
} from 'node:fs'
import type { Command } from 'commander'
import { isParquet, readParquetFile } from '../adapters/portable/import-table.ts'
import type { ImportRow, RowFault } from '../core/history/import-rows.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { openApi, type ApiClient } from './support/api-client.ts'
import { csvPieces } from './support/csv-pieces.ts'
import { withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'
import { progress } from './support/progress.ts'

/** A table of rows for one request. */
interface Piece {
  csv: Uint8Array
  /** The number in the whole file of a row of this piece. */
  numberOf(row: number): number
  /** What could not be read on this side. */
  faults: RowFault[]
}
interface Outcome {
  rows: number
  taken: number
  refused: number
  faults: RowFault[]
}
interface Note {
  pieces: number
  rows: number
  taken: number
  refused: number
}

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
  if (!statSync(file).isFile())
    throw new CliFailure('badInput', `${file} is no file; give a CSV or a Parquet file`)
  const api = openApi(options)
  const noteFile = `${file}.import.json`
  const errorsFile = `${file}.errors.csv`
  const note: Note = existsSync(noteFile)
    ? (JSON.parse(readFileSync(noteFile, 'utf8')) as Note)
    : { pieces: 0, rows: 0, taken: 0, refused: 0 }
  if (note.pieces === 0) rmSync(errorsFile, { force: true })
  const bar = progress()
  let index = 0
  try {
    for await (const piece of isParquet(headOf(file)) ? parquetPieces(file) : csvFilePieces(file)) {
      if (index++ < note.pieces) continue
      const { rows, taken, faults, refused } = await send(api, piece)
      if (faults.length > 0) report(errorsFile, faults)
      note.pieces++
      note.rows += rows
      note.taken += taken
      note.refused += refused
      writeFileSync(`${noteFile}.tmp`, JSON.stringify(note))
      renameSync(`${noteFile}.tmp`, noteFile)
      bar.show(`${note.rows} rows, ${note.refused} refused`)
    }
  } catch (error) {
    throw error instanceof Error && error.name === 'BadTable'
      ? new CliFailure('badInput', `${file}: ${error.message}`)
      : error
  } finally {
    bar.done()
  }
  if (index === 0) throw new CliFailure('badInput', `${file} is empty`)
  rmSync(noteFile, { force: true })
  const { rows, taken, refused } = note
  present(options.json, { file, rows, taken, refused, ...(refused > 0 && { errors: errorsFile }) }, () =>
    refused === 0
      ? `${taken} readings brought in`
      : `${taken} readings brought in, ${refused} rows refused; why is in ${errorsFile}`,
  )
  if (refused > 0) process.exitCode = exitCodes.failed.code
}

async function send(api: ApiClient, { csv, numberOf, faults }: Piece): Promise<Outcome> {
  const found = await api.upload<Outcome>('/v1/import', 'text/csv', csv)
  return {
    rows: found.rows + faults.length,
    taken: found.taken,
    refused: found.refused + faults.length,
    faults: [...faults, ...found.faults.map(({ row, reason }) => ({ row: numberOf(row), reason }))],
  }
}

function report(errorsFile: string, faults: readonly RowFault[]): void {
  if (!existsSync(errorsFile)) writeFileSync(errorsFile, 'row,reason\n')
  appendFileSync(errorsFile, faults.map(({ row, reason }) => `${row},${cell(reason)}\n`).join(''))
}

function headOf(file: string): Uint8Array {
  const head = Buffer.alloc(4)
  const fd = openSync(file, 'r')
  readSync(fd, head, 0, 4, 0)
  closeSync(fd)
  return head
}

async function* csvFilePieces(file: string): AsyncGenerator<Piece> {
  let before = 0
  for await (const { text, rows } of csvPieces(textOf(file))) {
    const start = before
    yield { csv: Buffer.from(text), numberOf: (row) => start + row, faults: [] }
    before += rows
  }
}

/** Fails where the file is not UTF-8, rather than bringing in texts that are not what was written. */
async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const bytes of createReadStream(file))
      yield decoder.decode(bytes as Uint8Array, { stream: true })
    yield decoder.decode()
  } catch (error) {
    throw error instanceof TypeError
      ? new CliFailure('badInput', `${file} is not UTF-8; save it as UTF-8 and try again`)
      : error
  }
}

/** The same rows as CSV: what the API takes in pieces of any size. */
async function* parquetPieces(file: string): AsyncGenerator<Piece> {
  for await (const { rows, faults } of readParquetFile(file)) {
    let waiting = faults
    for (let i = 0; i === 0 || i < rows.length; i += PARQUET_PIECE) {
      const some = rows.slice(i, i + PARQUET_PIECE)
      yield { csv: Buffer.from(csvOf(some)), numberOf: (row) => some[row - 1]!.row, faults: waiting }
      waiting = []
    }
  }
}

/** Rows of at most some 160 bytes, texts aside: well below what one request may hold. */
const PARQUET_PIECE = 10_000

const csvOf = (rows: readonly ImportRow[]): string =>
  `device,measure,ts,value,text\n${rows
    .map(({ thing, measure, at, value }) =>
      typeof value === 'number'
        ? `${thing},${measure},${at},${value},\n`
        : `${thing},${measure},${at},,${cell(value)}\n`,
    )
    .join('')}`

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`
