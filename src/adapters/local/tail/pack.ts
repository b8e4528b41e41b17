import type { Column, EpochMs } from '../../../core/telemetry/reading.ts'

/**
 * One record's readings of one device within one hour, as a tail row holds them. Little-endian, unaligned:
 *   u8 format, u8 spare, u16 columns, then per column
 *   u32 measure id, u32 n, u8 time form, u8 value form, u8 quality form, u8 spare,
 *   times    same as the column before: nothing; regular: f64 first, f64 step; else n × f64
 *   values   f64, f32 or one repeated f64; or texts: n × (u16 length, bytes), 0xffff for none
 *   quality  one byte for all, or n bytes
 */
const FORMAT = 1
const times = { same: 0, regular: 1, each: 2 } as const
const values = { f64: 0, f32: 1, one: 2, text: 3 } as const
const qualities = { one: 0, each: 1 } as const

const HOUR = 3_600_000
const NO_TEXT = 0xffff

/** Writes packs one after the other into one growing buffer, so that a batch crosses to the store's thread in one piece. */
export interface PackWriter {
  /** Adds a batch's columns, cut at hour boundaries, and gives the rows as ranges of the buffer. */
  add(
    columns: readonly Column[],
    measureId: (measure: string) => number,
  ): { at: EpochMs; last: EpochMs; from: number; to: number }[]
  take(): ArrayBuffer
  length(): number
}

export function createPackWriter(initialBytes = 64 * 1024): PackWriter {
  let buffer = new ArrayBuffer(initialBytes)
  let view = new DataView(buffer)
  let length = 0

  function reserve(bytes: number): void {
    if (length + bytes <= buffer.byteLength) return
    const bigger = new ArrayBuffer(Math.max(buffer.byteLength * 2, length + bytes))
    new Uint8Array(bigger).set(new Uint8Array(buffer, 0, length))
    buffer = bigger
    view = new DataView(buffer)
  }

  function add(columns: readonly Column[], measureId: (measure: string) => number) {
    let first = Infinity
    let last = -Infinity
    for (const { at } of columns) {
      if (at.length === 0) continue
      if (at[0]! < first) first = at[0]!
      if (at.at(-1)! > last) last = at.at(-1)!
    }
    if (first > last) return []
    if (Math.floor(first / HOUR) === Math.floor(last / HOUR))
      return [row(columns, measureId, -Infinity, Infinity, first, last)]
    const rows = []
    for (const hour of hoursOf(columns))
      rows.push(hourRow(columns, measureId, hour * HOUR, (hour + 1) * HOUR))
    return rows
  }

  function hourRow(columns: readonly Column[], measureId: (m: string) => number, from: EpochMs, to: EpochMs) {
    let first = Infinity
    let last = -Infinity
    for (const { at } of columns) {
      const [start, end] = within(at, from, to)
      if (start === end) continue
      first = Math.min(first, at[start]!)
      last = Math.max(last, at[end - 1]!)
    }
    return row(columns, measureId, from, to, first, last)
  }

  function row(
    columns: readonly Column[],
    measureId: (m: string) => number,
    from: EpochMs,
    to: EpochMs,
    first: EpochMs,
    last: EpochMs,
  ) {
    const begin = length
    reserve(4)
    view.setUint8(length, FORMAT)
    view.setUint8(length + 1, 0)
    length += 4
    let count = 0
    let before: Float64Array | null = null
    for (const column of columns) {
      const [start, end] = from === -Infinity ? [0, column.at.length] : within(column.at, from, to)
      if (start === end) continue
      write(column, measureId(column.measure), start, end, before === column.at)
      before = column.at
      count++
    }
    view.setUint16(begin + 2, count, true)
    return { at: first, last, from: begin, to: length }
  }

  function write(column: Column, id: number, start: number, end: number, sameTimes: boolean): void {
    const n = end - start
    reserve(12 + n * 17 + 16)
    const head = length
    view.setUint32(head, id, true)
    view.setUint32(head + 4, n, true)
    view.setUint8(head + 11, 0)
    length += 12
    view.setUint8(head + 8, sameTimes ? times.same : writeTimes(column.at, start, end))
    view.setUint8(
      head + 9,
      column.text === null ? writeValues(column.value, start, end) : writeTexts(column, start, end),
    )
    view.setUint8(head + 10, writeQuality(column.quality, start, end))
  }

  function writeTimes(at: Float64Array, start: number, end: number): number {
    const step = end - start > 1 ? at[start + 1]! - at[start]! : 0
    let regular = true
    for (let i = start + 2; i < end; i++) {
      if (at[i]! - at[i - 1]! !== step) {
        regular = false
        break
      }
    }
    if (regular) {
      put(at[start]!)
      put(step)
      return times.regular
    }
    for (let i = start; i < end; i++) put(at[i]!)
    return times.each
  }

  function writeValues(value: Float64Array, start: number, end: number): number {
    let same = true
    let single = true
    for (let i = start; i < end; i++) {
      const v = value[i]!
      if (v !== value[start]) same = false
      if (Math.fround(v) !== v) single = false
    }
    if (same) {
      put(value[start]!)
      return values.one
    }
    if (!single) {
      for (let i = start; i < end; i++) put(value[i]!)
      return values.f64
    }
    for (let i = start; i < end; i++) {
      view.setFloat32(length, value[i]!, true)
      length += 4
    }
    return values.f32
  }

  function writeTexts(column: Column, start: number, end: number): number {
    for (let i = start; i < end; i++) {
      const text = column.text![i] ?? null
      const bytes = text === null ? null : Buffer.from(text)
      reserve(2 + (bytes?.length ?? 0) + (end - i) * 3)
      view.setUint16(length, bytes === null ? NO_TEXT : bytes.length, true)
      length += 2
      if (bytes) {
        new Uint8Array(buffer, length).set(bytes)
        length += bytes.length
      }
    }
    return values.text
  }

  function writeQuality(quality: Uint8Array, start: number, end: number): number {
    let same = true
    for (let i = start + 1; i < end; i++) if (quality[i] !== quality[start]) same = false
    const from = same ? end - 1 : start
    for (let i = from; i < end; i++) view.setUint8(length++, quality[same ? start : i]!)
    return same ? qualities.one : qualities.each
  }

  function put(v: number): void {
    view.setFloat64(length, v, true)
    length += 8
  }

  return {
    add,
    length: () => length,
    take: () => {
      const taken = buffer.slice(0, length)
      length = 0
      return taken
    },
  }
}

