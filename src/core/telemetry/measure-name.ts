import { isMeasureName, limits } from './limits.ts'

/**
 * The measure name for a foreign one: itself where it is valid; else each run of other characters becomes `_`,
 * `m.` goes before what does not start with a letter, and what is too long ends in a hash of the whole.
 */
export function toMeasureName(foreign: string): string {
  if (isMeasureName(foreign)) return foreign
  const clean = foreign.replaceAll(/[^\w.:/%-]+/g, '_')
  const name = /^[A-Za-z]/.test(clean) ? clean : `m.${clean}`
  if (isMeasureName(name)) return name
  return name.length > limits.nameLength
    ? `${name.slice(0, limits.nameLength - 9)}.${fnv1a(foreign)}`
    : `m.${name}`
}

/** FNV-1a over UTF-16 units (Fowler, Noll and Vo), eight hexadecimal digits. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
