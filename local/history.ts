import { existsSync, readFileSync, writeFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { HistorySettings } from '../src/core/history/history-settings.ts'
import type { Device } from '../src/core/device/profile.ts'
import { DAY } from '../src/core/history/lake-layout.ts'
import { classOf, policyFault, type RetentionPolicy } from '../src/core/retention/retention.ts'
import { createKeeper, type RoundReport, type SealProcess } from '../src/adapters/local/lake/keeper.ts'
import { startLakeProcess } from '../src/adapters/local/lake/lake-process.ts'
import { archivePending, eraseFromArchive, readArchive } from '../src/adapters/local/journal/archive.ts'
import type { RawMessage } from '../src/ports/raw-record.ts'
import type { CorrectedClock } from '../src/adapters/local/corrected-clock.ts'
import type { HistoryPort } from '../src/api/ports.ts'
import { fleetQuestionNames } from '../src/pipeline/history/fleet-questions.ts'
import type { Truck } from '../src/pipeline/history/fleet-rows.ts'
import type { BoxThreads } from './box-threads.ts'
import type { LakeProcess } from './children/lake.ts'

export interface BoxHistoryOptions {
  dir: string
  settings: HistorySettings
  threads: BoxThreads
  clock: CorrectedClock
  devices(): Iterable<Device>
  log(line: string): void
  /** Forgets a device in the box's own memory. */
  forget(thing: string): void
  /** Resolves once nothing in the journal is waiting, and its files of before are dropped. */
  emptyJournal(): Promise<void>
  submit(message: RawMessage): Promise<unknown>
  /** Ends the sealing process at a named step; for tests. */
  dieAt?: string
}

export interface BoxHistory extends HistoryPort {
  /** Seals, compacts, repairs, moves, expires: what otherwise happens by itself every few minutes. */
  round(): Promise<RoundReport>
  /** First instant of which readings of this measure are still kept. */
  rawKeptFrom(measure: string): number
  /** Late readings of sealed days get their windows. */
  repair(): Promise<number>
  conditions(): Promise<[code: string, text: string | null][]>
  /** Resolves once the journal's files of before are dropped, and wait to be archived. */
  emptyJournal(): Promise<void>
  start(): void
  close(): Promise<void>
}

const ROUND_EVERY_MS = 10 * 60_000
const REPAIR_EVERY_MS = 30_000

/** History on the box: the query thread answers, the keeper keeps the lake. */
export async function createBoxHistory(options: BoxHistoryOptions): Promise<BoxHistory> {
  const { dir, settings, threads, clock, devices, log, dieAt } = options
  const rawDir = join(dir, 'raw')
  const policyFile = join(dir, 'retention.json')
  let policy: RetentionPolicy = existsSync(policyFile)
    ? (JSON.parse(readFileSync(policyFile, 'utf8')) as RetentionPolicy)
    : settings.retention
  const store = threads.store.call
  const query = threads.query.call

  const sites = (): Record<string, string> => {
    const of: Record<string, string> = {}
    for (const { thing, site } of devices()) if (site !== undefined) of[thing] = site
    return of
  }
  const keeper = createKeeper({
    lakeDir: join(dir, 'lake'),
    store,
    start: (): SealProcess =>
      startLakeProcess<LakeProcess>({
        module: new URL('./children/lake.ts', import.meta.url),
        job: { dir, memoryMb: 160, threads: 1, ...(dieAt !== undefined && { dieAt }) },
        heapMb: 128,
      }),
    now: () => clock.now(),
    clockInDoubt: () => clock.pending() !== null,
    policy: () => policy,
    zones: () =>
      Object.fromEntries(
        Object.entries(sites()).flatMap(([thing, site]) =>
          settings.zones[site] === undefined ? [] : [[thing, settings.zones[site]]],
        ),
      ),
    zone: settings.zone,
    sealAfterMs: settings.sealAfterMs,
    resealAfterMs: settings.resealAfterMs,
    rawArchiveDays: settings.rawArchiveDays,
    lakeReadings: query.lakeReadings,
  })
  const share = async (): Promise<void> => {
    await query.setRetention(policy)
    await query.setSites(sites())
  }

  const keptFrom = new Map<string, number>()
  /** The same by measure, as it is asked for; every reading asks. */
  const keptOf = new Map<string, number>()
  async function learnKept(): Promise<void> {
    for (const { name } of policy.classes)
      keptFrom.set(name, (await store.lakeState(`expired_readings/${name}`)) * DAY)
    keptOf.clear()
  }
  function rawKeptFrom(measure: string): number {
    let from = keptOf.get(measure)
    if (from === undefined) keptOf.set(measure, (from = keptFrom.get(classOf(policy, measure).name) ?? 0))
    return from
  }
  await learnKept()
  async function round(): Promise<RoundReport> {
    await share()
    try {
      return await keeper.round()
    } finally {
      await learnKept()
    }
  }

  let timers: NodeJS.Timeout[] = []
  const quietly = (what: string, work: () => Promise<unknown>) => (): void => {
    work().catch((error: Error) => log(`${what}: ${error.message}`))
  }

  async function reportDamaged(): Promise<void> {
    for (const path of await query.takeDamaged()) await store.lakeSetDamaged(path, true)
  }

  const truckOf = ({ thing, attributes: a }: Device): Truck => ({
    thing,
    fleet: a['fleet'],
    driver: a['driver'],
    model: a['model'],
    loadCapacity: a['load_capacity'] === undefined ? undefined : Number(a['load_capacity']),
    nominalFuelConsumption:
      a['nominal_fuel_consumption'] === undefined ? undefined : Number(a['nominal_fuel_consumption']),
  })

  /** In this order, so that nothing that is still on its way brings it back. */
  const erase = (thing: string): Promise<{ rows: number; files: number }> =>
    keeper.exclusive(async () => {
      await options.emptyJournal()
      options.forget(thing)
      let rows = await store.tailErase(thing)
      await threads.book.call.alarmsErase(thing)
      await options.emptyJournal()
      const files = await keeper.erase(thing)
      archivePending(rawDir)
      eraseFromArchive(rawDir, thing)
      rows += await store.tailErase(thing)
      await store.tailVacuum()
      await query.forgetNames()
      return { rows, files }
    })

  /** Sends archived messages through the pipeline again, as history: what was lost is stored, what is there stays. */
  async function refold(from: number, to: number): Promise<number> {
    let sent = 0
    for (const records of readArchive(rawDir, from, to)) {
      for (const { topic, client, receivedAt, payload } of records) {
        if (!/^dt\/[^/]+\/[^/]+\/(telemetry|backfill)/.test(topic)) continue
        await options.submit({
          topic: topic.replace('/telemetry', '/backfill'),
          client,
          receivedAt,
          payload: payload.slice(),
        })
        sent++
      }
    }
    return sent
  }

  return {
    emptyJournal: options.emptyJournal,
    erase,
    refold,
    series: (question) => query.series(question, clock.now()),
    questionNames: fleetQuestionNames,
    fleetQuestion: ({ name, from, to, trucks }) =>
      query.fleetQuestion({ name, from, to, trucks: trucks.map(truckOf) }, clock.now()),
    retention: {
      get: () => policy,
      put: async (next) => {
        const fault = policyFault(next)
        if (fault) return fault
        writeFileSync(`${policyFile}.tmp`, JSON.stringify(next, null, 2), { flush: true })
        renameSync(`${policyFile}.tmp`, policyFile)
        policy = next
        await learnKept()
        await share()
        return null
      },
      dryRun: async () =>
        (await keeper.expiryPlan(Infinity)).map((e) => ({
          kind: e.kind,
          class: e.class,
          from: e.from,
          until: e.until,
          files: e.files.length,
          bytes: e.files.reduce((sum, f) => sum + f.bytes, 0),
          rows: e.files.reduce((sum, f) => sum + f.rows, 0),
        })),
    },
    round,
    rawKeptFrom,
    repair: () => keeper.repair(),
    conditions: async () => {
      await reportDamaged()
      const damaged = (await store.lakeFiles()).filter((f) => f.damaged)
      const trouble = keeper.trouble()
      return [
        [
          'lake_damaged',
          damaged.length === 0
            ? null
            : `${damaged.length} files of the lake are not what was written (${damaged[0]!.path}): restore them from a backup; everything else still answers`,
        ],
        [
          'sealing_failing',
          trouble &&
            `readings are not being sealed (${trouble}); they stay in the tail and are tried again; free the disk`,
        ],
      ]
    },
    start: () => {
      timers = [
        setInterval(quietly('sealing', round), ROUND_EVERY_MS),
        setInterval(
          quietly('repair', () => keeper.repair()),
          REPAIR_EVERY_MS,
        ),
      ]
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      await keeper.exclusive(async () => {})
    },
  }
}
