import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import {
  buildingZones,
  parseBuildingScenario,
  weatherThing,
  zoneThing,
} from '../simulator/building/building-scenario.ts'
import { simulateBuildings } from '../simulator/building/building.ts'
import { climateYear } from '../simulator/building/climate.ts'
import { exampleSite } from '../simulator/building/example-site.ts'
import { openBook } from '../src/adapters/local/book/schema.ts'
import { sqliteAlarmBook } from '../src/adapters/local/book/sqlite-alarm-book.ts'
import { openDeviceBook } from '../src/adapters/local/devices/schema.ts'
import { sqliteShadowStore } from '../src/adapters/local/devices/sqlite-shadow-store.ts'
import { epwHours } from '../src/adapters/local/epw-weather.ts'
import { openTail, openTailForReading } from '../src/adapters/local/tail/schema.ts'
import { createTailOutput } from '../src/adapters/local/tail/tail-output.ts'
import { createTailReader } from '../src/adapters/local/tail/tail-reader.ts'
import { createTailWriter } from '../src/adapters/local/tail/tail-writer.ts'
import { openTrades } from '../src/adapters/local/trades/schema.ts'
import { sqliteJobLedger } from '../src/adapters/local/trades/sqlite-job-ledger.ts'
import { sqliteWorkOrders } from '../src/adapters/local/trades/sqlite-work-orders.ts'
import { siteThing } from '../src/core/building/site.ts'
import type { Change } from '../src/core/device/profile.ts'
import { configuration } from '../src/pipeline/configuration.ts'
import { createShadowDesk } from '../src/pipeline/devices/shadow-desk.ts'
import { shadowSetPoints } from '../src/pipeline/devices/shadow-set-points.ts'
import { energy } from '../src/pipeline/jobs/energy.ts'
import { hvac } from '../src/pipeline/jobs/hvac.ts'
import { CLOSED_AFTER_MS, createJobRunner } from '../src/pipeline/jobs/run-jobs.ts'
import { zoneLearning } from '../src/pipeline/jobs/zone-learning.ts'
import { zones } from '../src/pipeline/jobs/zones.ts'

const MINUTE = 60_000
const QUARTER = 15 * MINUTE
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const HISTORY_DAYS = 30
/** A winter Wednesday morning at work. */
const AT = Date.UTC(2026, 0, 28, 16)
/** Buildings that live a month of their own; every other one has the history of one of them. */
const TEMPLATES = 2
/** A cycle reads the minutes of the last hours only: late ones of six, and one that occupancy looks back. */
const FRESH_MS = 8 * HOUR
const CYCLES = 3

/**
 * The quarter-hourly cycle of buildings as the box does it, on files: 30 days of quarters a zone and what was learned from
 * them by the real jobs, eight hours of minutes, forecasts of an hour each, plans, decisions with their sentences, set-points
 * into shadows, all of it stored. Processor time of one process, of the slowest of three cycles; filling and learning apart.
 */
