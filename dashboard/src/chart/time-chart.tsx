import type uPlot from 'uplot'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { moment, unitText, value as number } from '../data/format.ts'
import { themeVersion } from '../data/theme.ts'
import { createPlot, dataOf, shapeOf, type Decoration, type Points } from './plot.ts'
import type { Bounds } from './range.ts'

export interface TimeChartProps {
  title: string
  sub?: string
  unit?: string | undefined
  points: Points
  /** The points are still on their way. */
  loading?: boolean
  bounds: Bounds
  decoration?: Decoration
  height?: number
  colourIndex?: number
  small?: boolean
  href?: string
  syncKey?: string
  /** The scale reaches down to this at least. */
  floor?: number
  /** The number in the corner while nobody points at the chart; else the newest point’s. */
  headline?: { value: number | null; note: string }
  onSelect?: (from: number, to: number) => void
  onZoom?: (factor: number) => void
  onPan?: (share: number) => void
  onReset?: () => void
}

const nothing: Decoration = {}

export function TimeChart(props: TimeChartProps) {
  const {
    title,
    sub,
    unit,
    points,
    bounds,
    decoration = nothing,
    height = 180,
    colourIndex = 1,
    small = false,
  } = props
  const target = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const current = useRef({ props, decoration })
  current.current = { props, decoration }
  const [pointed, setPointed] = useState<number | null>(null)
  const selectable = props.onSelect !== undefined
  const shape = shapeOf(points)
  const theme = themeVersion.value

  useLayoutEffect(() => {
    const element = target.current
    if (!element) return undefined
    let made: uPlot | null = null
    const resized = new ResizeObserver(() => made?.setSize({ width: element.clientWidth || 300, height }))
    // The frame in which the page appears does not wait for its charts; their place is kept.
    const frame = requestAnimationFrame(() => {
      made = plot.current = createPlot(element, current.current.props.points, {
        height,
        width: element.clientWidth || 300,
        colourIndex,
        small,
        ...(props.syncKey !== undefined && { syncKey: props.syncKey }),
        ...(props.floor !== undefined && { floor: props.floor }),
        decoration: () => current.current.decoration,
        bounds: () => current.current.props.bounds,
        onCursor: setPointed,
        onSelect: selectable ? (from, to) => current.current.props.onSelect?.(from, to) : undefined,
      })
      resized.observe(element)
    })
    return () => {
      cancelAnimationFrame(frame)
      resized.disconnect()
      made?.destroy()
      plot.current = null
    }
  }, [height, colourIndex, small, selectable, shape, theme])

  useLayoutEffect(() => {
    plot.current?.setData(dataOf(points))
  }, [points, bounds.from, bounds.to, decoration])

  const { value, note } = readout(props, pointed)
  // Small charts stand within a panel that has a heading of its own.
  const Title = small ? 'h3' : 'h2'
  const head = (
    <header>
      <Title title={title}>{title}</Title>
      {sub !== undefined && <span class="sub">{sub}</span>}
      <span class="readout">
        {note !== '' && <small>{note} </small>}
        {(value !== null || props.headline?.note !== '') && <b>{number(value)} </b>}
        <small>{unitText(unit)}</small>
      </span>
    </header>
  )
  const body = (
    <div
      ref={target}
      class="plot"
      style={{ height: `${height}px` }}
      {...(selectable
        ? {
            tabIndex: 0,
            role: 'application',
            'aria-label': `Chart of ${title}: ${number(value)} ${unitText(unit)}. Arrow keys move through time, plus and minus zoom, Home goes back to now.`,
            onKeyDown: (event: KeyboardEvent) => onKey(event, props),
            onWheel: (event: WheelEvent) => onWheel(event, props),
            onDblClick: () => props.onZoom?.(2),
          }
        : { role: 'img', 'aria-label': `${title}: ${number(value)} ${unitText(unit)}` })}
    >
      {points.at.length === 0 && (
        <span class="nothing">{props.loading === true ? 'Loading…' : 'No data in this range'}</span>
      )}
    </div>
  )
  const kind = small ? 'chart small' : 'chart'
  return props.href === undefined ? (
    <div class={kind}>
      {head}
      {body}
    </div>
  ) : (
    <a class={kind} href={props.href}>
      {head}
      {body}
    </a>
  )
}

function readout(
  { points, headline }: TimeChartProps,
  pointed: number | null,
): { value: number | null; note: string } {
  const at = pointed === null ? undefined : points.at[pointed]
  if (pointed !== null && at !== undefined) {
    const [low, high] = [points.min?.[pointed], points.max?.[pointed]]
    const spread =
      typeof low === 'number' && typeof high === 'number' && low !== high
        ? `${number(low)} to ${number(high)}, mean`
        : ''
    return { value: points.mean[pointed] ?? null, note: `${moment(at)} ${spread}` }
  }
  return headline ?? { value: points.mean.at(-1) ?? null, note: '' }
}

function onKey(event: KeyboardEvent, { onPan, onZoom, onReset }: TimeChartProps): void {
  const act = {
    ArrowLeft: () => onPan?.(-0.25),
    ArrowRight: () => onPan?.(0.25),
    '+': () => onZoom?.(0.5),
    '=': () => onZoom?.(0.5),
    '-': () => onZoom?.(2),
    Home: () => onReset?.(),
  }[event.key]
  if (!act) return
  event.preventDefault()
  act()
}

/** With Ctrl or Shift the wheel zooms, sideways it moves; alone it scrolls the page as everywhere. */
function onWheel(event: WheelEvent, { onPan, onZoom }: TimeChartProps): void {
  if (event.ctrlKey || event.shiftKey) {
    event.preventDefault()
    onZoom?.((event.deltaY || event.deltaX) > 0 ? 1.25 : 0.8)
  } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) + 4) {
    event.preventDefault()
    onPan?.(Math.sign(event.deltaX) * 0.08)
  }
}
