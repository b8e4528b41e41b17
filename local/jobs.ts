import { join } from 'node:path'
import { epwWeather } from '../src/adapters/local/epw-weather.ts'
import { fileModelRegistry } from '../src/adapters/local/file-model-registry.ts'
import { httpWeather } from '../src/adapters/portable/http-weather.ts'
import { localModelHost } from '../src/adapters/portable/local-model-host.ts'
import type { OutboxEntry } from '../src/core/alarm/transition.ts'
import type { Change } from '../src/core/device/profile.ts'
import type { Configuration } from '../src/pipeline/configuration.ts'
import { hvacOf } from '../src/pipeline/jobs/hvac.ts'
import { jobs } from '../src/pipeline/jobs/jobs.ts'
import { CLOSED_AFTER_MS, createJobRunner } from '../src/pipeline/jobs/run-jobs.ts'
import { machineKind } from '../src/pipeline/machine-profile.ts'
import { trainingExamples } from '../src/pipeline/training-examples.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { SetPointDesk } from '../src/ports/set-point-desk.ts'
import type { SiteDirectory } from '../src/ports/site-directory.ts'
import type { Weather } from '../src/ports/weather.ts'
import type { TradePorts } from '../src/api/ports.ts'
import { ApiProblem } from '../src/api/problem.ts'
import type { BoxThreads } from './box-threads.ts'
import { StoreBehind, type StoreGate } from './store-gate.ts'

export interface BoxJobSettings {
  /** EPW file whose typical year stands in where no source answers. */
  epw?: string
  /** Forecast source in Open-Meteo's form; without it the box asks nobody. */
  weatherUrl?: string
  everyMs: number
}

export interface BoxJobsParts {
  dir: string
  settings: BoxJobSettings
  threads: BoxThreads
  store: Pick<StoreGate, 'settle' | 'detached'>
  configuration: Configuration
  sites: SiteDirectory
  clock: Clock
  /** To alarm book and people. */
  deliver(entries: readonly OutboxEntry[]): Promise<void>
  setPoints: SetPointDesk
  publish(change: Change): Promise<void>
  /** Receipt of the newest tick that has been folded. */
  lastTick(): number
  log(line: string): void
}

export interface BoxJobs {
  start(): void
  /** Runs what is due now and resolves when it is done. */
  run(): Promise<void>
  ports: TradePorts
  close(): Promise<void>
}

/** The failure model of machines. */
const MODEL = 'failure'

const noWeather: Weather = {
  forecast: () => Promise.resolve({ source: 'none', stale: false, hours: [] }),
}

function asProblem(error: unknown): never {
  throw error instanceof StoreBehind ? new ApiProblem('store_behind', error.message) : error
}

/** Jobs of the box: a timer, the closed minutes, and the ways out that the pipeline uses too. */
export async function createBoxJobs(parts: BoxJobsParts): Promise<BoxJobs> {
  const { dir, settings, threads, store, configuration, sites, clock, deliver, setPoints, log } = parts
  const fallback = settings.epw === undefined ? noWeather : await epwWeather(settings.epw)
  const weather =
    settings.weatherUrl === undefined ? fallback : httpWeather({ url: settings.weatherUrl, clock, fallback })
  const registry = fileModelRegistry(join(dir, 'models'))
  let pending: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | null = null

  const runner = createJobRunner({
    jobs,
    sources: {
      reader: threads.query.call,
      alarms: threads.alarmBook,
      configuration,
      orders: threads.workOrders,
      weather,
      models: localModelHost({ registry, name: MODEL }),
      machines: { look: (question) => threads.query.call.machineLook(question) },
    },
    ledger: threads.jobLedger,
    store: store.settle,
    deliver: async (entries) => {
      await deliver(entries)
      await threads.book.call.bookSync() // no journal repeats what a job found
    },
    setPoints,
    publish: async (changes) => {
      for (const change of changes) await parts.publish(change)
    },
    passed: async (at) => {
      if (store.detached() || parts.lastTick() < at + CLOSED_AFTER_MS - 30_000) return false
      await threads.store.call.repair(at)
      if ((await threads.store.call.waitingForRepair(at)) > 0) return false
      await store.settle([])
      return true
    },
    now: () => clock.now(),
    failed: (job, error) => log(`job ${job}: ${error instanceof Error ? error.message : String(error)}`),
  })

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = pending.then(work)
    pending = next.catch(() => undefined)
    return next
  }
  const run = (): Promise<void> => inTurn(runner.runDue)

  return {
    start: () => {
      timer = setInterval(() => {
        run().catch((error: Error) => log(`jobs: ${error.message}`))
      }, settings.everyMs)
    },
    run,
    ports: {
      sites,
      orders: threads.workOrders,
      models: registry,
      modelNames: [MODEL],
      machine: async (thing) => {
        const profile = configuration.profile(thing, clock.now())
        return profile && machineKind(profile)
      },
      examples: async (question) =>
        trainingExamples(
          {
            configuration,
            orders: threads.workOrders,
            machines: { past: (of) => threads.query.call.machinePast(of) },
          },
          question,
        ),
      plan: (site) => inTurn(async () => runner.runNow(hvacOf(site)).catch(asProblem)),
      store: (facts) => store.settle(facts.map((fact) => ({ kind: 'fact', fact }))).catch(asProblem),
      setPoints,
    },
    close: async () => {
      if (timer) clearInterval(timer)
      await pending
    },
  }
}
