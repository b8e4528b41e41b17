/**
 * Fast state is one small block of bytes a device: a header, then a fixed run of bytes a series. Each stage
 * declares the fields it needs; the layout puts them where typed arrays can reach them without copying.
 * The same bytes lie in memory, in the box's checkpoint and in DynamoDB, so the cost law of DESIGN section 9
 * is a property of this file: ten measures cost 48 + 10 · 88 = 928 bytes, one DynamoDB write unit.
 */
export type FieldType = 'f64' | 'f32' | 'u32'
const size: Record<FieldType, number> = { f64: 8, f32: 4, u32: 4 }

export type Fields = Readonly<Record<string, FieldType>>

/** Index of each field within its typed array view, relative to the start of the series (or of the device block). */
export type Offsets<F extends Fields> = { readonly [K in keyof F]: number }

export interface StateFields {
  readonly series?: Fields
  readonly device?: Fields
}

export interface Layout {
  /** Number of this layout, the first byte of every state. A new one is needed whenever a field changes. */
  readonly format: number
  readonly headerBytes: number
  readonly seriesBytes: number
  series(stage: string): Offsets<Fields>
  device(stage: string): Offsets<Fields>
}

/** Format and series count, configuration version, 192-bit position, last receipt, latest tick transition. */
export const BASE_HEADER_BYTES = 48

/** Puts eight-byte fields before four-byte ones, so that every field is aligned and nothing is padded but the end. */
export function layoutOf(format: number, stages: readonly { name: string; fields: StateFields }[]): Layout {
  const series = place(stages.map((s) => [s.name, s.fields.series ?? {}]))
  const device = place(stages.map((s) => [s.name, s.fields.device ?? {}]))
  const offsets = (block: Placed, stage: string): Offsets<Fields> => {
    const found = block.offsets.get(stage)
    if (!found) throw new Error(`stage ${stage} is not part of state format ${format}`)
    return found
  }
  return {
    format,
    headerBytes: BASE_HEADER_BYTES + device.bytes,
    seriesBytes: series.bytes,
    series: (stage) => offsets(series, stage),
    device: (stage) => offsets(device, stage),
  }
}

interface Placed {
  bytes: number
  offsets: Map<string, Record<string, number>>
}

function place(stages: [string, Fields][]): Placed {
  const offsets = new Map<string, Record<string, number>>(stages.map(([name]) => [name, {}]))
  let bytes = 0
  for (const width of [8, 4]) {
    for (const [name, fields] of stages) {
      for (const [field, type] of Object.entries(fields)) {
        if (size[type] !== width) continue
        offsets.get(name)![field] = bytes / width
        bytes += width
      }
    }
  }
  return { bytes: Math.ceil(bytes / 8) * 8, offsets }
}
