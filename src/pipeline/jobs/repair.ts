import { MINUTE, minuteOf, type EpochMs } from '../../core/telemetry/reading.ts'
import { add, momentsOf, type WindowRow } from '../../core/window/window.ts'
import type { MarkBook } from '../../ports/mark-book.ts'
import type { Output } from '../../ports/output.ts'
import type { Reading, TelemetryReader } from '../../ports/telemetry-reader.ts'

export interface RepairPorts {
  marks: MarkBook
  telemetry: Pick<TelemetryReader, 'readings'>
  output: Pick<Output, 'write'>
}

/** A minute is closed this long after its end: until then its streamed window may still be open. */
export const CLOSED_AFTER_MS = 2 * MINUTE
/** Readings of one request: an hour of a device in a few. */
const PAGE = 10_000

/**
 * Computes the windows of dirty minutes again from stored readings, in `at` order; gives how many minutes. Whatever is
 * stored after its minute was closed marks it anew, so that what was missing this time is found the next.
 */
export async function repair(
  { marks, telemetry, output }: RepairPorts,
  now: EpochMs,
  limit: number,
): Promise<number> {
  const dirty = await marks.before(now - CLOSED_AFTER_MS, limit)
  const byHour = Map.groupBy(dirty, ({ thing, minute }) => `${thing}\n${Math.floor(minute / 60)}`)
  for (const group of byHour.values()) {
    const { thing } = group[0]!
    const wanted = new Set(group.map((mark) => mark.minute))
    const windows = new Map<string, WindowRow>()
    for await (const reading of readingsOf(telemetry, thing, wanted)) fold(windows, thing, wanted, reading)
    await output.write([...windows.values()].map((window) => ({ kind: 'window', window }) as const))
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
  windows: Map<string, WindowRow>,
  thing: string,
  wanted: ReadonlySet<number>,
  reading: Reading,
): void {
  const { measure, at, value, receivedAt } = reading
  const minute = minuteOf(at)
  if (value === null || !wanted.has(minute)) return
  const key = `${measure}\n${minute}`
  const open = windows.get(key)
  if (!open) {
    windows.set(key, { ...momentsOf(value), thing, measure, minute, version: receivedAt, repaired: true })
    return
  }
  add(open, value)
  open.version = Math.max(open.version, receivedAt)
}
