import { MINUTE, type EpochMs } from '../../core/telemetry/reading.ts'
import type { WindowRow } from '../../core/window/window.ts'
import type { TelemetryReader } from '../../ports/telemetry-reader.ts'

/** Rows a question: small enough that the reader's thread answers others in between. */
const PAGE = 20_000

/** All windows of one thing in a half-open range, ascending by minute, then by measure. */
export async function closedWindows(
  reader: Pick<TelemetryReader, 'windows'>,
  thing: string,
  measures: readonly string[] | undefined,
  from: EpochMs,
  to: EpochMs,
): Promise<WindowRow[]> {
  const rows: WindowRow[] = []
  for (let after: { at: EpochMs; measure: string } | undefined; ;) {
    const page = await reader.windows({
      thing,
      from,
      to,
      limit: PAGE,
      ...(measures === undefined ? {} : { measures }),
      ...(after === undefined ? {} : { after }),
    })
    for (const row of page) rows.push(row)
    const last = page.at(-1)
    if (page.length < PAGE || last === undefined) return rows
    after = { at: last.minute * MINUTE, measure: last.measure }
  }
}
