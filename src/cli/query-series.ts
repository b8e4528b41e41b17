import type { Command } from 'commander'
import { openApi } from './support/api-client.ts'
import { moment, withBoxOptions, wholeNumber, type BoxOptionValues } from './support/options.ts'
import { isoTime, present, table } from './support/output.ts'

interface SeriesOptions extends BoxOptionValues {
  from?: number
  to?: number
  measures?: string
  points: number
  resolution: string
  step?: number
  calendar?: string
  zone: string
  fill: string
  reduce: string
}

export interface SeriesDocument {
  resolution: string
  stepMs: number | null
  tiersUsed: string[]
  complete: boolean
  missing: { from: number; to: number; reason: string }[]
  series: {
    thing: string
    measure: string
    at: number[]
    value?: (number | null)[]
    text?: (string | null)[]
    quality?: string[]
    n?: number[]
    mean?: (number | null)[]
    min?: number[]
    max?: number[]
    std?: number[]
  }[]
}

/** `query series`: one question over all tiers. */
export function querySeries(group: Command): void {
  withBoxOptions(
    group
      .command('series <thing...>')
      .description('series over all storage tiers, as few points as asked for'),
  )
    .option(
      '--from <time>',
      'start, included: RFC 3339, epoch ms, or a span back such as 15m',
      moment(Date.now),
    )
    .option('--to <time>', 'end, excluded (default: now)', moment(Date.now))
    .option('--measures <names>', 'comma-separated')
    .option('--points <number>', 'at most about this many a series', wholeNumber(1, 50_000), 1000)
    .option('--resolution <name>', 'auto, raw, minute, quarter or day', 'auto')
    .option('--step <ms>', 'buckets of so many milliseconds', wholeNumber(1000, 31_622_400_000))
    .option('--calendar <unit>', 'buckets of a calendar: hour, day, week, month or year')
    .option('--zone <zone>', 'IANA time zone of the calendar', 'UTC')
    .option('--fill <way>', 'gaps: none, null, locf or linear', 'none')
    .option('--reduce <way>', 'thin out for drawing: none, lttb or minmax', 'none')
    .action(ask)
}

async function ask(things: string[], options: SeriesOptions): Promise<void> {
  const { from, to, measures, points, resolution, step, calendar, zone, fill, reduce, json } = options
  const document = await openApi(options).get<SeriesDocument>('/v1/series', {
    things: things.join(','), from, to, measures, points, resolution, step, calendar, zone, fill, reduce,
  }) // prettier-ignore
  present(json, document, () =>
    [
      `${document.resolution}${document.stepMs === null ? '' : `, every ${document.stepMs / 1000} s`}, from ${document.tiersUsed.join(', ') || 'nothing'}`,
      ...document.missing.map((m) => `missing: ${isoTime(m.from)} to ${isoTime(m.to)}, ${m.reason}`),
      ...document.series.map(
        (s) =>
          `\n${s.thing} ${s.measure}\n${
            s.value
              ? table(
                  ['at', 'value'],
                  s.at.map((at, i) => [isoTime(at), s.text?.[i] ?? s.value![i]]),
                )
              : table(
                  ['at', 'n', 'mean', 'min', 'max', 'std'],
                  s.at.map((at, i) => [
                    isoTime(at),
                    s.n?.[i],
                    s.mean?.[i],
                    s.min?.[i],
                    s.max?.[i],
                    s.std?.[i],
                  ]),
                )
          }`,
      ),
    ].join('\n'),
  )
}
