import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { openBook } from '../src/adapters/local/book/schema.ts'
import { sqliteAlarmBook } from '../src/adapters/local/book/sqlite-alarm-book.ts'
import { fileModelRegistry } from '../src/adapters/local/file-model-registry.ts'
import { createLakeReader } from '../src/adapters/local/lake/lake-reader.ts'
import { readManifest } from '../src/adapters/local/lake/manifest.ts'
import { localModelHost } from '../src/adapters/portable/local-model-host.ts'
import { openTail, openTailForReading } from '../src/adapters/local/tail/schema.ts'
import { createTailHistory } from '../src/adapters/local/tail/tail-history.ts'
import { createTailOutput } from '../src/adapters/local/tail/tail-output.ts'
import { createTailReader } from '../src/adapters/local/tail/tail-reader.ts'
import { createTailWriter } from '../src/adapters/local/tail/tail-writer.ts'
import { openTrades } from '../src/adapters/local/trades/schema.ts'
import { sqliteJobLedger } from '../src/adapters/local/trades/sqlite-job-ledger.ts'
import { sqliteWorkOrders } from '../src/adapters/local/trades/sqlite-work-orders.ts'
import type { Change } from '../src/core/device/profile.ts'
import { trainDeviceModel, type DeviceExample } from '../src/core/maintenance/device-task.ts'
import { packDay, type HoursByMeasure } from '../src/core/maintenance/machine-hours.ts'
import { seededRandom } from '../src/core/maintenance/seeded-random.ts'
import { writeXgboostModel } from '../src/core/maintenance/xgboost-model.ts'
import { configuration } from '../src/pipeline/configuration.ts'
import { createPages } from '../src/pipeline/history/pages.ts'
import { storedHours } from '../src/pipeline/history/stored-hours.ts'
import { maintenance } from '../src/pipeline/jobs/maintenance.ts'
import { CLOSED_AFTER_MS, createJobRunner } from '../src/pipeline/jobs/run-jobs.ts'
import { addModel, changeLine } from '../src/pipeline/jobs/trade-desk.ts'
import { machineFacts, machineWatch } from '../src/pipeline/machine-watch.ts'
import type { Fact } from '../src/core/telemetry/stage.ts'
import { defaultRetention } from '../src/core/retention/retention.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const AT = Date.UTC(2026, 2, 30, 9)
/** The last hours as minutes: what an hourly judgement has not kept yet, and late minutes of the hours before. */
const FRESH_HOURS = 4
const measures = ['vibration', 'temperature@bearing', 'current', 'rpm']
/** One machine in so many is failing. */
const FAILING = 100

/**
 * The hourly judgement of machines as the box does it, on files: 30 days of kept hours and four hours of minutes of four
 * measures a machine, features, a promoted model of 100 trees, health, alarms, work orders, and all of it stored. One
 * thread does here what the box spreads over three. Filling the stores is not counted.
 */
