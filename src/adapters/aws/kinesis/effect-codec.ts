import { column, type Column, type ReadingBatch } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'

/** A column as JSON: times as differences, NaN as null, what says nothing left out. */
interface WireColumn {
  m: string
  /** Index of the column whose times these are, where it is an earlier one of the batch. */
  like?: number
  t?: number[]
  v: (number | null)[]
  s?: (string | null)[]
  q?: number[]
  /** Indexes of the readings that moved no state; all others did. */
  still?: number[]
}

type WireEffect =
  | Exclude<DataEffect, { kind: 'readings' }>
  | {
      kind: 'readings'
      thing: string
      lane: ReadingBatch['lane']
      receivedAt: number
      position: string
      columns: WireColumn[]
      dirty: number[]
    }

/** A data effect as it travels in the output stream. */
export function effectText(effect: DataEffect): string {
  if (effect.kind !== 'readings') return JSON.stringify(effect)
  const { batch, dirty } = effect
  const { thing, lane, receivedAt, position, columns } = batch
  const wire: WireEffect = {
    kind: 'readings',
    thing,
    lane,
    receivedAt,
    position: String(position),
    columns: columns.map((c, i) => wireColumn(c, columns.findIndex((other) => other.at === c.at), i)),
    dirty,
  } // prettier-ignore
  return JSON.stringify(wire)
}

/** The effect as it was written, but for what only stages use: `before`, `delta` and slots. */
export function parseEffect(text: string): DataEffect {
  const wire = JSON.parse(text) as WireEffect
  if (wire.kind !== 'readings') return wire
  const { thing, lane, receivedAt, position, dirty } = wire
  const columns: Column[] = []
  for (const { m, like, t, v, s, q, still } of wire.columns) {
    const at = like === undefined ? running(t ?? []) : columns[like]!.at
    const values = Float64Array.from(v, (value) => value ?? NaN)
    const made = column(m, at, values, s ?? null)
    if (q) made.quality.set(q)
    made.advancing.fill(1)
    for (const i of still ?? []) made.advancing[i] = 0
    columns.push(made)
  }
  return {
    kind: 'readings',
    batch: { thing, lane, receivedAt, position: BigInt(position), columns },
    dirty,
  }
}

function wireColumn(c: Column, like: number, index: number): WireColumn {
  const v: (number | null)[] = []
  for (let i = 0; i < c.value.length; i++) v.push(Number.isNaN(c.value[i]!) ? null : c.value[i]!)
  const still: number[] = []
  for (let i = 0; i < c.advancing.length; i++) if (c.advancing[i] === 0) still.push(i)
  return {
    m: c.measure,
    ...(like < index ? { like } : { t: differences(c.at) }),
    v,
    ...(c.text && { s: c.text }),
    ...(c.quality.some((q) => q !== 0) && { q: [...c.quality] }),
    ...(still.length > 0 && { still }),
  }
}

function differences(at: Float64Array): number[] {
  const out: number[] = []
  for (let i = 0; i < at.length; i++) out.push(i === 0 ? at[0]! : at[i]! - at[i - 1]!)
  return out
}

function running(differences: readonly number[]): Float64Array {
  const at = new Float64Array(differences.length)
  let sum = 0
  for (let i = 0; i < at.length; i++) at[i] = sum += differences[i]!
  return at
}
