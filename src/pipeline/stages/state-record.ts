import { deviceBase, type DeviceState } from '../../core/telemetry/device-state.ts'
import type { Fields, Layout } from '../../core/telemetry/layout.ts'

export type Values<F extends Fields> = { -readonly [K in keyof F]: number }

/** A stage's device-wide fields as one object: loaded before a batch, saved after it. */
export interface StateRecord<F extends Fields> {
  load(state: DeviceState): Values<F>
  save(state: DeviceState, values: Readonly<Values<F>>): void
}

/** Binds fields to where the layout put them. What is kept as f32 must be rounded by whoever computes it. */
export function stateRecord<F extends Fields>(layout: Layout, stage: string, fields: F): StateRecord<F> {
  const offsets = layout.device(stage)
  const names = Object.keys(fields)
  const of = (type: string): string[] => names.filter((name) => fields[name] === type)
  const [doubles, singles, whole] = [of('f64'), of('f32'), of('u32')]
  const place = (name: string): number => deviceBase * (fields[name] === 'f64' ? 1 : 2) + offsets[name]!
  const [doubleAt, singleAt, wholeAt] = [doubles.map(place), singles.map(place), whole.map(place)]
  // One shape for every record of the stage: engines make copies and look-ups of it fast.
  const zero = Object.fromEntries(names.map((name) => [name, 0]))
  return {
    load({ f64, f32, u32 }) {
      const values = { ...zero }
      for (let i = 0; i < doubles.length; i++) values[doubles[i]!] = f64[doubleAt[i]!]!
      for (let i = 0; i < singles.length; i++) values[singles[i]!] = f32[singleAt[i]!]!
      for (let i = 0; i < whole.length; i++) values[whole[i]!] = u32[wholeAt[i]!]!
      return values as Values<F>
    },
    save({ f64, f32, u32 }, values) {
      for (let i = 0; i < doubles.length; i++) f64[doubleAt[i]!] = values[doubles[i]!]!
      for (let i = 0; i < singles.length; i++) f32[singleAt[i]!] = values[singles[i]!]!
      for (let i = 0; i < whole.length; i++) u32[wholeAt[i]!] = values[whole[i]!]!
    },
  }
}
