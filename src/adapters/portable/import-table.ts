import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from 'hyparquet'
import { parquetCompressors as compressors } from './parquet-compressors.ts'
import { importColumns, readImportRow, type ImportTable } from '../../core/history/import-rows.ts'
import { delimiterOf, parseCsv } from '../../core/table/csv.ts'

const PARQUET_ROWS = 50_000
/** Of one request: a few megabytes of Parquet can say that they are a billion equal rows. */
const MOST_ROWS = 500_000

/** A table that cannot be read at all; says why. */
export class BadTable extends Error {
  override readonly name = 'BadTable'
}

/** The rows of CSV or Parquet bytes, told apart by how they begin; those that are wrong with their reason. */
export async function readImportTable(bytes: Uint8Array): Promise<ImportTable> {
  return isParquet(bytes) ? parquetTable(bytes) : csvTable(bytes)
}

export const isParquet = (head: Uint8Array): boolean =>
  Buffer.from(head.buffer, head.byteOffset, Math.min(4, head.length)).toString('latin1') === 'PAR1'

function csvTable(bytes: Uint8Array): ImportTable {
  let cells: string[][]
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    cells = parseCsv(text, delimiterOf(text))
  } catch (error) {
    throw new BadTable(`the CSV cannot be read: ${(error as Error).message}`)
  }
  const [header = [], ...rows] = cells
  return tableOf(header, rows, 0)
}

async function parquetTable(bytes: Uint8Array): Promise<ImportTable> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  const table: ImportTable = { rows: [], faults: [] }
  for await (const part of parquetParts(file)) {
    for (const row of part.rows) table.rows.push(row)
    for (const fault of part.faults) table.faults.push(fault)
    if (table.rows.length + table.faults.length > MOST_ROWS)
      throw new BadTable(`the file has more than ${MOST_ROWS} rows; send it in pieces`)
  }
  return table
}

/** The same of a Parquet file, some rows at a time. */
export async function* readParquetFile(path: string): AsyncGenerator<ImportTable> {
  yield* parquetParts(await asyncBufferFromFile(path))
}

async function* parquetParts(file: AsyncBuffer): AsyncGenerator<ImportTable> {
  const unreadable = (error: Error): never => {
    throw new BadTable(`the Parquet file cannot be read: ${error.message}`)
  }
  const metadata = await parquetMetadataAsync(file).catch(unreadable)
  const total = Number(metadata.num_rows)
  const header = metadata.schema.slice(1).map((column) => column.name)
  for (let from = 0; from < total; from += PARQUET_ROWS) {
    const rowEnd = Math.min(total, from + PARQUET_ROWS)
    const objects = await parquetReadObjects({ file, metadata, compressors, rowStart: from, rowEnd }).catch(
      unreadable,
    )
    yield tableOf(
      header,
      objects.map((object) => header.map((name) => object[name] as unknown)),
      from,
    )
  }
}

function tableOf(
  header: readonly string[],
  cells: readonly (readonly unknown[])[],
  before: number,
): ImportTable {
  const columns = importColumns(header)
  if (typeof columns === 'string') throw new BadTable(columns)
  const table: ImportTable = { rows: [], faults: [] }
  for (const [i, row] of cells.entries()) {
    const number = before + i + 1
    const read = readImportRow(row, columns, number)
    if (typeof read === 'string') table.faults.push({ row: number, reason: read })
    else table.rows.push(read)
  }
  return table
}
