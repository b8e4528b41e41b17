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
  const view = names.map((name) => fields[name]!)
  const index = names.map((name, i) => deviceBase * (view[i] === 'f64' ? 1 : 2) + offsets[name]!)
  return {
    load(state) {
      const values: Record<string, number> = {}
      for (let i = 0; i < names.length; i++) values[names[i]!] = state[view[i]!][index[i]!]!
      return values as Values<F>
    },
    save(state, values) {
      for (let i = 0; i < names.length; i++) state[view[i]!][index[i]!] = values[names[i]!]!
    },
  }
}
