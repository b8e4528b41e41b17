import { localParts, shortDay } from '../local-text.ts'
import { calendarEdges } from '../../history/calendar.ts'
import { numberText } from '../cell-text.ts'
import type { ReportBars, ReportChart } from '../report.ts'
import { niceTicks } from './nice-ticks.ts'
import { fitted } from './helvetica.ts'
import type { Colour, PdfPage } from './pdf-document.ts'

/** The page’s light theme, which is also what paper wants. */
export const ink = {
  text: '#18212a',
  muted: '#52606d',
  line: '#d5dce3',
  series: '#0067ad',
  spread: '#bcd7ea',
  critical: '#b9201a',
  major: '#a84a00',
  minor: '#7a6000',
  warning: '#1b61a3',
  calm: '#0067ad',
} as const satisfies Record<string, Colour>
const tints = { critical: '#fbe4e2', major: '#fcebdd', minor: '#f7f0cf', warning: '#e2eef9' } as const

export interface Box {
  x: number
  y: number
  width: number
  height: number
}
const AXIS = 38
const LABEL = { size: 7, colour: ink.muted } as const

/** A line over time with its spread, limits, what it is compared with, and the alarms that stood. */
export function drawChart(
  page: PdfPage,
  box: Box,
  chart: ReportChart,
  from: number,
  to: number,
  timeZone: string,
): void {
  const { at, mean, min, max, reference, limits = {}, spans = [] } = chart
  const values = [...mean, ...(min ?? []), ...(max ?? []), ...(reference ?? [])].filter((v) => v !== null)
  const plot = { x: box.x + AXIS, y: box.y, width: box.width - AXIS, height: box.height - 12 }
  const x = (moment: number): number =>
    plot.x + (Math.min(to, Math.max(from, moment)) - from) * (plot.width / (to - from))
  const ticks = niceTicks(values, [limits.low, limits.high])
  const y = valueAxis(page, plot, ticks)
  for (const span of spans)
    page.rectangle(x(span.from), plot.y, Math.max(1, x(span.to) - x(span.from)), plot.height, tints[span.severity]) // prettier-ignore
  grid(page, plot, ticks, y)
  dayAxis(page, plot, x, from, to, timeZone)
  if (min && max)
    for (const run of runs(min))
      page.polygon([...run.map((i): [number, number] => [x(at[i]!), y(max[i] ?? min[i]!)]), ...run.toReversed().map((i): [number, number] => [x(at[i]!), y(min[i]!)])], ink.spread) // prettier-ignore
  if (reference)
    for (const run of runs(reference)) page.line(run.map((i) => [x(at[i]!), y(reference[i]!)]), { width: 0.8, colour: ink.muted, dash: [3, 2] }) // prettier-ignore
  for (const run of runs(mean)) page.line(run.map((i) => [x(at[i]!), y(mean[i]!)]), { width: 0.9, colour: ink.series }) // prettier-ignore
  for (const limit of [limits.low, limits.high])
    if (limit !== undefined && limit >= ticks[0]! && limit <= ticks.at(-1)!)
      page.line([[plot.x, y(limit)], [plot.x + plot.width, y(limit)]], { width: 0.6, colour: ink.major, dash: [4, 2] }) // prettier-ignore
  if (values.length === 0)
    page.text(plot.x + plot.width / 2, plot.y + plot.height / 2, 'no data in this time', { size: 8, colour: ink.muted, align: 'centre' }) // prettier-ignore
}

/** Stretches of indices without a gap. */
function runs(values: readonly (number | null)[]): number[][] {
  const found: number[][] = []
  let run: number[] | null = null
  for (const [i, value] of values.entries()) {
    if (value === null) run = null
    else if (run) run.push(i)
    else found.push((run = [i]))
  }
  return found
}

/** Stacked amounts, one bar a label. */
export function drawBars(page: PdfPage, box: Box, { labels, series, digits }: ReportBars): void {
  const plot = { x: box.x + AXIS, y: box.y, width: box.width - AXIS, height: box.height - 12 }
  const totals = labels.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0))
  // Nobody counts half an alarm.
  const ticks = niceTicks([0, ...totals], [], digits === 0 ? 1 : 0)
  const y = valueAxis(page, plot, ticks)
  grid(page, plot, ticks, y)
  const step = plot.width / Math.max(1, labels.length)
  for (const [i, label] of labels.entries()) {
    let below = 0
    for (const { values, tone } of series) {
      const value = values[i] ?? 0
      const [top, bottom] = [y(below + value), y(below)]
      if (value > 0) page.rectangle(plot.x + i * step + step * 0.2, top, step * 0.6, bottom - top, ink[tone])
      below += value
    }
    const middle = plot.x + (i + 0.5) * step
    page.text(middle, plot.y + plot.height + 9, fitted(label, LABEL.size, step), {
      ...LABEL,
      align: 'centre',
    })
    if (below > 0) page.text(middle, y(below) - 2, numberText(below, digits), { ...LABEL, align: 'centre' })
  }
}

/** Labels at the ticks; gives where a value stands. */
function valueAxis(page: PdfPage, plot: Box, ticks: readonly number[]): (value: number) => number {
  const [low, high] = [ticks[0]!, ticks.at(-1)!]
  const digits = Math.max(0, -Math.floor(Math.log10((ticks[1]! - low) * 1.0001)))
  const y = (value: number): number => plot.y + plot.height * (1 - (value - low) / (high - low))
  for (const tick of ticks) page.text(plot.x - 4, y(tick) + 2.5, numberText(tick, digits), { ...LABEL, align: 'right' }) // prettier-ignore
  return y
}

function grid(page: PdfPage, plot: Box, ticks: readonly number[], y: (value: number) => number): void {
  for (const tick of ticks) page.line([[plot.x, y(tick)], [plot.x + plot.width, y(tick)]], { width: 0.4, colour: ink.line }) // prettier-ignore
}

function dayAxis(
  page: PdfPage,
  plot: Box,
  x: (at: number) => number,
  from: number,
  to: number,
  timeZone: string,
): void {
  const days = calendarEdges(timeZone, 'day', from, to).filter((at) => at >= from && at <= to)
  const every = Math.ceil(days.length / 10)
  for (const [i, at] of days.entries()) {
    page.line([[x(at), plot.y], [x(at), plot.y + plot.height]], { width: 0.4, colour: ink.line }) // prettier-ignore
    const next = days[i + 1] ?? to
    if (i % every === 0 && next > at && at < to)
      page.text((x(at) + x(next)) / 2, plot.y + plot.height + 9, shortDay(localParts(at, timeZone)), { ...LABEL, align: 'centre' }) // prettier-ignore
  }
}
