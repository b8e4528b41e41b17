import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bucketOf, DAY, dayOf, lakePath, type Tier } from '../../../core/history/lake-layout.ts'
import { planExpiry, type Expiry, type RetentionPolicy } from '../../../core/retention/retention.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { SeriesReadings } from '../../../ports/history.ts'
import { measuresOfClass } from './class-sql.ts'
import { makeFolder } from './files.ts'
import type { LakeChange, ManifestFile } from './manifest.ts'
import type { MonthUnit } from './month-merge.ts'
import type { LakeStore } from './store-side.ts'
import type { SealUnit, SurveyOptions } from './survey.ts'

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
  surveyMonths(bound: number): Promise<MonthUnit[]>
  mergeMonth(unit: MonthUnit, options: { generation: number; now: number }): Promise<LakeChange>
  cut(file: ManifestFile, options: { generation: number; now: number; where: string }): Promise<LakeChange>
  checksum(path: string): Promise<string | null>
  archive(expireBefore: EpochMs): Promise<number>
  usage(): Promise<{ cpuSeconds: number; peakMb: number }>
  end(): Promise<void>
}

export interface KeeperOptions {
  lakeDir: string
  store: Remote<LakeStore>
  /** Starts the sealing process; it lives for one round. */
  start(): SealProcess
  now(): EpochMs
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

const HOUR = 3_600_000
/** Files whose checksum is compared in one round: all of them in the course of weeks, none of them noticeably. */
const SCRUB_FILES = 8
const MOST_EXPIRED_DAYS = 2

/** Keeps the lake: seals, compacts, repairs, moves by age, expires, and checks what lies there. One round at a time. */
export function createKeeper(options: KeeperOptions) {
  const { lakeDir, store, start, now, clockInDoubt, policy } = options
  let scrubbed = ''
  let trouble: string | null = null

  /** Publishes what a process wrote; files of a change that came too late are removed again. */
  async function publish(change: LakeChange): Promise<boolean> {
    if (change.add.length === 0 && change.remove.length === 0 && change.deletions.length === 0) return false
    try {
      await store.lakePublish(change)
      return true
    } catch (error) {
      for (const { path } of change.add) rmSync(join(lakeDir, path), { force: true })
      throw error
    }
  }

  async function sealDue(child: SealProcess, report: RoundReport): Promise<void> {
    const at = now()
    const bound = Math.floor((at - options.sealAfterMs) / HOUR) * HOUR
    const generation = await store.lakeBegin()
    const units = await child.survey({ bound, now: at, resealAfterMs: options.resealAfterMs })
    const zones = options.zones()
    for (const unit of units) {
      if (clockInDoubt()) return
      const change = await child.seal(unit, { generation, now: at, zones, zone: options.zone })
      await publish(change)
      report.sealed++
      report.rows += change.add.find((f) => f.kind === 'readings')?.rows ?? 0
    }
    await store.lakeSetState('open_from', dayOf(bound))
    for (const unit of await child.surveyMonths(bound)) {
      await publish(await child.mergeMonth(unit, { generation, now: at }))
      report.merged++
    }
  }

  /** What expiry would do now; the dry run of retention. */
  async function expiryPlan(mostDays: number): Promise<Expiry[]> {
    const files = await store.lakeFiles()
    const kept = new Map<string, number>()
    for (const { name } of policy().classes)
      for (const kind of ['readings', 'windows', 'quarters', 'days'])
        kept.set(`${kind}/${name}`, await store.lakeState(`expired_${kind}/${name}`))
    return planExpiry(policy(), {
      today: dayOf(now()),
      keptFrom: (kind, name) => kept.get(`${kind}/${name}`)!,
      files,
      mostDays,
    })
  }

  async function expire(child: SealProcess, report: RoundReport): Promise<void> {
    const at = now()
    const last = await store.lakeState('expired_at')
    // Two days of data a day, whatever the clock says: a clock that is wrong by years costs next to nothing.
    if (last !== 0 && at >= last && at - last < DAY) return
    const plan = await expiryPlan(MOST_EXPIRED_DAYS)
    if (plan.length === 0) return
    await store.lakeSetState('expired_at', at)
    const { classes } = policy()
    for (const { kind, class: name, until, files } of plan) {
      const generation = await store.lakeBegin()
      for (const { path } of files) {
        const file = (await store.lakeFiles()).find((f) => f.path === path)
        if (!file) continue
        const named = classes.find((c) => c.name === name)!
        const mine = measuresOfClass(
          named.measures,
          classes.filter((c) => c !== named).flatMap((c) => c.measures),
        )
        const where = `NOT (ts < TIMESTAMP '${new Date(until * DAY).toISOString().slice(0, 10)} 00:00:00' AND ${mine})`
        await publish(
          classes.length === 1 && file.until <= until
            ? { add: [], remove: [file.path], deletions: [], at }
            : await child.cut(file, { generation, now: at, where }),
        )
        report.expired++
      }
      await store.lakeSetState(`expired_${kind}/${name}`, until)
    }
  }

  /** Days change their tier by age; the cold ones their folder. */
  async function move(report: RoundReport): Promise<void> {
    const { warmAfterDays, coldAfterDays } = policy()
    const today = dayOf(now())
    for (const file of await store.lakeFiles()) {
      const age = today - file.until
      const tier: Tier = age >= coldAfterDays ? 'cold' : age >= warmAfterDays ? 'warm' : 'hot'
      if (tier === file.tier || rank(tier) < rank(file.tier)) continue
      const path = lakePath({ ...file, tier })
      if (path !== file.path) {
        // A link first, so that the file is under both names until the manifest has changed.
        makeFolder(join(lakeDir, path))
        await linkInto(join(lakeDir, file.path), join(lakeDir, path))
      }
      await store.lakeSetTier(file.path, { path, tier })
      if (path !== file.path) rmSync(join(lakeDir, file.path), { force: true })
      report.moved++
    }
  }

  async function scrub(child: SealProcess): Promise<void> {
    const files = (await store.lakeFiles()).sort((a, b) => (a.path < b.path ? -1 : 1))
    const from = files.findIndex((f) => f.path > scrubbed)
    for (const file of files.slice(Math.max(0, from), Math.max(0, from) + SCRUB_FILES)) {
      scrubbed = file.path
      const damaged = (await child.checksum(file.path)) !== file.checksum
      if (damaged !== file.damaged) await store.lakeSetDamaged(file.path, damaged)
    }
    if (from < 0) scrubbed = ''
  }

  /** Minutes of sealed days whose windows late readings have changed. Gives how many were repaired. */
  async function repair(): Promise<number> {
    let repaired = 0
    for (;;) {
      const { version, due } = await store.lakeDirty(500)
      if (due.length === 0) return repaired
      const { thing } = due[0]!
      const hour = Math.floor(due[0]!.minute / 60)
      const group = due.filter((d) => d.thing === thing && Math.floor(d.minute / 60) === hour)
      const range = { things: [thing], from: hour * HOUR, to: (hour + 1) * HOUR }
      const stored = await options.lakeReadings(range)
      if (await store.lakeRepair(group, stored, version)) repaired += group.length
    }
  }

  async function round(): Promise<RoundReport> {
    const report: RoundReport = {
      sealed: 0,
      rows: 0,
      merged: 0,
      expired: 0,
      moved: 0,
      skipped: null,
      cpuSeconds: 0,
      peakMb: 0,
    }
    if (clockInDoubt()) return { ...report, skipped: 'the clock is in doubt' }
    const child = start()
    try {
      await sealDue(child, report)
      await repair()
      if (clockInDoubt()) return { ...report, skipped: 'the clock is in doubt' }
      await move(report)
      await expire(child, report)
      await scrub(child)
      if (options.rawArchiveDays > 0) await child.archive(now() - options.rawArchiveDays * DAY)
      await store.lakeCollect(now())
      Object.assign(report, await child.usage())
      trouble = null
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error)
      throw error
    } finally {
      await child.end()
    }
    return report
  }

