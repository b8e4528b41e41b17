import { qualityNames, type EpochMs } from '../../core/telemetry/reading.ts'
import type { WindowRow } from '../../core/window/window.ts'
import { createSeriesReader, type HistoryStores } from './series-reader.ts'
import type { Range, Reading } from '../../ports/telemetry-reader.ts'

const HOUR = 3_600_000

/** Rows of ever longer stretches until a page is full: the first page of a month costs what its rows cost. */
async function page<T extends { measure: string }>(
  range: Range,
  atOf: (row: T) => EpochMs,
  read: (from: EpochMs, to: EpochMs) => Promise<T[]>,
): Promise<T[]> {
  const { after, limit } = range
  const rows: T[] = []
  let span = HOUR
  for (
    let from = Math.max(range.from, after?.at ?? range.from);
    from < range.to && rows.length < limit;
    span *= 4
  ) {
    const to = Math.min(range.to, from + span)
    const found = await read(from, to)
    for (const row of found) {
      const at = atOf(row)
      if (after && (at < after.at || (at === after.at && row.measure <= after.measure))) continue
      rows.push(row)
    }
    from = to
  }
  return rows
    .sort((a, b) => atOf(a) - atOf(b) || (a.measure < b.measure ? -1 : a.measure > b.measure ? 1 : 0))
    .slice(0, limit)
}

/** A page of readings over all tiers. */
export function pageReadings(range: Range, stores: HistoryStores): Promise<Reading[]> {
  const reader = createSeriesReader(stores, { tiersUsed: [], missing: [] })
  return page<Reading>(
    range,
    (r) => r.at,
    async (from, to) => {
      const found = await reader.raw({ things: [range.thing], measures: range.measures, from, to })
      return found.flatMap(({ measure, readings }) =>
        readings.map(({ at, value, text, quality, receivedAt }) => ({
          measure,
          at,
          value: Number.isNaN(value) ? null : value,
          text,
          quality: qualityNames[quality] ?? 'good',
          receivedAt,
        })),
      )
    },
  )
}

/** A page of one-minute windows over all tiers, as they are stored: the newest may still be open, a late one not yet repaired. */
export function pageWindows(range: Range, stores: HistoryStores): Promise<WindowRow[]> {
  const reader = createSeriesReader(stores, { tiersUsed: [], missing: [] })
  return page<WindowRow>(
    range,
    (w) => w.minute * 60_000,
    async (from, to) =>
      reader.storedWindows({
        things: [range.thing],
        measures: range.measures,
        from: Math.ceil(from / 60_000) * 60_000,
        to,
      }),
  )
}
