import type { DatabaseSync } from 'node:sqlite'
import type { CopyColumns } from '../../../core/history/settle-columns.ts'
import type { Copy } from '../../../core/telemetry/identity.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { readPack } from './pack.ts'
import { partsOf } from './pack-rows.ts'

const HOUR = 3_600_000

/** Every stored copy of a device's readings, hour by hour, by measure id, as the packs hold them; settled by the caller. */
export function* columnsByHour(
  db: DatabaseSync,
  device: number,
  from: EpochMs,
  to: EpochMs,
  wanted: (measure: number) => boolean,
): Generator<{ hour: number; columns: Map<number, CopyColumns[]> }> {
  const rows = db
    .prepare(
      'SELECT at, position, received, data FROM pack WHERE device = ? AND at >= ? AND at < ? AND last >= ? ORDER BY at, position',
    )
    .iterate(device, Math.floor(from / HOUR) * HOUR, to, from)
  let hour = -1
  let columns = new Map<number, CopyColumns[]>()
  for (const row of rows) {
    const rowHour = Math.floor((row['at'] as number) / HOUR)
    if (rowHour !== hour) {
      if (columns.size > 0) yield { hour, columns }
      hour = rowHour
      columns = new Map()
    }
    const parts = partsOf({
      position: row['position'] as number,
      receivedAt: row['received'] as number,
      data: row['data'] as Uint8Array,
    })
    for (const { position, receivedAt, data } of parts)
      for (const { measure, at, value, text, quality } of readPack(data, wanted)) {
        const start = firstAt(at, from)
        const end = firstAt(at, to)
        if (start === end) continue
        const copy: CopyColumns = {
          at: at.subarray(start, end),
          value: value.subarray(start, end),
          text: text && text.slice(start, end),
          quality: quality.subarray(start, end),
          receivedAt,
          position,
        }
        const list = columns.get(measure)
        if (list) list.push(copy)
        else columns.set(measure, [copy])
      }
  }
  if (columns.size > 0) yield { hour, columns }
}

/** The same, a copy an object. */
export function* copiesByHour(
  db: DatabaseSync,
  device: number,
  from: EpochMs,
  to: EpochMs,
  wanted: (measure: number) => boolean,
): Generator<{ hour: number; copies: Map<number, Copy[]> }> {
  for (const { hour, columns } of columnsByHour(db, device, from, to, wanted)) {
    const copies = new Map<number, Copy[]>()
    for (const [measure, list] of columns) {
      const out: Copy[] = []
      for (const { at, value, text, quality, receivedAt, position } of list)
        for (let i = 0; i < at.length; i++)
          out.push({
            at: at[i]!,
            value: value[i]!,
            text: text?.[i] ?? null,
            quality: quality[i]!,
            receivedAt,
            position,
          })
      copies.set(measure, out)
    }
    yield { hour, copies }
  }
}

/** Index of the first time at or after this one; times ascend. */
function firstAt(at: Float64Array, from: EpochMs): number {
  let low = 0
  let high = at.length
  if (low === high || at[0]! >= from) return 0
  if (at[high - 1]! < from) return high
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle]! < from) low = middle + 1
    else high = middle
  }
  return low
}
