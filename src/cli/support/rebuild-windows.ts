import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { createTailWriter } from '../../adapters/local/tail/tail-writer.ts'
import { recomputeWindows, type RecomputedWindow } from '../../adapters/local/tail/recompute.ts'
import { openTail } from '../../adapters/local/tail/schema.ts'
import type { WindowRow } from '../../core/window/window.ts'

export interface RebuildReport {
  devices: number
  minutes: number
  equal: number
  /** Stored otherwise than the readings say. */
  different: number
  /** Not stored at all. */
  missing: number
  /** Stored otherwise, or not at all, but marked: repair is on its way when the box is up. */
  pending: number
  /** The newest of their series and not stored: the box holds them open, and writes them when it is up again. */
  open: number
  /** Windows of minutes of which the lake holds a part: the tail alone cannot say what they are. The box repairs those. */
  sealed: number
  /** Stored, but their readings are gone: they stay. */
  withoutReadings: number
  written: boolean
}

export interface RebuildOptions {
  dir: string
  /** Without it, differences are only counted. */
  write: boolean
  onProgress(done: number, all: number): void
}

const HOUR_MS = 3_600_000
const MINUTES_AN_HOUR = 60
/** Hours of one device that go into one transaction. */
const HOURS_AT_ONCE = 24

/** Recomputes every window of the tail from its stored readings. The box must be stopped and its directory locked. */
export function rebuildWindows({ dir, write, onProgress }: RebuildOptions): RebuildReport {
  const db = openTail(join(dir, 'tail.db'))
  try {
    return rebuildAll(db, write, onProgress)
  } finally {
    db.close()
  }
}

function rebuildAll(
  db: DatabaseSync,
  write: boolean,
  onProgress: RebuildOptions['onProgress'],
): RebuildReport {
  const writer = createTailWriter(db)
  const nameOf = new Map(writer.recover().names)
  const selectWindow = db.prepare('SELECT * FROM window WHERE device = ? AND measure = ? AND minute = ?')
  const report: RebuildReport = { devices: 0, minutes: 0, equal: 0, different: 0, missing: 0, pending: 0, open: 0, sealed: 0, withoutReadings: 0, written: write } // prettier-ignore
  const marked = db.prepare('SELECT 1 FROM dirty WHERE device = ? AND minute = ?')
  let found = 0
  const devices = db
    .prepare('SELECT DISTINCT device FROM pack')
    .all()
    .map((row) => row['device'] as number)

  for (const device of devices) {
    const newest = new Map<number, RecomputedWindow>()
    const hours = hoursOf(device)
    for (let i = 0; i < hours.length; i += HOURS_AT_ONCE) {
      const settled: RecomputedWindow[] = []
      const minutes = minutesOf(device, hours.slice(i, i + HOURS_AT_ONCE))
      for (const { windows } of recomputeWindows(
        db,
        minutes.filter((minute) => !writer.inLake(minute)),
      ))
        for (const window of windows) {
          const before = newest.get(window.measureId)
          if (before) settled.push(before)
          newest.set(window.measureId, window)
        }
      correct(device, settled)
    }
    const last = [...newest.values()]
    const isOpen = (window: RecomputedWindow): boolean => verdictOn(device, window) === 'missing'
    report.open += last.filter(isOpen).length
    correct(
      device,
      last.filter((window) => !isOpen(window)),
    )
    report.devices++
    onProgress(report.devices, devices.length)
  }
  let stored = 0
  for (const row of db.prepare('SELECT device, minute FROM window').iterate()) {
    if (writer.inLake(row as { device: number; minute: number })) report.sealed++
    else stored++
  }
  report.withoutReadings = stored - found
  return report

  function verdictOn(device: number, window: RecomputedWindow): Verdict {
    const verdict = compared(selectWindow.get(device, window.measureId, window.minute), window)
    return verdict !== 'equal' && marked.get(device, window.minute) ? 'pending' : verdict
  }

  function correct(device: number, windows: readonly RecomputedWindow[]): void {
    const changed = windows.flatMap((window): WindowRow[] => {
      const { measureId, ...row } = window
      const verdict = verdictOn(device, window)
      report.minutes++
      if (selectWindow.get(device, measureId, window.minute)) found++
      report[verdict]++
      return verdict === 'equal'
        ? []
        : [{ ...row, thing: nameOf.get(device)!, measure: nameOf.get(measureId)! }]
    })
    if (!write || changed.length === 0) return
    writer.apply({ names: [], packs: new ArrayBuffer(0), packRows: new Float64Array(0), windows: changed, anomalies: [], facts: [], dirty: [], quarantined: [], checkpoint: null }) // prettier-ignore
    writer.commit(true)
  }

  /** Hours in which a pack of the device begins, goes on or ends. */
  function hoursOf(device: number): number[] {
    const spans = db
      .prepare(
        `SELECT DISTINCT at / ${HOUR_MS} AS first, last / ${HOUR_MS} AS last FROM pack WHERE device = ?`,
      )
      .all(device) as { first: number; last: number }[]
    const hours = new Set<number>()
    for (const { first, last } of spans) for (let hour = first; hour <= last; hour++) hours.add(hour)
    return [...hours].sort((a, b) => a - b)
  }
}

const minutesOf = (device: number, hours: readonly number[]): { device: number; minute: number }[] =>
  hours.flatMap((hour) =>
    Array.from({ length: MINUTES_AN_HOUR }, (_, i) => ({ device, minute: hour * MINUTES_AN_HOUR + i })),
  )

type Verdict = 'equal' | 'different' | 'missing' | 'pending'

/** Counts, extremes, first, last and sum of readings taken in the same order are equal; the rest within 1e-9. */
function compared(row: Record<string, unknown> | undefined, window: RecomputedWindow): Verdict {
  if (!row) return 'missing'
  const exact = (['n', 'min', 'max', 'first', 'last'] as const).every((name) => row[name] === window[name])
  const scale = Math.max(Math.abs(window.min), Math.abs(window.max)) * window.n
  const near = (name: 'sum' | 'm2', size: number): boolean =>
    Math.abs((row[name] as number) - window[name]) <= 1e-9 * size
  return exact && near('sum', scale) && near('m2', scale * scale) ? 'equal' : 'different'
}
