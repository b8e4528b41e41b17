import { MINUTE, minuteOf, type EpochMs } from '../../core/telemetry/reading.ts'
import { add, momentsOf, type WindowRow } from '../../core/window/window.ts'
import type { MarkBook, RepairBound } from '../../ports/mark-book.ts'
import type { Output } from '../../ports/output.ts'
import type { Reading, TelemetryReader } from '../../ports/telemetry-reader.ts'

export interface RepairPorts {
  marks: MarkBook
  bound: Pick<RepairBound, 'raise'>
  telemetry: Pick<TelemetryReader, 'readings'>
  output: Pick<Output, 'write'>
}

export interface RepairRun {
  now: EpochMs
  /** Whatever was received before this is folded, written and stored. */
  foldedUntil: EpochMs
  /** Minutes that this run repairs at most. */
  limit: number
}

/** A tick that is folded closes the windows of minutes that ended this long before it. */
const OPEN_MS = MINUTE
/** A minute is closed this long after its end, if nothing lags. */
export const CLOSED_AFTER_MS = OPEN_MS + MINUTE
/** Readings of one request: an hour of a device in a few. */
const PAGE = 10_000

/**
 * Computes the windows of dirty minutes again from stored readings, in `at` order; gives how many minutes. Only of
 * minutes whose windows pipelines have closed, however far they lag. Whatever is stored of a minute that may have been
 * repaired marks it anew, so that what was missing this time is found the next.
 */
export async function repair(
  { marks, bound, telemetry, output }: RepairPorts,
  { now, foldedUntil, limit }: RepairRun,
): Promise<number> {
  const closedUntil = Math.min(now - CLOSED_AFTER_MS, foldedUntil - OPEN_MS)
  if (!(closedUntil > 0)) return 0
  await bound.raise(minuteOf(closedUntil))
  const dirty = await marks.before(closedUntil, limit)
  const byHour = Map.groupBy(dirty, ({ thing, minute }) => `${thing}\n${Math.floor(minute / 60)}`)
  for (const group of byHour.values()) {
    const { thing } = group[0]!
    const wanted = new Set(group.map((mark) => mark.minute))
    const windows = new Map<string, Unversioned>()
    for await (const reading of readingsOf(telemetry, thing, wanted)) fold(windows, thing, wanted, reading)
    const effects = [...windows.values()].map((moments) => {
      const window: WindowRow = { ...moments, version: now, repaired: true }
      return { kind: 'window', window } as const
    })
    await output.write(effects)
    for (const mark of group) await marks.remove(mark)
  }
  return dirty.length
}

async function* readingsOf(
  telemetry: RepairPorts['telemetry'],
  thing: string,
  minutes: ReadonlySet<number>,
): AsyncGenerator<Reading> {
  const range = {
    thing,
    from: Math.min(...minutes) * MINUTE,
    to: (Math.max(...minutes) + 1) * MINUTE,
    limit: PAGE,
  }
  let after: { at: EpochMs; measure: string } | undefined
  for (;;) {
    const page = await telemetry.readings({ ...range, ...(after && { after }) })
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = { at: last.at, measure: last.measure }
  }
}

function fold(
  windows: Map<string, Unversioned>,
  thing: string,
  wanted: ReadonlySet<number>,
  reading: Reading,
): void {
  const { measure, at, value } = reading
  const minute = minuteOf(at)
  if (value === null || !wanted.has(minute)) return
  const key = `${measure}\n${minute}`
  const open = windows.get(key)
  if (!open) {
    windows.set(key, { ...momentsOf(value), thing, measure, minute })
    return
  }
  add(open, value)
}

/**
 * A repaired window's version is when it was computed, so that the one that knows more stands in whatever order they
 * are written. The newest receipt would not do: a redriven copy may lower it.
 */
type Unversioned = Omit<WindowRow, 'version' | 'repaired'>
