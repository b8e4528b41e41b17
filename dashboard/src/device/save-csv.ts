import type { Points } from '../chart/plot.ts'
import type { Bounds } from '../chart/range.ts'
import { download } from '../ui/form.tsx'

/** What the charts show, as a file: one row a point, times in UTC (RFC 4180, ISO 8601). */
export function saveCsv(thing: string, series: ReadonlyMap<string, Points>, { from, to }: Bounds): void {
  const rows: string[] = ['time,device,measure,mean,min,max']
  for (const [measure, { at, mean, min, max }] of series)
    for (const [i, moment] of at.entries()) {
      const value = mean[i] ?? null
      if (value === null) continue
      const numbers = [value, min?.[i] ?? value, max?.[i] ?? value]
      rows.push([new Date(moment).toISOString(), thing, measure, ...numbers].join(','))
    }
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replaceAll(':', '')
  download(`${thing}_${day(from)}_${day(to)}.csv`, `${rows.join('\r\n')}\r\n`, 'text/csv')
}
