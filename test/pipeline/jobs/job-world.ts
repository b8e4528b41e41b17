import { sqliteAlarmBook } from '../../../src/adapters/local/book/sqlite-alarm-book.ts'
import { openBook } from '../../../src/adapters/local/book/schema.ts'
import { createTailOutput } from '../../../src/adapters/local/tail/tail-output.ts'
import { createTailReader } from '../../../src/adapters/local/tail/tail-reader.ts'
import { createTailWriter } from '../../../src/adapters/local/tail/tail-writer.ts'
import { openDeviceBook } from '../../../src/adapters/local/devices/schema.ts'
import { sqliteShadowStore } from '../../../src/adapters/local/devices/sqlite-shadow-store.ts'
import { openTail } from '../../../src/adapters/local/tail/schema.ts'
import { openTrades } from '../../../src/adapters/local/trades/schema.ts'
import { sqliteJobLedger } from '../../../src/adapters/local/trades/sqlite-job-ledger.ts'
import { sqliteWorkOrders } from '../../../src/adapters/local/trades/sqlite-work-orders.ts'
import type { Transition } from '../../../src/core/alarm/transition.ts'
import type { SetPointOrder } from '../../../src/core/building/hvac/desired-set-points.ts'
import type { Change } from '../../../src/core/device/profile.ts'
import type { Fact } from '../../../src/core/telemetry/stage.ts'
import { add, momentsOf, type WindowRow } from '../../../src/core/window/window.ts'
import { configuration } from '../../../src/pipeline/configuration.ts'
import { machineWatch } from '../../../src/pipeline/machine-watch.ts'
import { windowHours } from '../../../src/pipeline/window-hours.ts'
import { createShadowDesk } from '../../../src/pipeline/devices/shadow-desk.ts'
import { shadowSetPoints } from '../../../src/pipeline/devices/shadow-set-points.ts'
import { createDelivery } from '../../../src/pipeline/delivery.ts'
import type { Job } from '../../../src/pipeline/jobs/job.ts'
import { CLOSED_AFTER_MS, createJobRunner } from '../../../src/pipeline/jobs/run-jobs.ts'
import type { JobLedger } from '../../../src/ports/job-ledger.ts'
import type { Weather } from '../../../src/ports/weather.ts'

/** A quarter past midnight of a Monday in universal time, far enough from any change of clocks. */
export const MONDAY = Date.UTC(2026, 0, 5)

/** One closed minute of one series, all readings but the last a little off the mean. */
export function windowRow(
  thing: string,
  measure: string,
  minute: number,
  value: number,
  spread = 0,
): WindowRow {
  const moments = momentsOf(value - spread)
  add(moments, value + spread)
  return { ...moments, thing, measure, minute, version: minute * 60_000 + 60_000, repaired: false }
}

const noWeather: Weather = { forecast: () => Promise.resolve({ source: 'none', stale: false, hours: [] }) }

/** Jobs over the box's real stores in memory. */
export function jobWorld(
  changes: readonly Change[],
  options: {
    weather?: Weather
    /** Probability that the model gives to each row; null while no version is promoted. */
    score?: (features: Readonly<Record<string, number>>) => number
    /** What goes wrong, by what has just been done. */
    crash?: (after: 'facts' | 'orders' | 'alarms' | 'setPoints') => boolean
  } = {},
) {
  const db = openTail(':memory:')
  const writer = createTailWriter(db)
  const reader = createTailReader(db)
  const output = createTailOutput(async (batch) => {
    writer.apply(batch)
    writer.commit(false)
  }, [])
  const alarms = sqliteAlarmBook(openBook(':memory:'))
  const trades = openTrades(':memory:')
  const orders = sqliteWorkOrders(trades)
  const ledger: JobLedger = sqliteJobLedger(trades)
  const config = configuration(changes)
  const told: Transition[] = []
  const setPoints: SetPointOrder[] = []
  const announced: string[] = []
  const published: Change[] = []
  const failures: string[] = []
  let now = MONDAY
  const dies = (after: 'facts' | 'orders' | 'alarms' | 'setPoints'): void => {
    if (options.crash?.(after)) throw new Error(`died after ${after}`)
  }
  const clock = { now: () => now, elapsed: () => now }
  const shadows = sqliteShadowStore(openDeviceBook(':memory:'), async (work) => work())
  const shadowDesk = createShadowDesk({
    store: shadows,
    clock,
    publish: (topic) => void announced.push(topic),
  })
  const setPointDesk = shadowSetPoints({ shadows: shadowDesk, store: shadows, clock })
  const deliver = createDelivery({
    alarmBook: alarms,
    clock,
    tells: () => true,
    tell: (list) => void told.push(...list),
    commands: { accept: async () => {} },
    requests: { answer: async () => {} },
  })
  const asyncReader = {
    readings: async (range: Parameters<typeof reader.readings>[0]) => reader.readings(range),
    windows: async (range: Parameters<typeof reader.windows>[0]) => reader.windows(range),
    anomalies: async (query: Parameters<typeof reader.anomalies>[0]) => reader.anomalies(query),
    facts: async (query: Parameters<typeof reader.facts>[0]) => reader.facts(query),
  }
  const machines = machineWatch({ ...asyncReader, hours: windowHours(asyncReader) })
  const runnerOf = (jobs: readonly Job[]) =>
    createJobRunner({
      jobs,
      sources: {
        reader: asyncReader,
        alarms,
        configuration: config,
        orders: {
          ...orders,
          open: async (order) => {
            await orders.open(order)
            dies('orders')
          },
        },
        weather: options.weather ?? noWeather,
        machines,
        models: {
          score: async (rows) =>
            options.score ? { version: 1, horizonHours: 24, probabilities: rows.map(options.score) } : null,
        },
      },
      ledger,
      store: async (effects) => {
        await output.settle(effects)
        dies('facts')
      },
      deliver: async (entries) => {
        await deliver(entries)
        dies('alarms')
      },
      setPoints: {
        ...setPointDesk,
        apply: async (list) => {
          setPoints.push(...list)
          await setPointDesk.apply(list)
          dies('setPoints')
        },
      },
      publish: async (list) => {
        for (const change of list) config.apply(change)
        published.push(...list)
      },
      passed: async () => true,
      now: () => now,
      failed: (job, error) => failures.push(`${job}: ${(error as Error).message}`),
    })

  return {
    told,
    /** Orders as they were given; what became of them stands in the shadows. */
    setPoints,
    setPointDesk,
    shadows,
    /** Topics that shadows were published on. */
    announced,
    published,
    failures,
    alarms,
    orders,
    ledger,
    config,
    reader: asyncReader,
    machines,
    put: async (rows: readonly WindowRow[]) =>
      output.settle(rows.map((window) => ({ kind: 'window', window }))),
    putFacts: async (facts: readonly Fact[]) => output.settle(facts.map((fact) => ({ kind: 'fact', fact }))),
    /** Runs what is due once the minutes before `at` are closed. */
    run: async (jobs: readonly Job[], at: number) => {
      now = at + CLOSED_AFTER_MS
      await runnerOf(jobs).runDue()
    },
    runNow: async (job: Job, at: number) => {
      now = at + CLOSED_AFTER_MS
      return runnerOf([]).runNow(job)
    },
    facts: (type: string) => reader.facts({ type, from: 0, to: Number.MAX_SAFE_INTEGER, limit: 100_000 }),
  }
}
