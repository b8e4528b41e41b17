import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { groupCommit, openDeviceBook } from '../../src/adapters/local/devices/schema.ts'
import { sqliteCommandBook } from '../../src/adapters/local/devices/sqlite-command-book.ts'
import {
  sqliteGroups,
  sqliteProvisioning,
  sqliteRetirements,
  sqliteVitals,
} from '../../src/adapters/local/devices/sqlite-device-desk.ts'
import { sqliteJobStore } from '../../src/adapters/local/devices/sqlite-job-store.ts'
import { sqlitePeople } from '../../src/adapters/local/devices/sqlite-people.ts'
import { sqliteShadowStore } from '../../src/adapters/local/devices/sqlite-shadow-store.ts'
import { emptyLog, eraseThing } from '../../src/adapters/local/erase-thing.ts'
import { serve, type Handlers } from '../../src/adapters/local/rpc.ts'

/** The thread of shadows, commands, jobs and people: apart from the journal, so that their syncs delay no acknowledgement. */
const { dir } = workerData as { dir: string }

const db = openDeviceBook(join(dir, 'devices.db'))
const commit = groupCommit(db)

/** Each store's functions under its name and a dot. */
const offered = (stores: Readonly<Record<string, object>>): Handlers =>
  Object.fromEntries(
    Object.entries(stores).flatMap(([name, store]) =>
      Object.entries(store).map(([method, run]) => [`${name}.${method}`, run as Handlers[string]]),
    ),
  )

const handlers: Handlers = {
  ...offered({
    shadows: sqliteShadowStore(db, commit),
    commands: sqliteCommandBook(db, commit),
    jobs: sqliteJobStore(db, commit),
    people: sqlitePeople(db, commit),
    provisioning: sqliteProvisioning(db, commit),
    vitals: sqliteVitals(db, commit),
    retirements: sqliteRetirements(db, commit),
    groups: sqliteGroups(db, commit),
  }),
  /** Forgets a device in every store. */
  erase: async (thing: string) => {
    const rows = await commit(() => eraseThing(db, thing))
    emptyLog(db)
    return rows
  },
  close: () => commit(() => undefined).then(() => db.close()),
}

serve(parentPort!, handlers)
