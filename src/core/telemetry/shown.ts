const SHOWN_LENGTH = 80

/** A value from outside as an error may quote it: at most 80 characters, and never walked into. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value))
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return cut(String(value))
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `an array of ${value.length}`
  return value instanceof Uint8Array ? `${value.length} bytes` : 'an object'
}

const cut = (text: string): string =>
  text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH - 1)}…`
