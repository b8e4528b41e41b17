import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../../core/telemetry/reading.ts'

/** One record's pack as its row holds it. */
export interface PackPart {
  position: number
  receivedAt: EpochMs
  data: Uint8Array
}

/**
 * A row holds one pack (format 1, see pack.ts), or what a device sent within one commit and hour side by side:
 *   u8 format, three spare bytes, then per part f64 position, f64 receipt, u32 length and a pack. Little-endian.
 * A device that sends many small messages would else make as many rows, each with its own place in the tree.
 */
const JOINED = 2
const HEAD = 4
const PART_HEAD = 20

/** A device that floods must not make one row of everything. */
const MOST_ROW_BYTES = 32 * 1024
const HOUR = 3_600_000

/** The packs of a row; one that stands alone takes position and receipt from the row's own columns. */
export function partsOf(row: PackPart): PackPart[] {
  const { data } = row
  if (data[0] !== JOINED) return [row]
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const parts: PackPart[] = []
  for (let at = HEAD; at < data.length;) {
    const start = at + PART_HEAD
    const end = start + view.getUint32(at + 16, true)
    parts.push({
      position: view.getFloat64(at, true),
      receivedAt: view.getFloat64(at + 8, true),
      data: data.subarray(start, end),
    })
    at = end
  }
  return parts
}

function joined(parts: readonly PackPart[]): Uint8Array {
  if (parts.length === 1) return parts[0]!.data
  const out = new Uint8Array(parts.reduce((sum, { data }) => sum + PART_HEAD + data.length, HEAD))
  const view = new DataView(out.buffer)
  out[0] = JOINED
  let at = HEAD
  for (const { position, receivedAt, data } of parts) {
    view.setFloat64(at, position, true)
    view.setFloat64(at + 8, receivedAt, true)
    view.setUint32(at + 16, data.length, true)
    out.set(data, at + PART_HEAD)
    at += PART_HEAD + data.length
  }
  return out
}

interface OpenRow {
  hour: number
  at: EpochMs
  last: EpochMs
  bytes: number
  parts: PackPart[]
}

export interface PackRows {
  /** Times of one pack lie within one hour. */
  add(device: number, at: EpochMs, last: EpochMs, part: PackPart): void
  /** Writes what is open; to be called before anything reads or commits. */
  flush(): void
  /** Forgets what is open, since its batches will come again. */
  drop(): void
}

/** Gathers each device's packs of one commit into a row. */
export function createPackRows(db: DatabaseSync, arrival: () => number): PackRows {
  const insert = db.prepare('INSERT OR IGNORE INTO pack VALUES (?, ?, ?, ?, ?, ?, ?)')
  const select = db.prepare(
    'SELECT last, received, data FROM pack WHERE device = ? AND at = ? AND position = ?',
  )
  const update = db.prepare(
    'UPDATE pack SET last = ?, received = ?, data = ?, arrival = ? WHERE device = ? AND at = ? AND position = ?',
  )
  const open = new Map<number, OpenRow>()

  function write(device: number, { at, last, parts }: OpenRow): void {
    const { position, receivedAt } = parts[0]!
    const { changes } = insert.run(device, at, position, last, receivedAt, joined(parts), arrival())
    if (changes === 0) unite(device, at, last, parts)
  }

  /** Records that are folded again meet their own row, perhaps cut in another place: what either holds stays. */
  function unite(device: number, at: EpochMs, last: EpochMs, parts: readonly PackPart[]): void {
    const { position } = parts[0]!
    const row = select.get(device, at, position) as { last: number; received: number; data: Uint8Array }
    const held = partsOf({ position, receivedAt: row.received, data: row.data })
    const all = [...new Map([...held, ...parts].map((part) => [part.position, part])).values()]
    all.sort((a, b) => a.position - b.position)
    const receivedAt = all[0]!.receivedAt
    update.run(Math.max(last, row.last), receivedAt, joined(all), arrival(), device, at, position)
  }

  return {
    add: (device, at, last, part) => {
      const hour = Math.floor(at / HOUR)
      const bytes = PART_HEAD + part.data.length
      const row = open.get(device)
      if (row && row.hour === hour && row.bytes + bytes <= MOST_ROW_BYTES) {
        row.at = Math.min(row.at, at)
        row.last = Math.max(row.last, last)
        row.bytes += bytes
        row.parts.push(part)
        return
      }
      if (row) write(device, row)
      open.set(device, { hour, at, last, bytes, parts: [part] })
    },
    flush: () => {
      for (const [device, row] of open) write(device, row)
      open.clear()
    },
    drop: () => open.clear(),
  }
}
