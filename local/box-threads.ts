import { Worker } from 'node:worker_threads'
import type { HistorySettings } from '../src/core/history/history-settings.ts'
import type { Audit } from '../src/ports/audit.ts'
import { bufferedAudit } from '../src/adapters/local/book/sqlite-audit.ts'
import type { Credentials } from '../src/adapters/local/book/sqlite-credentials.ts'
import type { JournalDisk } from '../src/adapters/local/journal/journal.ts'
import { connect, type RemoteThread } from '../src/adapters/local/rpc.ts'
import type { SendBatch } from '../src/adapters/local/tail/tail-output.ts'
import type { AlarmBook } from '../src/ports/alarm-book.ts'
import type { ConfigStore } from '../src/ports/config-store.ts'
import type { JobLedger } from '../src/ports/job-ledger.ts'
import type { Quarantine } from '../src/ports/quarantine.ts'
import type { WorkOrders } from '../src/ports/work-orders.ts'
import type { BookThread } from './threads/book.ts'
import type { JournalThread } from './threads/journal.ts'
import type { QueryThread } from './threads/query.ts'
import type { StoreThread } from './threads/store.ts'

/** The box's threads, each behind the ports that it serves. */
export interface BoxThreads {
  journal: RemoteThread<JournalThread>
  book: RemoteThread<BookThread>
  store: RemoteThread<StoreThread>
  query: RemoteThread<QueryThread>
  alarmBook: AlarmBook
  configStore: ConfigStore
  credentials: Credentials
  audit: Audit & { flush(): Promise<void> }
  quarantine: Quarantine
  jobLedger: JobLedger
  workOrders: WorkOrders
  journalDisk: JournalDisk
  sendBatch: SendBatch
  close(): Promise<void>
}

export interface ThreadOptions {
  dir: string
  segmentBytes: number
  commitEveryMs: number
  history: HistorySettings
  /** A thread has ended that nobody has closed: what it held is on disk, but this process cannot go on. */
  onDied(what: string): void
}

/** Opens the stores one after the other: the reader needs the tail that the writer makes. */
export async function startThreads(options: ThreadOptions): Promise<BoxThreads> {
  const workers: Worker[] = []
  try {
    return await openThreads(options, workers)
  } catch (error) {
    for (const worker of workers) await worker.terminate()
    throw error
  }
}

async function openThreads(
  { dir, segmentBytes, commitEveryMs, history, onDied }: ThreadOptions,
  workers: Worker[],
): Promise<BoxThreads> {
  const thread = (name: string, data: object): Worker => {
    const worker = new Worker(new URL(`./threads/${name}.ts`, import.meta.url), {
      workerData: { dir, ...data },
    })
    workers.push(worker)
    let cause = ''
    worker.on('error', (error) => (cause = `: ${(error as Error).message}`))
    worker.once('exit', (code) => {
      if (open) onDied(`the ${name} thread ended with code ${code}${cause}`)
    })
    return worker
  }
  let open = false
  const journal = connect<JournalThread>(
    thread('journal', { segmentBytes, archive: history.rawArchiveDays > 0 }),
  )
  const book = connect<BookThread>(thread('book', {}))
  const store = connect<StoreThread>(thread('store', { commitEveryMs }))
  try {
    await Promise.all([store.call.trouble(), journal.call.next(), book.call.configAll()])
  } catch (error) {
    for (const worker of workers) await worker.terminate()
    throw error
  }
  const query = connect<QueryThread>(thread('query', { settings: history }))
  open = true

  return {
    journal,
    book,
    store,
    query,
    alarmBook: threadAlarmBook(book.call),
    configStore: { all: book.call.configAll, put: (changes) => book.call.configPut(changes) },
    credentials: { all: book.call.credentialsAll, put: (credential) => book.call.credentialsPut(credential) },
    audit: bufferedAudit(
      (entries) => book.call.auditAdd(entries).then(() => undefined),
      book.call.auditList,
      {
        everyMs: 200,
        retryMs: 2000,
        most: 2000,
      },
    ),
    jobLedger: {
      last: book.call.jobLast,
      finish: (job, minute) => book.call.jobFinish(job, minute).then(() => undefined),
    },
    workOrders: {
      open: (order) => book.call.ordersOpen(order).then(() => undefined),
      move: book.call.ordersMove,
      get: book.call.ordersGet,
      list: book.call.ordersList,
    },
    quarantine: {
      list: query.call.quarantineList,
      get: query.call.quarantineGet,
      mark: (id, status) => store.call.mark(id, status).then(() => undefined),
    },
    journalDisk: {
      append: (row) => journal.hand('append', [row], [row.data.buffer as ArrayBuffer]),
      read: journal.call.read,
    },
    sendBatch: (batch, buffers) => store.hand('write', [batch], buffers).then(() => undefined),
    close: async () => {
      open = false
      await query.call.close()
      await store.call.close()
      await journal.call.close()
      await book.call.close()
      for (const worker of workers) await worker.terminate()
    },
  }
}

/** The alarm book on the other thread. Functions do not cross, so whom to tell is decided here. */
function threadAlarmBook(call: RemoteThread<BookThread>['call']): AlarmBook {
  return {
    apply: (transitions, recordedAt, tell) =>
      call.alarmsApply(
        [...transitions],
        recordedAt,
        transitions.filter(tell).map((t) => t.id),
      ),
    untold: call.alarmsUntold,
    told: (ids) => call.alarmsTold([...ids]).then(() => undefined),
    acknowledge: call.alarmsAcknowledge,
    get: call.alarmsGet,
    list: call.alarmsList,
    history: call.alarmsHistory,
  }
}
