import { openBook } from '../../../src/adapters/local/book/schema.ts'
import { sqliteAlarmBook } from '../../../src/adapters/local/book/sqlite-alarm-book.ts'
import { sqliteConfigStore } from '../../../src/adapters/local/book/sqlite-config-store.ts'
import { openTail } from '../../../src/adapters/local/tail/schema.ts'
import { createTailOutput } from '../../../src/adapters/local/tail/tail-output.ts'
import { createTailReader } from '../../../src/adapters/local/tail/tail-reader.ts'
import { createTailWriter } from '../../../src/adapters/local/tail/tail-writer.ts'
import { createBoxStates } from '../../../local/box-states.ts'
import { tradePipelines } from '../../../src/pipeline/trades.ts'
import { alarmBookContract } from '../../contracts/alarm-book.ts'
import { configStoreContract } from '../../contracts/config-store.ts'
import { quarantineContract } from '../../contracts/quarantine.ts'
import { readingStoreContract } from '../../contracts/reading-store.ts'
import { stateStoreContract } from '../../contracts/state-store.ts'

const { plant } = tradePipelines()

stateStoreContract('box', () => ({
  store: createBoxStates([plant.layout], () => plant.layout, [], []),
  other: () => null,
}))
alarmBookContract('SQLite', () => sqliteAlarmBook(openBook(':memory:')))
configStoreContract('SQLite', () => sqliteConfigStore(openBook(':memory:')))
quarantineContract('SQLite', () => {
  const db = openTail(':memory:')
  const writer = createTailWriter(db)
  const { quarantine } = createTailReader(db)
  const output = createTailOutput(async (batch) => {
    writer.apply(batch)
    writer.commit(false)
  }, [])
  return {
    write: output.quarantine,
    quarantine: {
      list: async (query) => quarantine.list(query),
      get: async (id) => quarantine.get(id),
      mark: async (id, status) => writer.mark(id, status),
    },
  }
})
readingStoreContract('tail', async () => {
  const db = openTail(':memory:')
  const writer = createTailWriter(db)
  const reader = createTailReader(db)
  const output = createTailOutput(async (batch) => {
    writer.apply(batch)
    writer.commit(false)
  }, [])
  return {
    write: output.write,
    reader: {
      readings: async (range) => reader.readings(range),
      windows: async (range) => reader.windows(range),
      anomalies: async (query) => reader.anomalies(query),
      facts: async (query) => reader.facts(query),
    },
  }
})
