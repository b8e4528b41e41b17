import { exportParquet } from '../../src/adapters/portable/export-parquet.ts'
import { readImportTable } from '../../src/adapters/portable/import-table.ts'
import type { HistoryTransfer } from '../../src/api/ports.ts'
import { DAY } from '../../src/core/history/lake-layout.ts'
import { exportCsv, exportCsvHeader } from '../../src/pipeline/history/export-csv.ts'
import { exportPart } from '../../src/pipeline/history/export-part.ts'
import type { HistoryStores } from '../../src/pipeline/history/series-reader.ts'
import type { Clock } from '../../src/ports/clock.ts'

export interface AwsTransferParts {
  stores: HistoryStores
  /** Throws where readings from here on cannot be read. */
  refuseArchived(from: number): Promise<void>
  /** Age from which on the pipelines take no readings in. */
  hotDays: number
  clock: Pick<Clock, 'now'>
  /** Whether a request should come to its end. */
  outOfTime(): boolean
}

/** Readings of one part at first: of usual names, about a third of what an answer may have. */
const ROWS = 25_000
const FEW_ROWS = 1_000
/** AWS: an answer has at most 6 MB, of which base64 takes a quarter and a text’s line breaks some. */
const MOST_BYTES = 4_200_000
/** A question to Athena takes seconds, however little it reads. */
const THINGS_AT_ONCE = { first: 64, most: 128 }

/** Readings out of both stores and in by the trades’ streams, within what a request of AWS takes. */
export function awsTransfer({
  stores,
  refuseArchived,
  hotDays,
  clock,
  outOfTime,
}: AwsTransferParts): HistoryTransfer {
  return {
    exportPart: async (question, format) => {
      await refuseArchived(question.from)
      for (let most = ROWS; ;) {
        // Not much more than was asked for, but whatever an instant may have.
        const read = Math.min(most, Math.max(FEW_ROWS, 4 * question.rows))
        const limits = { atOnce: THINGS_AT_ONCE, most: read, outOfTime }
        const asked = { ...question, rows: Math.min(most, question.rows) }
        const { series, next, done } = await exportPart(asked, stores, limits)
        const header = question.after === undefined ? exportCsvHeader : ''
        const bytes = format === 'csv' ? Buffer.from(header + exportCsv(series)) : exportParquet(series)
        const rows = series.reduce((sum, { readings }) => sum + readings.length, 0)
        if (bytes.length <= MOST_BYTES) return { bytes: new Uint8Array(bytes), rows, next, done }
        // A part may hold twice as many: one read begins where another has almost filled it.
        most = Math.max(1, Math.min(most - 1, Math.floor((rows * MOST_BYTES) / bytes.length / 2)))
      }
    },
    readImportTable,
    // The pipelines refuse what is older, for nobody could say what it changes.
    rawKeptFrom: () => clock.now() - hotDays * DAY,
  }
}
