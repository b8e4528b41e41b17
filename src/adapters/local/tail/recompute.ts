import type { DatabaseSync } from 'node:sqlite'
import { settle } from '../../../core/telemetry/identity.ts'
import { MINUTE, minuteOf } from '../../../core/telemetry/reading.ts'
import { add, momentsOf, type Moments } from '../../../core/window/window.ts'
import { copiesByHour } from './copies.ts'

export interface RecomputedWindow extends Moments {
  measureId: number
  minute: number
  version: number
  repaired: true
}

/** Windows of these minutes from the stored readings in `at` order: one range read a device and hour. */
export function* recomputeWindows(
  db: DatabaseSync,
  minutes: readonly { device: number; minute: number }[],
): Generator<{ device: number; windows: RecomputedWindow[] }> {
  const byHour = Map.groupBy(minutes, ({ device, minute }) => `${device}/${Math.floor(minute / 60)}`)
  for (const group of byHour.values()) {
    const { device } = group[0]!
    const wanted = new Set(group.map((g) => g.minute))
    const from = Math.min(...wanted) * MINUTE
    const to = (Math.max(...wanted) + 1) * MINUTE
    const windows: RecomputedWindow[] = []
    for (const { copies } of copiesByHour(db, device, from, to, () => true)) {
      for (const [measureId, list] of copies) {
        let open = null as RecomputedWindow | null
        for (const { at, value, receivedAt } of settle(list)) {
          const minute = minuteOf(at)
          if (Number.isNaN(value) || !wanted.has(minute)) continue
          if (open?.minute === minute) {
            add(open, value)
            open.version = Math.max(open.version, receivedAt)
          } else {
            open = { ...momentsOf(value), measureId, minute, version: receivedAt, repaired: true }
            windows.push(open)
          }
        }
      }
    }
    yield { device, windows }
  }
}
