import { deviceBase, type DeviceState } from '../../core/telemetry/device-state.ts'
import type { FieldType, Fields, Layout } from '../../core/telemetry/layout.ts'

export type Values<F extends Fields> = { -readonly [K in keyof F]: number }

type Views = Pick<DeviceState, 'f64' | 'f32' | 'u32'>

/**
 * Gives a stage's device-wide fields of one state, to be read and written where they lie: nothing is loaded or saved, and
 * single precision rounds at once what it is given, so a fold comes to the same numbers whether or not its state was stored
 * in between. One view a binding: asked for the next state, it shows that one.
 */
export function stateRecord<F extends Fields>(
  layout: Layout,
  stage: string,
  fields: F,
): (state: DeviceState) => Values<F> {
  const offsets = layout.device(stage)
  const view: Views = { f64: new Float64Array(), f32: new Float32Array(), u32: new Uint32Array() }
  for (const [name, type] of Object.entries(fields))
    Object.defineProperty(view, name, accessor(type, deviceBase * (type === 'f64' ? 1 : 2) + offsets[name]!))
  return ({ f64, f32, u32 }) => {
    view.f64 = f64
    view.f32 = f32
    view.u32 = u32
    return view as Views & Values<F>
  }
}

/** One pair of functions a width: a typed array's kind is fixed where it is read, or every access is slow. */
function accessor(type: FieldType, index: number): PropertyDescriptor & ThisType<Views> {
  switch (type) {
    case 'f64':
      return {
        get() {
          return this.f64[index]!
        },
        set(value: number) {
          this.f64[index] = value
        },
      }
    case 'f32':
      return {
        get() {
          return this.f32[index]!
        },
        set(value: number) {
          this.f32[index] = value
        },
      }
    case 'u32':
      return {
        get() {
          return this.u32[index]!
        },
        set(value: number) {
          this.u32[index] = value
        },
      }
  }
}
