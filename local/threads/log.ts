import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Transition } from '../../src/core/alarm/transition.ts'
import { sqliteAlarmBook } from '../../src/adapters/local/book/sqlite-alarm-book.ts'
import { sqliteAudit } from '../../src/adapters/local/book/sqlite-audit.ts'
import { sqliteConfigStore } from '../../src/adapters/local/book/sqlite-config-store.ts'
import { sqliteCredentials } from '../../src/adapters/local/book/sqlite-credentials.ts'
import { inTransaction, openBook, syncBook } from '../../src/adapters/local/book/schema.ts'
import { emptyLog, eraseThing } from '../../src/adapters/local/erase-thing.ts'
import { openSegments } from '../../src/adapters/local/journal/segments.ts'
import { sqliteJobLedger } from '../../src/adapters/local/trades/sqlite-job-ledger.ts'
import { sqliteWorkOrders } from '../../src/adapters/local/trades/sqlite-work-orders.ts'
import { openTrades } from '../../src/adapters/local/trades/schema.ts'
import { serve } from '../../src/adapters/local/rpc.ts'

/** The thread of small, durable writes: journal and book. Nothing here takes longer than an fsync. */
const { dir, segmentBytes, archive } = workerData as { dir: string; segmentBytes: number; archive: boolean }

const segments = openSegments(
  join(dir, 'journal'),
  segmentBytes,
  archive ? join(dir, 'raw', 'pending') : null,
)
const book = openBook(join(dir, 'book.db'))
const alarms = sqliteAlarmBook(book)
const config = sqliteConfigStore(book)
const credentials = sqliteCredentials(book)
const audit = sqliteAudit(book)
const trades = openTrades(join(dir, 'trades.db'))
const ledger = sqliteJobLedger(trades)
const orders = sqliteWorkOrders(trades)

const handlers = {
  journalNext: () => segments.next(),
  journalAppend: segments.append,
  journalRead: segments.read,
  journalDropBefore: segments.dropBefore,
  journalRotate: segments.rotate,
  /** Forgets alarms, configuration, certificates and work orders of a device; the audit log stays. */
  bookErase: (thing: string): number => {
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
  journalBytes: () => segments.bytes(),
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
    segments.close()
    book.close()
    trades.close()
  },
}
export type LogThread = typeof handlers

serve(parentPort!, handlers)
