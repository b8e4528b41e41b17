import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { CliFailure } from '../exit-codes.ts'
import { delimiterOf, parseCsv } from './csv.ts'

export interface ImportedRow {
  thing: string
  measure: string
  at: number
  value: number | string | null
}

/** Names that a column may have, whatever the case. */
const names = {
  thing: ['device', 'thing'],
  measure: ['measure', 'metric'],
  at: ['ts', 'at', 'time', 'timestamp'],
  value: ['value'],
  text: ['text'],
} as const
const PARQUET_ROWS = 50_000

/** Rows of a CSV or Parquet file, told apart by their first bytes, one after the other. */
export async function* readTable(file: string): AsyncGenerator<ImportedRow> {
  const handle = await open(file)
  const head = Buffer.alloc(4)
  await handle.read(head, 0, 4, 0)
  await handle.close()
  yield* head.toString('latin1') === 'PAR1' ? parquetRows(file) : csvRows(file)
}

async function* csvRows(file: string): AsyncGenerator<ImportedRow> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity })
  let delimiter = ','
  let row: ((cells: readonly unknown[], line: number) => ImportedRow) | null = null
  let number = 0
  for await (const line of lines) {
    number++
    if (line.trim() === '') continue
    if (!row) {
      delimiter = delimiterOf(line)
      row = rowReader(file, parseCsv(line, delimiter)[0] ?? [])
      continue
    }
    yield row(parseCsv(line, delimiter)[0] ?? [], number)
  }
}

async function* parquetRows(file: string): AsyncGenerator<ImportedRow> {
  const source = await asyncBufferFromFile(file)
  const metadata = await parquetMetadataAsync(source)
  const total = Number(metadata.num_rows)
  for (let from = 0; from < total; from += PARQUET_ROWS) {
    const rows = await parquetReadObjects({
      file: source,
      metadata,
      compressors,
      rowStart: from,
      rowEnd: Math.min(total, from + PARQUET_ROWS),
    })
    const columns = Object.keys(rows[0] ?? {})
    const row = rowReader(file, columns)
    for (const [i, object] of rows.entries())
      yield row(
        columns.map((c) => object[c] as unknown),
        from + i + 1,
      )
  }
}

function rowReader(
  file: string,
  header: readonly string[],
): (cells: readonly unknown[], line: number) => ImportedRow {
  const find = (wanted: readonly string[]): number =>
    header.findIndex((h) => wanted.includes(h.trim().toLowerCase()))
  const [thing, measure, at, value, text] = [
    names.thing,
    names.measure,
    names.at,
    names.value,
    names.text,
  ].map(find) as [number, number, number, number, number]
  if (thing < 0 || measure < 0 || at < 0 || value < 0)
    throw new CliFailure(
      'badInput',
      `${file} needs columns device, measure, ts and value; it has ${header.join(', ')}`,
    )
  return (cells, line) => {
    const time = timeOf(cells[at])
    if (Number.isNaN(time))
      throw new CliFailure('badInput', `${file}, row ${line}: ${String(cells[at])} is no time`)
    const number = cells[value]
    const plain = number === null || number === undefined || number === '' ? null : Number(number)
    const said = text < 0 ? null : cells[text]
    if (plain !== null && !Number.isFinite(plain))
      throw new CliFailure('badInput', `${file}, row ${line}: ${String(number)} is no number`)
    return {
      thing: String(cells[thing]),
      measure: String(cells[measure]),
      at: time,
      value: plain ?? (typeof said === 'string' && said !== '' ? said : null),
    }
  }
}

/** RFC 3339, epoch milliseconds, or a date of Parquet. */
function timeOf(cell: unknown): number {
  if (cell instanceof Date) return cell.getTime()
  if (typeof cell === 'number' || typeof cell === 'bigint') return Number(cell)
  if (typeof cell !== 'string') return NaN
  return /^-?\d+$/.test(cell) ? Number(cell) : Date.parse(cell)
}
