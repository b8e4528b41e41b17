import type { AlarmBook } from '../src/ports/alarm-book.ts'
import { alarmId } from '../src/ports/alarm-book.ts'
import type { LiveEvent } from '../src/api/ports.ts'
import type { Output } from '../src/ports/output.ts'
import { latestOf } from '../src/pipeline/latest.ts'
import type { BoxStates } from './box-states.ts'
import type { LatestTexts } from './latest-texts.ts'

export interface Live {
  subscribe(onEvent: (event: LiveEvent) => void): () => void
  emit(event: LiveEvent): void
  listening(): boolean
  /** The same book, whose news is also told live. */
  watching(book: AlarmBook): AlarmBook
}

/** What just happened, for whoever looks at the moment. Costs nothing while nobody does. */
export function createLive(): Live {
  const listeners = new Set<(event: LiveEvent) => void>()
  const emit = (event: LiveEvent): void => {
    for (const listener of listeners) listener(event)
  }
  return {
    subscribe: (onEvent) => {
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
    emit,
    listening: () => listeners.size > 0,
    watching: (book) => ({
      ...book,
      apply: async (transitions, recordedAt, tell) => {
        const fresh = await book.apply(transitions, recordedAt, tell)
        for (const { rule, thing, key, to, severity, at, why } of fresh)
          emit({
            kind: 'alarm',
            thing,
            alarm: alarmId(rule, thing, key),
            change: to,
            severity,
            at,
            text: why.text,
          })
        return fresh
      },
    }),
  }
}

/** A device is shown at most this often, however fast it sends. */
const EVERY_MS = 250

/** Writes through, and shows each device's newest values while somebody looks. */
export function withLive(
  output: Output,
  live: Live,
  states: Pick<BoxStates, 'get'>,
  texts: Pick<LatestTexts, 'completeKnown'>,
): Output {
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  const show = (): void => {
    timer = null
    for (const thing of changed) {
      const state = states.get(thing)
      if (!state) continue
      const values = latestOf(state)
      texts.completeKnown(thing, values)
      live.emit({ kind: 'readings', thing, values })
    }
    changed.clear()
  }
  return {
    write: (effects) => {
      if (live.listening()) {
        for (const effect of effects) if (effect.kind === 'readings') changed.add(effect.batch.thing)
        timer ??= setTimeout(show, EVERY_MS)
      }
      return output.write(effects)
    },
    quarantine: output.quarantine,
  }
}

/** Writes through, and lets someone hear what was written. */
export const heardBy = (
  output: Output,
  hear: {
    written(effects: Parameters<Output['write']>[0]): void
    refused(records: Parameters<Output['quarantine']>[0]): void
  },
): Output => ({
  write: (effects) => {
    hear.written(effects)
    return output.write(effects)
  },
  quarantine: (records) => {
    hear.refused(records)
    return output.quarantine(records)
  },
})
