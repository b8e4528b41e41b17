import { statfsSync } from 'node:fs'
import type { Broker } from '../src/adapters/local/broker/broker.ts'
import type { CorrectedClock } from '../src/adapters/local/corrected-clock.ts'
import type { Journal } from '../src/adapters/local/journal/journal.ts'
import type { RemoteThread } from '../src/adapters/local/rpc.ts'
import type { TailOutput } from '../src/adapters/local/tail/tail-output.ts'
import type { Condition, Health } from '../src/api/ports.ts'
import type { BoxStates } from './box-states.ts'
import type { DeliveryQueue } from './delivery-queue.ts'
import type { LocalDevices } from './local-devices.ts'
import { prometheusText, type Metric } from './metrics.ts'
import type { PipelineLoop } from './pipeline-loop.ts'
import type { Teller } from './teller.ts'
import type { StoreGate } from './store-gate.ts'
import type { StoreThread } from './threads/store.ts'
import type { ThroughputMeter } from './throughput.ts'

export interface BoxHealthParts {
  startedAt: number
  version: string
  clock: CorrectedClock
  journal: Journal
  loop: PipelineLoop
  deliveries: DeliveryQueue
  output: TailOutput
  gate: Pick<StoreGate, 'detached'>
  states: BoxStates
  teller: Teller
  devices: LocalDevices
  dir: string
  storeThread: RemoteThread<StoreThread>
  broker(): Broker | null
  throughput: ThroughputMeter
  /** What others have to say. */
  more(): Promise<[code: string, text: string | null][]>
}

/** Below this much free disk the box warns. */
const LOW_DISK_BYTES = 512 * 1024 * 1024
const ANSWER_MS = 2000
/** More records than this between journal and pipeline is a lag worth a word. */
const LAG_RECORDS = 50_000

/** What is wrong, in words with a remedy, and what everything counts. */
export function createBoxHealth(parts: BoxHealthParts): {
  report(): Promise<Health>
  metrics(): Promise<string>
} {
  const {
    startedAt,
    version,
    clock,
    journal,
    loop,
    deliveries,
    output,
    gate,
    states,
    teller,
    devices,
    dir,
    storeThread,
    broker,
    throughput,
    more,
  } = parts
  const since = new Map<string, number>()
  const known = new Set<string>()

  async function conditions(): Promise<Condition[]> {
    const store = await inTime(storeThread.call.trouble()).catch((error: Error) => error.message)
    const dropped = await inTime(storeThread.call.quarantineDropped()).catch(() => 0)
    const lag = journal.head() - loop.foldedThrough()
    const free = freeBytes(dir)
    const jump = clock.pending()
    const found: [code: string, text: string | null][] = [
      ['journal_failing', journal.trouble() && `nothing can be written (${journal.trouble()}): devices are not acknowledged and will send again; free the disk`], // prettier-ignore
      [
        'store_failing',
        store &&
          `the store refuses writes (${store}): readings wait in the journal; free or replace the disk`,
      ],
      [
        'store_behind',
        gate.detached()
          ? 'the store was too slow and is catching up from the journal: alarms are not held up, what it missed shows once it is there'
          : null,
      ],
      [
        'quarantine_full',
        dropped > 0
          ? `the quarantine is full: ${dropped} refused messages had to go unseen since the start; see telltale quarantine list, and mend the device`
          : null,
      ],
      [
        'delivery_failing',
        deliveries.trouble() &&
          `alarms cannot be recorded (${deliveries.trouble()}); they are tried again every second`,
      ],
      ['notifier_failing', teller.trouble() && `people are not being told (${teller.trouble()}): ${teller.waiting()} alarms wait; check the notifier's address`], // prettier-ignore
      [
        'clock_jumped',
        jump &&
          `the clock jumped by ${Math.round(jump.byMs / 1000)} s; receipts follow it once it has stood for 15 s`,
      ],
      [
        'disk_low',
        free < LOW_DISK_BYTES ? `${Math.round(free / 1048576)} MB are free in ${dir}; make room` : null,
      ],
      [
        'pipeline_behind',
        lag > LAG_RECORDS
          ? `${lag} records wait to be folded; acknowledgements slow down until they are`
          : null,
      ],
    ]
    found.push(
      ...(await inTime(more()).catch((error: Error): [string, string][] => [
        ['history_failing', error.message],
      ])),
    )
    const now = clock.now()
    for (const [code, text] of found) {
      known.add(code)
      if (!text) since.delete(code)
      else if (!since.has(code)) since.set(code, now)
    }
    return found.flatMap(([code, text]) => (text ? [{ code, text, since: since.get(code)! }] : []))
  }

  function gauges(): Record<string, number> {
    const { counts } = loop
    const stats = broker()?.stats()
    return {
      readings_total: counts.readings,
      records_total: counts.records,
      quarantined_total: counts.quarantined,
      lag_records: journal.head() - loop.foldedThrough(),
      journal_waiting_bytes: journal.waitingBytes(),
      deliveries_waiting: deliveries.waiting(),
      store_outstanding_bytes: output.outstandingBytes(),
      devices: devices.count(),
      states: states.size(),
      notifications_waiting: teller.waiting(),
      disk_free_bytes: freeBytes(dir),
      resident_bytes: process.memoryUsage.rss(),
      connections: stats?.connected ?? 0,
      connections_accepted_total: stats?.accepted ?? 0,
      published_total: stats?.published ?? 0,
      published_bytes_total: stats?.publishedBytes ?? 0,
      qos0_shed_total: stats?.shed ?? 0,
      unacknowledged_total: stats?.failed ?? 0,
      queue_dropped_total: stats?.queueDropped ?? 0,
    }
  }

  return {
    report: async () => ({
      conditions: await conditions(),
      version,
      startedAt,
      lastReceivedAt: loop.counts.lastReceivedAt,
      gauges: gauges(),
      throughput: throughput.recent(),
    }),
    metrics: async () => {
      const troubles = await conditions()
      const all: Metric[] = Object.entries(gauges()).map(([name, value]) => ({
        name: `telltale_${name}`,
        help: name.replaceAll('_', ' '),
        type: name.endsWith('_total') ? 'counter' : 'gauge',
        value,
      }))
      all.push({
        name: 'telltale_degraded',
        help: 'number of standing conditions',
        type: 'gauge',
        value: troubles.length,
      })
      const standing = new Set(troubles.map(({ code }) => code))
      all.push({
        name: 'telltale_condition',
        help: '1 while a condition of /v1/health stands',
        type: 'gauge',
        value: [...known].map((code) => [`code="${code}"`, standing.has(code) ? 1 : 0]),
      })
      all.push({
        name: 'telltale_refused_total',
        help: 'what the broker has refused, by reason',
        type: 'counter',
        value: Object.entries(broker()?.stats().refused ?? {}).map(([reason, n]) => [
          `reason="${reason}"`,
          n,
        ]),
      })
      return prometheusText(all)
    },
  }
}

/** A store that hangs must not make its own report hang. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it has not answered for ${ANSWER_MS} ms`)), ANSWER_MS)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

function freeBytes(dir: string): number {
  const { bavail, bsize } = statfsSync(dir)
  return bavail * bsize
}
