import { bucketOf, DAY, dayOf } from '../../../core/history/lake-layout.ts'
import { quoted } from '../../../core/history/lake-sql.ts'
import type { Expiry, RetentionPolicy } from '../../../core/retention/retention.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { SeriesReadings } from '../../../ports/history.ts'
import { createAging } from './aging.ts'
import type { DueOptions, Scrub } from './due.ts'
import type { LakeChange, ManifestFile } from './manifest.ts'
import { createPublish } from './publish.ts'
import type { MergeUnit } from './roll-up-merge.ts'
import type { RebuildUnit } from './sealer.ts'
import type { LakeDirty, LakeStore } from './store-side.ts'
import type { SealUnit, SurveyOptions } from './survey.ts'
import { hire, type LakeWorker } from './lake-worker.ts'

type Remote<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never
}

/** The process that seals, while it lives. */
export interface SealProcess {
  survey(options: SurveyOptions): Promise<SealUnit[]>
  seal(
    unit: SealUnit,
    options: { generation: number; now: number; zones: Record<string, string>; zone: string },
  ): Promise<LakeChange>
  surveyMerges(stage: 'month' | 'year', bound: number): Promise<MergeUnit[]>
  merge(unit: MergeUnit, options: { generation: number; now: number }): Promise<LakeChange>
  cut(file: ManifestFile, options: { generation: number; now: number; where: string }): Promise<LakeChange>
  dueToRebuild(from: number, until: number): Promise<RebuildUnit[]>
  rebuild(
    unit: RebuildUnit,
    options: { generation: number; now: number; zones: Record<string, string>; zone: string },
  ): Promise<LakeChange>
  dueToMove(policy: RetentionPolicy, now: EpochMs): Promise<ManifestFile[]>
  dueToExpire(policy: RetentionPolicy, options: DueOptions): Promise<Expiry[]>
  /** Files whose checksum is to be compared now, those after this path first. */
  dueToScrub(after: string): Promise<Scrub>
  checksum(path: string): Promise<string | null>
  archive(expireBefore: EpochMs): Promise<number>
  eraseRaw(thing: string): Promise<number>
  usage(): Promise<{ cpuSeconds: number; peakMb: number }>
  end(): Promise<void>
}

export interface KeeperOptions {
  lakeDir: string
  store: Remote<LakeStore>
  /** Starts the sealing process; it lives for one round. */
  start(): SealProcess
  now(): EpochMs
  /** Milliseconds of a clock that never jumps. */
  elapsed(): number
  /** Whether the clock is in doubt: nothing is sealed, moved or expired then. */
  clockInDoubt(): boolean
  policy(): RetentionPolicy
  /** The site's zone of devices that have one. */
  zones(): Record<string, string>
  zone: string
  sealAfterMs: number
  resealAfterMs: number
  /** Raw envelopes are kept this long; 0 where they are not archived. */
  rawArchiveDays: number
  /** Readings of the lake alone. */
  lakeReadings(range: { things: string[]; from: EpochMs; to: EpochMs }): Promise<SeriesReadings[]>
}

export interface RoundReport {
  sealed: number
  rows: number
  merged: number
  expired: number
  moved: number
  skipped: string | null
  /** Of the sealing process. */
  cpuSeconds: number
  peakMb: number
}

const nothingDone = (skipped: string | null = null): RoundReport => ({
  sealed: 0,
  rows: 0,
  merged: 0,
  expired: 0,
  moved: 0,
  skipped,
  cpuSeconds: 0,
  peakMb: 0,
})

const HOUR = 3_600_000
/** Pieces of one round that may fail before the others are left for the next: then it is not the piece. */
const MOST_FAILED = 3
/** Late devices that are repaired from one look into the lake. */
const REPAIRED_AT_ONCE = 50