function hoursOf(columns: readonly Column[]): number[] {
  const hours = new Set<number>()
  for (const { at } of columns) for (const t of at) hours.add(Math.floor(t / HOUR))
  return [...hours].sort((a, b) => a - b)
}

function within(at: Float64Array, from: EpochMs, to: EpochMs): [number, number] {
  let start = 0
  while (start < at.length && at[start]! < from) start++
  let end = start
  while (end < at.length && at[end]! < to) end++
  return [start, end]
}

export interface PackColumn {
  measure: number
  at: Float64Array
  value: Float64Array
  text: (string | null)[] | null
  quality: Uint8Array
}

/** Reads a row's columns; `wanted` skips the others without decoding them. */
export function readPack(data: Uint8Array, wanted: (measure: number) => boolean): PackColumn[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const format = view.getUint8(0)
  if (format !== FORMAT) throw new Error(`pack format ${format} is not known to this release`)
  const columns: PackColumn[] = []
  let at: Float64Array = new Float64Array(0)
  let p = 4
  for (let c = view.getUint16(2, true); c > 0; c--) {
    const measure = view.getUint32(p, true)
    const n = view.getUint32(p + 4, true)
    const timeForm = view.getUint8(p + 8)
    const valueForm = view.getUint8(p + 9)
    const qualityForm = view.getUint8(p + 10)
    p += 12
    if (timeForm === times.regular) {
      at = new Float64Array(n)
      const first = view.getFloat64(p, true)
      const step = view.getFloat64(p + 8, true)
      for (let i = 0; i < n; i++) at[i] = first + i * step
      p += 16
    } else if (timeForm === times.each) {
      at = new Float64Array(n)
      for (let i = 0; i < n; i++) at[i] = view.getFloat64(p + i * 8, true)
      p += n * 8
    }
    const value = new Float64Array(n)
    let text: (string | null)[] | null = null
    if (valueForm === values.text) {
      text = []
      value.fill(NaN)
      for (let i = 0; i < n; i++) {
        const length = view.getUint16(p, true)
        p += 2
        if (length === NO_TEXT) text.push(null)
        else {
          text.push(Buffer.from(data.buffer, data.byteOffset + p, length).toString())
          p += length
        }
      }
    } else if (valueForm === values.one) {
      value.fill(view.getFloat64(p, true))
      p += 8
    } else if (valueForm === values.f64) {
      for (let i = 0; i < n; i++) value[i] = view.getFloat64(p + i * 8, true)
      p += n * 8
    } else {
      for (let i = 0; i < n; i++) value[i] = view.getFloat32(p + i * 4, true)
      p += n * 4
    }
    const quality = new Uint8Array(n)
    if (qualityForm === qualities.one) quality.fill(view.getUint8(p++))
    else {
      quality.set(data.subarray(p, p + n))
      p += n
    }
    if (wanted(measure)) columns.push({ measure, at, value, text, quality })
  }
  return columns
}
