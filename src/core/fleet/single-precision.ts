import type { FieldType } from '../telemetry/layout.ts'

/**
 * Rounds what is kept in single precision. Done after every reading, so that a fold gives the same numbers whether
 * or not its state was written and read in between.
 */
export function roundSingles<K extends string>(
  state: Record<K, number>,
  fields: Readonly<Record<K, FieldType>>,
): void {
  for (const name in fields) if (fields[name] === 'f32') state[name] = Math.fround(state[name])
}
