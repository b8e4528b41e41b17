import { existsSync, readFileSync, writeFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { HistorySettings } from '../src/core/history/history-settings.ts'
import type { Device } from '../src/core/device/profile.ts'
import { DAY } from '../src/core/history/lake-layout.ts'
import { classOf, policyFault, type RetentionPolicy } from '../src/core/retention/retention.ts'
import { createKeeper, type RoundReport, type SealProcess } from '../src/adapters/local/lake/keeper.ts'
import { startLakeProcess } from '../src/adapters/local/lake/lake-process.ts'
import { readArchive } from '../src/adapters/local/journal/archive.ts'
import type { RawMessage } from '../src/ports/raw-record.ts'
import type { CorrectedClock } from '../src/adapters/local/corrected-clock.ts'
import type { HistoryPort } from '../src/api/ports.ts'
import { fleetQuestionNames } from '../src/pipeline/history/fleet-questions.ts'
import { createRefold } from '../src/pipeline/history/refold.ts'
import { truckOf } from '../src/pipeline/history/truck.ts'
import type { BoxThreads } from './box-threads.ts'
import type { LakeProcess } from './children/lake.ts'

export interface BoxHistoryOptions {
  dir: string
  settings: HistorySettings
  threads: BoxThreads
  clock: CorrectedClock
  devices(): Iterable<Device>
  device(thing: string): Device | null
  /** Zone of a site, where the site is known. */
  zoneOfSite(site: string): string | undefined
  log(line: string): void
  /** Forgets a device in the box's own memory. */
  forget(thing: string): void
  /** Forgets it in stores that history does not know; gives how many rows went. */
  eraseElsewhere(thing: string): Promise<number>
  /** Resolves once nothing in the journal is waiting, and its files of before are dropped. */
  emptyJournal(): Promise<void>
  submit(message: RawMessage): Promise<unknown>
  /** Ends the sealing process at a named step; for tests. */
  dieAt?: string
}

export interface BoxHistory extends HistoryPort {
  retention: NonNullable<HistoryPort['retention']>
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

/** What an edge box can spare beside everything else: docs/history.md says so. */
const SPARKPLUG = 'spBv1.0/'
const MOST_SEALING_MB = 512
const ROUND_EVERY_MS = 10 * 60_000
const REPAIR_EVERY_MS = 30_000
const REFOLD_PART_MS = 3_600_000
type RefoldRange = Parameters<NonNullable<HistoryPort['refold']>>[0]

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

  const zoneOf = ({ site }: Device): string =>
    (site === undefined ? undefined : options.zoneOfSite(site)) ?? settings.zone
  const keeper = createKeeper({
    lakeDir: join(dir, 'lake'),
    store,
    start: (): SealProcess =>
      startLakeProcess<LakeProcess>({
        module: new URL('./children/lake.ts', import.meta.url),
        job: { dir, memoryMb: 160, threads: 1, ...(dieAt !== undefined && { dieAt }) },
        heapMb: 128,
        mostMb: MOST_SEALING_MB,
        nice: 5,
      }),
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    clockInDoubt: () => clock.pending() !== null,
    policy: () => policy,
    zones: () =>
      Object.fromEntries(
        [...devices()].flatMap((d) => (zoneOf(d) === settings.zone ? [] : [[d.thing, zoneOf(d)]])),
      ),
    zone: settings.zone,
    sealAfterMs: settings.sealAfterMs,
    resealAfterMs: settings.resealAfterMs,
    rawArchiveDays: settings.rawArchiveDays,
    lakeReadings: query.lakeReadings,
  })
  await query.setRetention(policy)

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
    await reportDamaged()
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

  /** In this order, so that nothing that is still on its way brings it back. */
  const erase = (thing: string): Promise<{ rows: number; files: number }> =>
    keeper.exclusive(async () => {
      await options.emptyJournal()
      options.forget(thing)
      let rows = await store.tailErase(thing)
      rows += await threads.book.call.erase(thing)
      rows += await options.eraseElsewhere(thing)
      await options.emptyJournal()
      const files = await keeper.erase(thing)
      rows += await store.tailErase(thing)
      await store.tailVacuum()
      await query.forgetNames()
      return { rows, files }
    })

  /** Sends archived messages through the pipeline again, as history: what was lost is stored, what is there stays. */
  async function refold(range: RefoldRange): Promise<{ messages: number; next: string | null }> {
    const { messages } = createRefold()
    const from = Math.max(range.from, Number(range.after ?? 0) || 0)
    const to = range.after === undefined ? range.to : Math.min(range.to, from + REFOLD_PART_MS)
    let sent = 0
    let born = false
    const damaged = (file: string): void => log(`${file} is damaged; what cannot be read of it is left out`)
    for (const records of readArchive(rawDir, from, to, damaged)) {
      if (!born && records.some((r) => r.topic.includes(SPARKPLUG))) {
        // Births that were sent long before still name what came within the range.
        for (const earlier of readArchive(rawDir, 0, from))
          for (const record of earlier) if (record.topic.includes(SPARKPLUG)) messages(record)
        born = true
      }
      const again = records.flatMap(messages)
      // One group of the journal at a time: its durability is what slows this down where the disk or the store does.
      await Promise.all(again.map(options.submit))
      sent += again.length
    }
    return { messages: sent, next: to < range.to ? String(to) : null }
  }

  return {
    emptyJournal: options.emptyJournal,
    erase,
    refold,
    rebuild: (from, to, giveUpDamaged) => keeper.exclusive(() => keeper.rebuild(from, to, giveUpDamaged)),
    series: (question) => {
      const zones = new Set(
        question.things.map((thing) => options.device(thing)).map((d) => (d ? zoneOf(d) : settings.zone)),
      )
      return query.series(question, clock.now(), zones.size === 1 ? [...zones][0]! : null)
    },
    questionNames: fleetQuestionNames,
    transfer: {
      exportPart: (question, format) => query.exportPart(question, format, clock.now()),
      readImportTable: query.readImportTable,
      rawKeptFrom,
    },
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
        await query.setRetention(policy)
        return null
      },
      dryRun: async () =>
        (await query.dueToExpire(policy, { now: clock.now(), mostDays: Infinity })).map((e) => ({
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
      const damaged = await store.lakeDamaged()
      const trouble = keeper.trouble()
      return [
        [
          'lake_damaged',
          damaged.files === 0
            ? null
            : `${damaged.files} files of the lake are not what was written (${damaged.path}): restore them from a backup; everything else still answers`,
        ],
        [
          'sealing_failing',
          trouble &&
            `readings are not being sealed (${trouble}); they stay in the tail and are tried again; free the disk, or the memory, if that is what it names`,
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
