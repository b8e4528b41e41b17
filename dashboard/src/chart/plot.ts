import uPlot from 'uplot'
import { colour } from '../data/theme.ts'
import type { Severity } from '../api/types.ts'
import type { Bounds } from './range.ts'
import { axisTime, zone } from '../data/format.ts'

/** One series over time, `at` ascending; min and max where a point stands for several readings. */
export interface Points {
  at: readonly number[]
  mean: readonly (number | null)[]
  min?: readonly (number | null)[]
  max?: readonly (number | null)[]
  /** What it is compared with, drawn dashed. */
  reference?: readonly (number | null)[]
}

export interface Decoration {
  /** Physical limits, drawn as lines. */
  limits?: { low?: number; high?: number }
  /** What was expected, drawn as a band over a stretch. */
  expected?: readonly { from: number; to: number; low?: number; high?: number }[]
  marks?: readonly { at: number; value: number }[]
  spans?: readonly { from: number; to: number; severity: Severity }[]
}

export interface PlotOptions {
  height: number
  width: number
  colourIndex: number
  small: boolean
  syncKey?: string
  /** The scale reaches down to this at least. */
  floor?: number
  /** Read at every drawing, so that it may change without a new plot. */
  decoration: () => Decoration
  bounds: () => Bounds
  onCursor: (index: number | null) => void
  onSelect: ((from: number, to: number) => void) | undefined
}

/** Which columns a plot has; another set needs another plot. */
export const shapeOf = ({ min, max, reference }: Points): string =>
  `${min && max ? 'spread' : ''} ${reference ? 'reference' : ''}`

export const dataOf = ({ at, mean, min, max, reference }: Points): uPlot.AlignedData =>
  [
    at,
    mean,
    ...(min && max ? [max, min] : []),
    ...(reference ? [reference] : []),
  ] as unknown as uPlot.AlignedData

/** The plot of one measure: a line, the spread of what each point stands for, and what was noticed. */
export function createPlot(target: HTMLElement, points: Points, options: PlotOptions): uPlot {
  const { height, width, colourIndex, small, syncKey, floor, decoration, bounds, onCursor, onSelect } =
    options
  const spread = points.min !== undefined && points.max !== undefined
  const hidden = { stroke: 'transparent', width: 0, points: { show: false } }
  const line = () => colour(`series-${colourIndex}`)
  const axis = { stroke: () => colour('muted'), font: '11px system-ui, sans-serif', ticks: { show: false } }
  const grid = { stroke: () => colour('grid'), width: 1 }
  return new uPlot(
    {
      width,
      height,
      ms: 1,
      tzDate: inZone,
      legend: { show: false },
      padding: small ? [4, 0, 4, 0] : [8, 18, 0, 0],
      cursor: {
        drag: { x: onSelect !== undefined, y: false, setScale: false },
        y: false,
        points: { size: 6, width: 1.5 },
        ...(syncKey !== undefined && { sync: { key: syncKey } }),
      },
      scales: {
        x: { time: true, range: () => [bounds().from, bounds().to] },
        y: { range: (_, low, high) => yRange(low, high, decoration().limits, floor) },
      },
      axes: [
        { ...axis, grid, show: !small, size: 26, space: 74, values: (_, ticks) => axisLabels(ticks) },
        { ...axis, grid, show: !small, size: 48, space: 28 },
      ],
      series: [
        {},
        { stroke: line, width: 1.5, points: { show: fewEnough, size: 4, fill: line }, spanGaps: false },
        ...(spread ? [hidden, hidden] : []),
        ...(points.reference
          ? [{ stroke: () => colour('muted'), width: 1.5, dash: [5, 4], points: { show: false } }]
          : []),
      ],
      ...(spread && { bands: [{ series: [2, 3] as [number, number], fill: () => fade(line(), 0.22) }] }),
      hooks: {
        drawClear: [(u) => drawBehind(u, decoration())],
        draw: [(u) => drawAbove(u, decoration())],
        setCursor: [(u) => onCursor(u.cursor.idx ?? null)],
        setSelect: [
          (u) => {
            const { left, width: wide } = u.select
            if (wide < 4) return
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
            onSelect?.(u.posToVal(left, 'x'), u.posToVal(left + wide, 'x'))
          },
        ],
      },
    },
    dataOf(points),
    target,
  )
}

