import type { DatabaseSync } from 'node:sqlite'
import type { StoredState } from '../../../core/telemetry/device-state.ts'

/** States as they are right after the record at `position`, changed ones only. */
export interface Checkpoint {
  position: number
  states: StoredState[]
  births: [thing: string, value: string][]
}

/** States and position on the same transactions as the readings that they stand for. */
export function createCheckpointRows(db: DatabaseSync) {
  const insertState = db.prepare('INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?)')
  const insertBirths = db.prepare('INSERT OR REPLACE INTO births VALUES (?, ?)')
  const setProgress = db.prepare('UPDATE progress SET position = ?')

  return {
    write({ position, states, births }: Checkpoint): void {
      for (const { thing, version, measures, outbox, bytes } of states)
        insertState.run(thing, version, JSON.stringify(measures), JSON.stringify(outbox), bytes)
      for (const [thing, value] of births) insertBirths.run(thing, value)
      setProgress.run(position)
    },
    read(): Checkpoint {
      const { position } = db.prepare('SELECT position FROM progress').get() as { position: number }
      const states = db
        .prepare('SELECT thing, version, measures, outbox, bytes FROM state')
        .all()
        .map((row) => ({
          thing: row['thing'] as string,
          version: row['version'] as number,
          measures: JSON.parse(row['measures'] as string) as string[],
          outbox: JSON.parse(row['outbox'] as string) as StoredState['outbox'],
          bytes: row['bytes'] as Uint8Array,
        }))
      const births = db
        .prepare('SELECT thing, value FROM births')
        .all()
        .map((row): [string, string] => [row['thing'] as string, row['value'] as string])
      return { position, states, births }
    },
  }
}
