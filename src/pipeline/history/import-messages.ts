import type { ImportRow } from '../../core/history/import-rows.ts'

/** One message of the native format: readings of one series. */
export interface ImportMessage {
  thing: string
  payload: Uint8Array
}

/** Samples in one message, and the bytes that they may take: well below what a device may send. */
const SAMPLES = 1500
const BYTES = 64 * 1024

/** Packs rows into messages of the backfill lane, by device and measure, in the order of time. */
export function* importMessages(rows: readonly ImportRow[]): Generator<ImportMessage> {
  for (const [thing, mine] of Map.groupBy(rows, (r) => r.thing))
    for (const [measure, list] of Map.groupBy(mine, (r) => r.measure)) {
      list.sort((a, b) => a.at - b.at)
      let some: ImportRow[] = []
      let bytes = 0
      for (const row of list) {
        // A number, an offset and their commas take less; a text may take six bytes a character in JSON.
        const size = 40 + (typeof row.value === 'string' ? 6 * row.value.length : 0)
        if (some.length === SAMPLES || bytes + size > BYTES) {
          yield message(thing, measure, some)
          some = []
          bytes = 0
        }
        some.push(row)
        bytes += size
      }
      if (some.length > 0) yield message(thing, measure, some)
    }
}

function message(thing: string, measure: string, rows: readonly ImportRow[]): ImportMessage {
  const at = rows[0]!.at
  return {
    thing,
    payload: Buffer.from(
      JSON.stringify({
        at,
        offsets: rows.map((r) => r.at - at),
        measures: { [measure]: rows.map((r) => r.value) },
      }),
    ),
  }
}