  /** Takes a device out of every file; replaced files go at once. Gives how many files held it. */
  async function erase(thing: string): Promise<number> {
    const child = start()
    try {
      let cut = 0
      for (const file of await store.lakeFiles()) {
        if (bucketOf(thing, file.buckets) !== file.bucket) continue
        const generation = await store.lakeBegin()
        const where = `device <> '${thing.replaceAll("'", "''")}'`
        if (await publish(await child.cut(file, { generation, now: now(), where }))) cut++
      }
      await store.lakeCollect(now() + 1, 0)
      return cut
    } finally {
      await child.end()
    }
  }

  let running: Promise<RoundReport> | null = null
  return {
    /** One round; a second call while one runs waits for that one. */
    round: () => (running ??= round().finally(() => (running = null))),
    repair,
    erase,
    expiryPlan,
    trouble: () => trouble,
    /** Runs something alone: between rounds, never during one. */
    async exclusive<T>(work: () => Promise<T>): Promise<T> {
      while (running) await running.catch(() => {})
      let done = (): void => {}
      running = new Promise((resolve) => {
        done = () =>
          resolve({
            sealed: 0,
            rows: 0,
            merged: 0,
            expired: 0,
            moved: 0,
            skipped: 'something else had the lake',
            cpuSeconds: 0,
            peakMb: 0,
          })
      })
      try {
        return await work()
      } finally {
        running = null
        done()
      }
    },
  }
}

const rank = (tier: Tier): number => ['hot', 'warm', 'cold'].indexOf(tier)
async function linkInto(from: string, to: string): Promise<void> {
  const { link, copyFile } = await import('node:fs/promises')
  if (existsSync(to)) rmSync(to)
  try {
    await link(from, to)
  } catch {
    await copyFile(from, `${to}.tmp`) // another file system
    renameSync(`${to}.tmp`, to)
  }
}
