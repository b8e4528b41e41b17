import type { DatabaseSync } from 'node:sqlite'
import type { Copy } from '../../../core/telemetry/identity.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { readPack } from './pack.ts'
import { partsOf } from './pack-rows.ts'

const HOUR = 3_600_000

/** Every stored copy of a device's readings, hour by hour, by measure id; settled by the caller. */
export function* copiesByHour(
  db: DatabaseSync,
  device: number,
  from: EpochMs,
  to: EpochMs,
  wanted: (measure: number) => boolean,
): Generator<{ hour: number; copies: Map<number, Copy[]> }> {
  const rows = db
    .prepare(
      'SELECT at, position, received, data FROM pack WHERE device = ? AND at >= ? AND at < ? AND last >= ? ORDER BY at, position',
    )
    .iterate(device, Math.floor(from / HOUR) * HOUR, to, from)
  let hour = -1
  let copies = new Map<number, Copy[]>()
  for (const row of rows) {
    const rowHour = Math.floor((row['at'] as number) / HOUR)
    if (rowHour !== hour) {
      if (copies.size > 0) yield { hour, copies }
      hour = rowHour
      copies = new Map()
    }
    const parts = partsOf({
      position: row['position'] as number,
      receivedAt: row['received'] as number,
      data: row['data'] as Uint8Array,
    })
    for (const { position, receivedAt, data } of parts)
      for (const { measure, at, value, text, quality } of readPack(data, wanted)) {
        let list = copies.get(measure)
        if (!list) copies.set(measure, (list = []))
        for (let i = 0; i < at.length; i++) {
          const t = at[i]!
          if (t < from || t >= to) continue
          list.push({
            at: t,
            value: value[i]!,
            text: text?.[i] ?? null,
            quality: quality[i]!,
            receivedAt,
            position,
          })
        }
      }
  }
  if (copies.size > 0) yield { hour, copies }
}