/** Keeps the lake: seals, compacts, repairs, moves by age, expires, and checks what lies there. One round at a time. */
export function createKeeper(options: KeeperOptions) {
  const { store, start, now, clockInDoubt } = options
  const publish = createPublish(options)
  const aging = createAging(options)
  let trouble: string | null = null

  /** Seals what is due. One piece that cannot be sealed holds up no other; the first reason is given. */
  async function sealDue(worker: LakeWorker<SealProcess>, report: RoundReport): Promise<unknown> {
    const at = now()
    const bound = Math.floor((at - options.sealAfterMs) / HOUR) * HOUR
    const generation = await store.lakeBegin()
    const units = await worker.process.survey({ bound, now: at, resealAfterMs: options.resealAfterMs })
    const zones = options.zones()
    let failure: unknown = null
    let failed = 0
    for (const unit of units) {
      if (clockInDoubt()) return failure
      try {
        const process = await worker.fresh()
        const change = await process.seal(unit, { generation, now: at, zones, zone: options.zone })
        await publish(change)
        report.sealed++
        report.rows += change.add.find((f) => f.kind === 'readings')?.rows ?? 0
      } catch (error) {
        failure ??= error
        await worker.again()
        await findDamage(worker.process, unit.merge)
        if (++failed === MOST_FAILED) return failure
      }
    }
    await store.lakeSetState('open_from', dayOf(bound))
    for (const stage of ['month', 'year'] as const)
      for (const unit of await worker.process.surveyMerges(stage, bound)) {
        try {
          const process = await worker.fresh()
          await publish(await process.merge(unit, { generation: await store.lakeBegin(), now: at }))
          report.merged++
        } catch (error) {
          failure ??= error
          await worker.again()
          await findDamage(worker.process, [...unit.old, ...unit.fresh])
          if (++failed === MOST_FAILED) return failure
        }
      }
    return failure
  }

  /** Marks those of these files that are not what was written: the next round goes round them. */
  async function findDamage(child: SealProcess, files: readonly ManifestFile[]): Promise<void> {
    for (const { path, checksum } of files)
      if ((await child.checksum(path)) !== checksum && (await store.lakeFile(path)))
        await store.lakeSetDamaged(path, true)
  }

  /** Minutes of sealed days whose windows late readings have changed. Gives how many were repaired. */
  async function repair(): Promise<number> {
    let repaired = 0
    for (;;) {
      const { version, due } = await store.lakeDirty(5000)
      if (due.length === 0) return repaired
      const group = firstHourOf(due)
      const hour = hourOf(group[0]!)
      const range = {
        things: [...new Set(group.map((d) => d.thing))],
        from: hour * HOUR,
        to: (hour + 1) * HOUR,
      }
      const stored = await options.lakeReadings(range)
      if (await store.lakeRepair(group, stored, version)) repaired += group.length
    }
  }

  async function round(): Promise<RoundReport> {
    const report = nothingDone()
    if (clockInDoubt()) return { ...report, skipped: 'the clock is in doubt' }
    const worker = hire(start)
    try {
      const failure = await sealDue(worker, report)
      await repair()
      if (clockInDoubt()) return { ...report, skipped: 'the clock is in doubt' }
      await aging.move(worker.process, report)
      await aging.expire(worker.process, report)
      await aging.scrub(worker.process)
      if (options.rawArchiveDays > 0) await worker.process.archive(now() - options.rawArchiveDays * DAY)
      await store.lakeCollect(now())
      Object.assign(report, await worker.usage())
      if (failure !== null) throw failure
      trouble = null
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error)
      throw error
    } finally {
      await worker.process.end()
    }
    return report
  }

  /** Takes a device out of every file, archived messages too; replaced files go at once. Gives how many held it. */
  async function erase(thing: string): Promise<number> {
    const worker = hire(start)
    try {
      let cut = 0
      for (const file of await store.lakeFiles()) {
        if (bucketOf(thing, file.buckets) !== file.bucket) continue
        const generation = await store.lakeBegin()
        const where = `device <> ${quoted(thing)}`
        if (await publish(await (await worker.fresh()).cut(file, { generation, now: now(), where }))) cut++
      }
      await store.lakeCollect(now() + 1, 0)
      return cut + (await worker.process.eraseRaw(thing))
    } finally {
      await worker.process.end()
    }
  }

  /**
   * Makes the windows of sealed days again from their readings. Damaged files are given up where that is asked for:
   * what they held is gone then, unless it was sent through again before.
   */
  async function rebuild(
    from: EpochMs,
    to: EpochMs,
    giveUpDamaged: boolean,
  ): Promise<{ days: number; givenUp: number }> {
    const worker = hire(start)
    try {
      const [first, until] = [dayOf(from), dayOf(to - 1) + 1]
      const zones = options.zones()
      const units = await worker.process.dueToRebuild(first, until)
      for (const unit of units) {
        const generation = await store.lakeBegin()
        const process = await worker.fresh()
        await publish(await process.rebuild(unit, { generation, now: now(), zones, zone: options.zone }))
      }
      const damaged = giveUpDamaged
        ? (await store.lakeFiles()).filter((f) => f.damaged && f.day < until && f.until > first)
        : []
      await publish({ add: [], remove: damaged.map((f) => f.path), deletions: [], at: now() })
      return { days: new Set(units.map((u) => u.day)).size, givenUp: damaged.length }
    } finally {
      await worker.process.end()
    }
  }

  let running: Promise<RoundReport> | null = null
  return {
    /** One round; a second call while one runs waits for that one. */
    round: () => (running ??= round().finally(() => (running = null))),
    repair,
    erase,
    rebuild,
    trouble: () => trouble,
    /** Runs something alone: between rounds, never during one. */
    async exclusive<T>(work: () => Promise<T>): Promise<T> {
      while (running) await running.catch(() => {})
      const done = Promise.withResolvers<RoundReport>()
      running = done.promise
      try {
        return await work()
      } finally {
        running = null
        done.resolve(nothingDone('something else had the lake'))
      }
    },
  }
}

const hourOf = (mark: LakeDirty): number => Math.floor(mark.minute / 60)

/** Marks of the first one's hour, of as many devices as are repaired at once. */
function firstHourOf(due: readonly LakeDirty[]): LakeDirty[] {
  const hour = hourOf(due[0]!)
  const group: LakeDirty[] = []
  const things = new Set<string>()
  for (const mark of due) {
    if (hourOf(mark) !== hour) continue
    if (things.size === REPAIRED_AT_ONCE && !things.has(mark.thing)) continue
    things.add(mark.thing)
    group.push(mark)
  }
  return group
}
