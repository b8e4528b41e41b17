import { Problem } from './problem.ts'

/** What somebody typed as JSON; null where nothing was typed. */
export function jsonText(text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem('bad_json', 400, 'this is not valid JSON', error instanceof Error ? error.message : '')
  }
}
