import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { importColumns, readImportRow, type ImportTable } from '../../core/history/import-rows.ts'
import { delimiterOf, parseCsv } from '../../core/table/csv.ts'

const PARQUET_ROWS = 50_000

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
    table.rows.push(...part.rows)
    table.faults.push(...part.faults)
  }
  return table
}

/** The same of a Parquet file, some rows at a time. */
export async function* readParquetFile(path: string): AsyncGenerator<ImportTable> {
  yield* parquetParts(await asyncBufferFromFile(path))
}

async function* parquetParts(file: AsyncBuffer): AsyncGenerator<ImportTable> {
  const metadata = await parquetMetadataAsync(file).catch((error: Error) => {
    throw new BadTable(`the Parquet file cannot be read: ${error.message}`)
  })
  const total = Number(metadata.num_rows)
  const header = metadata.schema.slice(1).map((column) => column.name)
  for (let from = 0; from < total; from += PARQUET_ROWS) {
    const rowEnd = Math.min(total, from + PARQUET_ROWS)
    const objects = await parquetReadObjects({ file, metadata, compressors, rowStart: from, rowEnd })
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
