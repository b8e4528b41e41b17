import { qualityNames } from '../../core/telemetry/reading.ts'
import type { SeriesReadings } from '../../ports/history.ts'

export const exportCsvHeader = 'device,measure,ts,value,text,quality\n'

/** Readings as lines of CSV (RFC 4180). Numbers are written as they are, so that reading them again gives the same. */
export function exportCsv(series: readonly SeriesReadings[]): string {
  const lines: string[] = []
  for (const { thing, measure, readings } of series)
    for (const { at, value, text, quality } of readings)
      lines.push(
        `${thing},${cell(measure)},${new Date(at).toISOString()},${Number.isNaN(value) ? '' : value},${cell(text ?? '')},${qualityNames[quality] ?? 'good'}\n`,
      )
  return lines.join('')
}

/** A cell with a comma, a quote, a line break, or a blank at either end is quoted. */
const cell = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
