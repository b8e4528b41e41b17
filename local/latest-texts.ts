import type { DataEffect } from '../src/core/telemetry/stage.ts'
import type { EpochMs } from '../src/core/telemetry/reading.ts'
import type { LatestValue } from '../src/ports/telemetry-reader.ts'

/** Where the text of one reading is asked for. */
export interface TextAt {
  thing: string
  measure: string
  at: EpochMs
}

export interface LatestTexts {
  note(effects: readonly DataEffect[]): void
  /** Adds their texts to those of the values that have one. */
  complete(latest: { thing: string; values: LatestValue[] }[]): Promise<void>
  /** The same for one device, as far as it is known without asking. */
  completeKnown(thing: string, values: LatestValue[]): void
  forget(thing: string): void
}

/** Asked of the store at once; a box that has just started learns the rest with the next requests. */
const MOST_LOOKED_UP = 500

/**
 * The newest text of every series of texts. Fast state has no room for it (88 bytes a series), so it is kept beside it,
 * and looked up where this run has not seen it.
 */
export function createLatestTexts(lookUp: (wanted: TextAt[]) => Promise<(string | null)[]>): LatestTexts {
  const known = new Map<string, Map<string, { at: EpochMs; text: string }>>()

  function keep(thing: string, measure: string, at: EpochMs, text: string): void {
    let texts = known.get(thing)
    if (!texts) known.set(thing, (texts = new Map<string, { at: EpochMs; text: string }>()))
    texts.set(measure, { at, text })
  }

  /** Gives those that are not known. */
  function fill(thing: string, values: LatestValue[]): LatestValue[] {
    return values.filter((value) => {
      if (value.value !== null) return false
      const newest = known.get(thing)?.get(value.measure)
      if (newest?.at !== value.at) return true
      value.text = newest.text
      return false
    })
  }

  return {
    note: (effects) => {
      for (const effect of effects) {
        if (effect.kind !== 'readings') continue
        const { thing, columns } = effect.batch
        for (const { measure, at, text, advancing } of columns) {
          if (text === null) continue
          const newest = advancing.lastIndexOf(1)
          const value = text[newest] ?? null
          if (value !== null) keep(thing, measure, at[newest]!, value)
        }
      }
    },
    completeKnown: (thing, values) => void fill(thing, values),
    complete: async (latest) => {
      const missing = latest
        .flatMap(({ thing, values }) =>
          fill(thing, values).map(({ measure, at }) => ({ thing, measure, at })),
        )
        .slice(0, MOST_LOOKED_UP)
      if (missing.length === 0) return
      for (const [i, text] of (await lookUp(missing)).entries()) {
        const { thing, measure, at } = missing[i]!
        if (text !== null) keep(thing, measure, at, text)
      }
      for (const { thing, values } of latest) fill(thing, values)
    },
    forget: (thing) => void known.delete(thing),
  }
}
