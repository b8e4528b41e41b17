import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Transition } from '../../src/core/alarm/transition.ts'
import { sqliteAlarmBook } from '../../src/adapters/local/book/sqlite-alarm-book.ts'
import { sqliteAudit } from '../../src/adapters/local/book/sqlite-audit.ts'
import { sqliteConfigStore } from '../../src/adapters/local/book/sqlite-config-store.ts'
import { sqliteCredentials } from '../../src/adapters/local/book/sqlite-credentials.ts'
import { inTransaction, openBook, syncBook } from '../../src/adapters/local/book/schema.ts'
import { emptyLog, eraseThing } from '../../src/adapters/local/erase-thing.ts'
import { sqliteJobLedger } from '../../src/adapters/local/trades/sqlite-job-ledger.ts'
import { sqliteWorkOrders } from '../../src/adapters/local/trades/sqlite-work-orders.ts'
import { openTrades } from '../../src/adapters/local/trades/schema.ts'
import { serve } from '../../src/adapters/local/rpc.ts'

/** The thread of the alarm book, of configuration, audit and work orders: small writes, apart from the journal's syncs. */
const { dir } = workerData as { dir: string }

const book = openBook(join(dir, 'book.db'))
const alarms = sqliteAlarmBook(book)
const config = sqliteConfigStore(book)
const credentials = sqliteCredentials(book)
const audit = sqliteAudit(book)
const trades = openTrades(join(dir, 'trades.db'))
const ledger = sqliteJobLedger(trades)
const orders = sqliteWorkOrders(trades)

const handlers = {
  /** Forgets alarms, configuration, certificates and work orders of a device; the audit log stays. */
  erase: (thing: string): number => {
    const rows = inTransaction(book, () => {
      book.prepare('DELETE FROM alarm_event WHERE alarm IN (SELECT id FROM alarm WHERE thing = ?)').run(thing)
      book.prepare(`DELETE FROM untold WHERE transition ->> '$.thing' = ?`).run(thing)
      book.prepare(`DELETE FROM config WHERE kind IN ('device', 'learned') AND key = ?`).run(thing)
      return eraseThing(book, thing)
    })
    const more = eraseThing(trades, thing)
    for (const db of [book, trades]) emptyLog(db)
    return rows + more
  },
  /** Functions do not cross threads, so the ones to tell are named by id. */
  alarmsApply: (transitions: Transition[], recordedAt: number, tell: string[]) => {
    const ids = new Set(tell)
    return alarms.apply(transitions, recordedAt, (t) => ids.has(t.id))
  },
  bookSync: () => syncBook(book),
  alarmsUntold: alarms.untold,
  alarmsTold: alarms.told,
  alarmsAcknowledge: alarms.acknowledge,
  alarmsGet: alarms.get,
  alarmsList: alarms.list,
  alarmsHistory: alarms.history,
  configAll: config.all,
  configPut: config.put,
  credentialsAll: credentials.all,
  credentialsPut: credentials.put,
  auditAdd: audit.add,
  auditList: audit.list,
  jobLast: ledger.last,
  jobFinish: ledger.finish,
  ordersOpen: orders.open,
  ordersMove: orders.move,
  ordersGet: orders.get,
  ordersList: orders.list,
  close: () => {
    book.close()
    trades.close()
  },
}
export type BookThread = typeof handlers

serve(parentPort!, handlers)