/** So few values in view are dots as well: a line needs two of them. */
const fewEnough = (_: uPlot, __: number, first: number, last: number): boolean => last - first < 6

/** uPlot places its ticks by the fields of this date: those of the zone that people look at. */
const inZone = (at: number): Date => (zone() === 'UTC' ? uPlot.tzDate(new Date(at), 'Etc/UTC') : new Date(at))

function axisLabels(ticks: readonly number[]): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0)
  return ticks.map((at, i) => axisTime(at, step, ticks[i - 1]))
}

/** Room around the data, and up to a limit that is near. */
function yRange(
  low: number | null,
  high: number | null,
  limits: Decoration['limits'],
  floor: number | undefined,
): [number, number] {
  if (low === null || high === null) return [0, 1]
  let [from, to] = [Math.min(low, floor ?? low), high]
  const reach = Math.max(to - from, Math.abs(to) * 0.02, 1e-9)
  if (limits?.low !== undefined && limits.low < from && from - limits.low < reach) from = limits.low
  if (limits?.high !== undefined && limits.high > to && limits.high - to < reach) to = limits.high
  if (from === to && floor === from) return [from, from + 1]
  const pad = Math.max((to - from) * 0.12, Math.abs(to) * 0.005, 1e-9)
  return [floor === from ? from : from - pad, to + pad]
}

const faded = new Map<string, string>()
function fade(hex: string, alpha: number): string {
  const key = hex + alpha
  let found = faded.get(key)
  if (found === undefined) {
    const n = Number.parseInt(hex.slice(1), 16)
    found = `rgba(${n >> 16}, ${(n >> 8) & 255}, ${n & 255}, ${alpha})`
    faded.set(key, found)
  }
  return found
}

function drawBehind(u: uPlot, { spans = [], expected = [] }: Decoration): void {
  const { ctx, bbox } = u
  const x = (at: number) => Math.min(Math.max(u.valToPos(at, 'x', true), bbox.left), bbox.left + bbox.width)
  const y = (value: number | undefined, otherwise: number) =>
    value === undefined
      ? otherwise
      : Math.min(Math.max(u.valToPos(value, 'y', true), bbox.top), bbox.top + bbox.height)
  ctx.save()
  for (const { from, to, low, high } of expected) {
    const top = y(high, bbox.top)
    ctx.fillStyle = fade(colour('good'), 0.14)
    ctx.fillRect(x(from), top, Math.max(2, x(to) - x(from)), y(low, bbox.top + bbox.height) - top)
  }
  for (const { from, to, severity } of spans) {
    const left = x(from)
    ctx.fillStyle = fade(colour(severity), 0.16)
    ctx.fillRect(left, bbox.top, Math.max(2, x(to) - left), bbox.height)
    ctx.fillStyle = colour(severity)
    ctx.fillRect(left, bbox.top, Math.max(2, x(to) - left), 3 * devicePixelRatio)
  }
  ctx.restore()
}

function drawAbove(u: uPlot, { limits = {}, marks = [] }: Decoration): void {
  const { ctx, bbox } = u
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.strokeStyle = colour('muted')
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio])
  for (const limit of [limits.low, limits.high]) {
    if (limit === undefined) continue
    const y = u.valToPos(limit, 'y', true)
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
  }
  ctx.setLineDash([])
  ctx.strokeStyle = colour('major')
  ctx.lineWidth = 2 * devicePixelRatio
  const r = 4.5 * devicePixelRatio
  for (const { at, value } of marks) {
    const [x, y] = [u.valToPos(at, 'x', true), u.valToPos(value, 'y', true)]
    ctx.beginPath()
    ctx.moveTo(x, y - r)
    ctx.lineTo(x + r, y)
    ctx.lineTo(x, y + r)
    ctx.lineTo(x - r, y)
    ctx.closePath()
    ctx.stroke()
  }
  ctx.restore()
}