export async function scoring({ devices = 10_000 } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-scoring-'))
  try {
    const db = openTail(join(dir, 'tail.db'))
    const writer = createTailWriter(db)
    const output = createTailOutput(async (batch) => {
      writer.apply(batch)
      writer.commit(false)
    }, [])
    const things = Array.from({ length: devices }, (_, i) => `m-${String(i).padStart(5, '0')}`)
    for (let i = 0; i < devices; i += 500)
      await output.settle(things.slice(i, i + 500).flatMap((thing, k) => keptDays(thing, i + k)))
    await output.settle(things.map((thing) => ({ kind: 'window', window: { thing, measure: 'vibration', minute: 0, n: 1, sum: 1, m2: 0, min: 1, max: 1, first: 1, last: 1, version: 0, repaired: false } }))) // prettier-ignore
    for (const measure of measures)
      await output.settle([{ kind: 'window', window: { thing: things[0]!, measure, minute: 0, n: 1, sum: 1, m2: 0, min: 1, max: 1, first: 1, last: 1, version: 0, repaired: false } }]) // prettier-ignore
    freshMinutes(db, things)

    const reading = openTailForReading(join(dir, 'tail.db'))
    const reader = createTailReader(reading)
    const hot = createTailHistory(reading, () => AT + CLOSED_AFTER_MS)
    const lake = createLakeReader({
      lakeDir: join(dir, 'lake'),
      manifest: readManifest(reading),
      ask: async () => {
        throw new Error('nothing has been sealed')
      },
      verify: async () => true,
      onDamaged: () => {},
      dayZone: () => 'UTC',
      classesOf: () => defaultRetention.classes.map(({ name }) => name),
      density: hot.density,
    })
    const stores = { hot, lake }
    const telemetry = {
      readings: createPages(stores).readings,
      windows: createPages(stores).windows,
      anomalies: async (query: Parameters<typeof reader.anomalies>[0]) => reader.anomalies(query),
      facts: async (query: Parameters<typeof reader.facts>[0]) => reader.facts(query),
    }
    const machines = machineWatch({ ...telemetry, hours: (query) => storedHours(query, stores) })
    const registry = fileModelRegistry(join(dir, 'models'))
    const alarms = sqliteAlarmBook(openBook(join(dir, 'book.db')))
    const trades = openTrades(join(dir, 'trades.db'))
    const orders = sqliteWorkOrders(trades)

    const examples: DeviceExample[] = []
    for (const [i, thing] of things.slice(0, 400).entries()) {
      const look = await machines.look({ thing, at: AT, installedAt: null, maintainedAt: [] })
      examples.push({ thing, at: AT, features: look!.features, failed: i % FAILING === 0 ? 1 : 0 })
    }
    const { model } = trainDeviceModel(examples, { horizonMs: DAY, seed: 1 })
    await addModel(registry, 'failure', writeXgboostModel(model), {}, AT)
    await changeLine(registry, 'failure', { kind: 'promote', version: 1 }, AT)

    const failures: string[] = []
    const runner = createJobRunner({
      jobs: [],
      sources: {
        reader: telemetry,
        alarms,
        configuration: configuration(things.map(machine)),
        orders,
        weather: { forecast: async () => ({ source: 'none', stale: false, hours: [] }) },
        models: localModelHost({ registry, name: 'failure' }),
        machines,
      },
      ledger: sqliteJobLedger(trades),
      store: async (effects) => output.settle(effects),
      deliver: async (entries) => {
        for (const entry of entries)
          if (entry.kind === 'transition') await alarms.apply([entry.transition], AT, () => false)
      },
      setPoints: { apply: async () => {}, standing: async () => ({ desired: null, reported: null }) },
      publish: async () => {},
      passed: async () => true,
      now: () => AT + CLOSED_AFTER_MS,
      failed: (_, error) => failures.push((error as Error).message),
    })
    const cpu = process.cpuUsage()
    const start = performance.now()
    await runner.runNow(maintenance)
    const seconds = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(cpu)
    const judged = reader.facts({ type: machineFacts.health, from: AT, to: AT + 1, limit: devices })
    return {
      bench: 'scoring',
      devices,
      judged: judged.length,
      scored: judged.filter(({ value }) => typeof value['failure_probability'] === 'number').length,
      features: Object.keys(examples[1]!.features).length,
      orders: (await orders.list({ status: 'open', limit: devices })).length,
      seconds: Math.round(seconds * 10) / 10,
      cpuSeconds: Math.round((user + system) / 100_000) / 10,
      msPerDevice: Math.round((1e5 * seconds) / devices) / 100,
      residentMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
      failures,
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const machine = (thing: string): Change => ({
  kind: 'device',
  key: thing,
  value: { thing, trade: 'plant', type: 'pump', status: 'active', attributes: {} },
  effectiveFrom: 0,
})

const usual: Readonly<Record<string, number>> = { vibration: 2, 'temperature@bearing': 60, current: 11, rpm: 1480 } // prettier-ignore
const levelOf = (device: number, measure: string, at: number): number =>
  usual[measure]! *
  (1 + (device % 7) / 50 + (device % FAILING === 0 && at > AT - 2 * DAY ? 1 - (AT - at) / (2 * DAY) : 0))

/** What thirty days of hourly judgements have kept of a machine; machines of one kind have the same. */
function keptDays(thing: string, device: number) {
  const kind = (device % 7) + (device % FAILING === 0 ? 7 : 0)
  let days = kinds.get(kind)
  if (!days) kinds.set(kind, (days = daysOf(device)))
  return days.map((fact) => ({ kind: 'fact' as const, fact: { ...fact, thing } }))
}

const kinds = new Map<number, Omit<Fact, 'thing'>[]>()

function daysOf(device: number): Omit<Fact, 'thing'>[] {
  const random = seededRandom(device + 1)
  const hours: HoursByMeasure = new Map(measures.map((measure) => [measure, new Map()]))
  const first = Math.floor((AT - 30 * DAY) / DAY)
  const last = Math.floor(AT / DAY)
  for (const [measure, of] of hours)
    for (let hour = first * 24; hour < AT / HOUR - 1; hour++) {
      const mean = levelOf(device, measure, hour * HOUR) * (1 + 0.02 * (random() - 0.5))
      of.set(hour, {
        start: hour * 60,
        end: hour * 60 + 60,
        n: 3600,
        mean,
        m2: 3600 * (0.01 * mean) ** 2,
        min: 0.97 * mean,
        max: 1.03 * mean,
      })
    }
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    type: machineFacts.day,
    key: String((first + i) % 32),
    at: (first + i) * DAY,
    until: (first + i + 1) * DAY,
    version: AT - HOUR,
    value: { ...packDay(first + i, hours) },
  }))
}

/** The stored minutes of the last hours, straight into the table: the pipeline's own writing is measured elsewhere. */
function freshMinutes(db: DatabaseSync, things: readonly string[]): void {
  const idOf = new Map((db.prepare('SELECT id, name FROM name').all() as { id: number; name: string }[]).map(({ id, name }) => [name, id])) // prettier-ignore
  const insert = db.prepare('INSERT OR REPLACE INTO window VALUES (?, ?, ?, 60, ?, ?, ?, ?, ?, ?, ?, 0, 0)')
  db.exec('BEGIN')
  for (const [device, thing] of things.entries())
    for (const measure of measures)
      for (let minute = AT / MINUTE - 60 * FRESH_HOURS; minute < AT / MINUTE; minute++) {
        const mean = levelOf(device, measure, minute * MINUTE) * (1 + (((minute * 7919) % 101) - 50) / 5000)
        insert.run(idOf.get(thing)!, idOf.get(measure)!, minute, 60 * mean, 60 * (0.01 * mean) ** 2, 0.98 * mean, 1.02 * mean, mean, mean, (minute + 1) * MINUTE) // prettier-ignore
      }
  db.exec('COMMIT')
}