export async function plans({ buildings = 100 } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-plans-'))
  try {
    const names = Array.from({ length: buildings }, (_, i) => `site-${i + 1}`)
    const scenario = parseBuildingScenario({ name: 'plans', trade: 'building', count: TEMPLATES, seed: 1, site: 'site' }) // prettier-ignore
    const lived = scenario.sites
    const year = climateYear(scenario.climate, scenario.seed)
    const db = openTail(join(dir, 'tail.db'))
    const writer = createTailWriter(db)
    const output = createTailOutput(async (batch) => {
      writer.apply(batch)
      writer.commit(true)
    }, [])
    await output.settle([...names.flatMap(thingsOf).map((thing) => [thing, 'temperature'] as const), ...measures.map((of) => [weatherThing(names[0]!), of] as const)].map(([thing, measure]) => ({ kind: 'window', window: { thing, measure, minute: 0, n: 1, sum: 1, m2: 0, min: 1, max: 1, first: 1, last: 1, version: 0, repaired: false } }))) // prettier-ignore
    const [ids, minutes] = live(db, simulateBuildings(scenario, AT - HISTORY_DAYS * DAY))

    const reader = createTailReader(openTailForReading(join(dir, 'tail.db')))
    const telemetry = {
      readings: async (range: Parameters<typeof reader.readings>[0]) => reader.readings(range),
      windows: async (range: Parameters<typeof reader.windows>[0]) => reader.windows(range),
      anomalies: async (query: Parameters<typeof reader.anomalies>[0]) => reader.anomalies(query),
      facts: async (query: Parameters<typeof reader.facts>[0]) => reader.facts(query),
    }
    const alarms = sqliteAlarmBook(openBook(join(dir, 'book.db')))
    const trades = openTrades(join(dir, 'trades.db'))
    let now = AT + CLOSED_AFTER_MS
    const clock = { now: () => now, elapsed: () => now }
    const shadows = sqliteShadowStore(openDeviceBook(join(dir, 'devices.db')), async (work) => work())
    let told = 0
    const desk = createShadowDesk({ store: shadows, clock, publish: () => void told++ })
    const failures: string[] = []
    const runnerOf = (sites: readonly string[]) =>
      createJobRunner({
        jobs: [],
        sources: {
          reader: telemetry,
          alarms,
          configuration: configuration(sites.map((site): Change => ({ kind: 'site', key: site, effectiveFrom: 0, value: exampleSite(scenario, site) }))), // prettier-ignore
          orders: sqliteWorkOrders(trades),
          weather: { forecast: async ({ from, to }) => ({ source: 'bench', stale: false, hours: epwHours(year, from, to) }) }, // prettier-ignore
          models: { score: async () => null },
          machines: { look: async () => null },
        },
        ledger: sqliteJobLedger(trades),
        store: async (effects) => output.settle(effects),
        deliver: async (entries) => {
          for (const entry of entries)
            if (entry.kind === 'transition') await alarms.apply([entry.transition], now, () => false)
        },
        setPoints: shadowSetPoints({ shadows: desk, store: shadows, clock }),
        publish: async () => {},
        passed: async () => true,
        now: () => now,
        failed: (job, error) => failures.push(`${job}: ${(error as Error).message}`),
      })

    const learnt = await cpuSeconds(() => runnerOf(lived).runNow(zoneLearning))
    copy(db, ids, lived, names)
    const runner = runnerOf(names)
    const cycles: Record<string, number>[] = []
    for (let cycle = 0; cycle < CYCLES; cycle++, now += QUARTER) {
      const cycleOf: Record<string, number> = {}
      for (const job of [zones, energy, hvac].filter(
        ({ everyMinutes }) => (AT + cycle * QUARTER) % (everyMinutes * MINUTE) === 0,
      ))
        cycleOf[job.name] = await cpuSeconds(() => runner.runNow(job))
      cycles.push(cycleOf)
    }
    const total = (of: Record<string, number>): number => Object.values(of).reduce((a, b) => a + b, 0)
    const slowest = cycles.reduce((a, b) => (total(b) > total(a) ? b : a))
    const decided = names.flatMap((site) => reader.facts({ type: 'hvac_decision', thing: siteThing(site), from: AT, to: now, limit: CYCLES })) // prettier-ignore
    const quarters = reader.facts({ type: 'zone_quarter', thing: siteThing(names.at(-1)!), from: 0, to: now, limit: 1e6 }) // prettier-ignore
    return {
      bench: 'plans',
      buildings,
      zones: buildings * buildingZones.length,
      quartersPerBuilding: quarters.length,
      minutesOfTemplates: minutes,
      cpuSecondsPerCycle: round(total(slowest)),
      ofJobs: Object.fromEntries(Object.entries(slowest).map(([job, seconds]) => [job, round(seconds)])),
      learnCpuSecondsPerBuilding: round(learnt / lived.length),
      decisions: decided.length,
      applied: decided.filter(({ value }) => value['action'] === 'apply').length,
      identified: decided.length > 0 && reader.facts({ type: 'zone_knowledge', from: AT, to: now, limit: 1e4 }).filter(({ value }) => value['identification'] !== null).length, // prettier-ignore
      shadowsTold: told,
      residentMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
      failures: [...new Set(failures)],
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

const measures = [
  'temperature',
  'humidity',
  'co2',
  'motion',
  'setpoint@heat',
  'setpoint@cool',
  'power@heating',
  'power@cooling',
  'irradiance',
]
const round = (x: number): number => Math.round(x * 100) / 100
const thingsOf = (site: string): string[] => [
  ...buildingZones.map((zone) => zoneThing(site, zone)),
  weatherThing(site),
  siteThing(site),
]

/** The months of those that live, straight into the table: the pipeline's own writing is measured elsewhere. */
function live(
  db: DatabaseSync,
  { messages }: ReturnType<typeof simulateBuildings>,
): [Map<string, number>, number] {
  const ids = new Map((db.prepare('SELECT id, name FROM name').all() as { id: number; name: string }[]).map(({ id, name }) => [name, id])) // prettier-ignore
  const insert = db.prepare('INSERT OR REPLACE INTO window VALUES (?, ?, ?, 1, ?, 0, ?, ?, ?, ?, ?, 0, 0)')
  let rows = 0
  db.exec('BEGIN')
  for (const { thing, message } of messages) {
    if (message.at >= AT + CYCLES * QUARTER) break
    const minute = Math.floor(message.at / MINUTE)
    for (const [measure, [value]] of Object.entries(message.measures)) {
      if (typeof value !== 'number' || !ids.has(measure)) continue
      insert.run(
        ids.get(thing)!,
        ids.get(measure)!,
        minute,
        value,
        value,
        value,
        value,
        value,
        (minute + 1) * MINUTE,
      )
      rows++
    }
  }
  db.exec('COMMIT')
  return [ids, rows]
}

/** Gives every other building the quarters, the knowledge and the last hours of one that has lived. */
function copy(
  db: DatabaseSync,
  ids: ReadonlyMap<string, number>,
  lived: readonly string[],
  names: readonly string[],
): void {
  // prettier-ignore
  const windows = db.prepare('INSERT INTO window SELECT ?, measure, minute, n, sum, m2, min, max, first, last, version, repaired, arrival FROM window WHERE device = ? AND minute >= ?') // prettier-ignore
  const facts = db.prepare('INSERT INTO fact SELECT type, ?, key, at, until, version, value FROM fact WHERE device = ?') // prettier-ignore
  db.exec('BEGIN')
  for (const [i, site] of names.entries()) {
    if (i < lived.length) continue
    const from = thingsOf(lived[i % lived.length]!)
    for (const [k, thing] of thingsOf(site).entries()) {
      windows.run(ids.get(thing)!, ids.get(from[k]!)!, (AT - FRESH_MS) / MINUTE)
      facts.run(ids.get(thing)!, ids.get(from[k]!)!)
    }
  }
  db.exec('COMMIT')
}
