import type { DatabaseSync } from 'node:sqlite'
import { settleStored, type StoredReading } from '../../../core/history/settle-stored.ts'
import type { Copy } from '../../../core/telemetry/identity.ts'
import { MINUTE, minuteOf, type EpochMs } from '../../../core/telemetry/reading.ts'
import { add, momentsOf, type Moments } from '../../../core/window/window.ts'
import { copiesByHour } from './copies.ts'

export interface RecomputedWindow extends Moments {
  measureId: number
  minute: number
  version: number
  repaired: true
}

/** What the lake holds of a device within these times, by measure id. */
export type FromLake = (device: number, from: EpochMs, to: EpochMs) => Map<number, StoredReading[]>

/** Copies in the order of the stream, as the lake would keep each of them. */
export const toStored = (copies: Copy[]): StoredReading[] =>
  copies
    .sort((a, b) => a.receivedAt - b.receivedAt || a.position - b.position)
    .map(({ at, value, text, quality, receivedAt }) => ({
      at,
      value,
      text,
      quality,
      receivedAt,
      confirmedAt: null,
    }))

/** Windows of these minutes from the stored readings in `at` order: one range read a device and hour. */
export function* recomputeWindows(
  db: DatabaseSync,
  minutes: readonly { device: number; minute: number }[],
  fromLake: FromLake = () => new Map(),
): Generator<{ device: number; windows: RecomputedWindow[] }> {
  const byHour = Map.groupBy(minutes, ({ device, minute }) => `${device}/${Math.floor(minute / 60)}`)
  for (const group of byHour.values()) {
    const { device } = group[0]!
    const wanted = new Set(group.map((g) => g.minute))
    const from = Math.min(...wanted) * MINUTE
    const to = (Math.max(...wanted) + 1) * MINUTE
    const all = fromLake(device, from, to)
    for (const { copies } of copiesByHour(db, device, from, to, () => true))
      for (const [measureId, list] of copies)
        all.set(measureId, (all.get(measureId) ?? []).concat(toStored(list)))
    const windows: RecomputedWindow[] = []
    for (const [measureId, readings] of all) {
      let open = null as RecomputedWindow | null
      for (const { at, value, receivedAt } of settleStored(readings)) {
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
    yield { device, windows }
  }
}
