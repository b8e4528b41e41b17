import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { classOf, defaultRetention, type RetentionPolicy } from '../../../../src/core/retention/retention.ts'
import { column, type Column } from '../../../../src/core/telemetry/reading.ts'
import { createCutter } from '../../../../src/adapters/local/lake/cut.ts'
import { createDue } from '../../../../src/adapters/local/lake/due.ts'
import { openEngine } from '../../../../src/adapters/local/lake/engine.ts'
import { askLake } from '../../../../src/adapters/local/lake/ask.ts'
import { checksumOf } from '../../../../src/adapters/local/lake/files.ts'
import { startLakeProcess } from '../../../../src/adapters/local/lake/lake-process.ts'
import type { LakeProcess } from '../../../../local/children/lake.ts'
import { createKeeper } from '../../../../src/adapters/local/lake/keeper.ts'
import { createLakeReader } from '../../../../src/adapters/local/lake/lake-reader.ts'
import { readManifest } from '../../../../src/adapters/local/lake/manifest.ts'
import { createRollUpMerger, surveyMerges } from '../../../../src/adapters/local/lake/roll-up-merge.ts'
import { createSealer } from '../../../../src/adapters/local/lake/sealer.ts'
import { createLakeStore } from '../../../../src/adapters/local/lake/store-side.ts'
import { survey } from '../../../../src/adapters/local/lake/survey.ts'
import { openTail, openTailForReading } from '../../../../src/adapters/local/tail/schema.ts'
import { createStoreLoop } from '../../../../src/adapters/local/tail/store-loop.ts'
import { createTailHistory } from '../../../../src/adapters/local/tail/tail-history.ts'
import { createTailOutput } from '../../../../src/adapters/local/tail/tail-output.ts'
import { createTailWriter } from '../../../../src/adapters/local/tail/tail-writer.ts'

export interface Copied {
  thing: string
  measure: string
  at: number
  value: number
  receivedAt: number
}

export interface LakeWorldOptions {
  dir?: string
  hook?: (step: string) => unknown
  zone?: string
  policy?: () => RetentionPolicy
  /** Seals in a process of its own that dies at this step. */
  dieAt?: string
}

/** Tail and lake of a box in one process, without threads, with a clock that the test sets. */
export async function lakeWorld({
  dir = mkdtempSync(join(tmpdir(), 'telltale-lake-')),
  hook = () => {},
  zone = 'UTC',
  policy = () => defaultRetention,
  dieAt,
}: LakeWorldOptions = {}) {
  const lakeDir = join(dir, 'lake')
  const db = openTail(join(dir, 'tail.db'))
  const writer = createTailWriter(db)
  const loop = createStoreLoop({ writer, commitEveryMs: 5, retryMs: 50, repairSlice: 200, elapsed: () => 0 })
  const store = createLakeStore(dir, db, writer, loop)
  const reading = openTailForReading(join(dir, 'tail.db'))
  const sealing = openTailForReading(join(dir, 'tail.db'))
  const engine = await openEngine({ memoryMb: 128, threads: 1, spillDir: join(dir, 'spill') })
  const connection = await engine.connect()
  const clock = { now: 0, inDoubt: false }
  const hot = createTailHistory(reading, () => clock.now)
  const damaged: string[] = []
  const manifest = readManifest(reading)
  const lake = createLakeReader({
    lakeDir,
    manifest,
    ask: askLake({ connect: engine.connect, atOnce: 2, mostMs: 60_000 }),
    verify: async (path, checksum) => (await checksumOf(join(lakeDir, path)).catch(() => null)) === checksum,
    onDamaged: (path) => damaged.push(path),
    dayZone: () => zone,
    classesOf: (measures) =>
      measures
        ? [...new Set(measures.map((m) => classOf(policy(), m).name))]
        : policy().classes.map((c) => c.name),
    density: hot.density,
  })
  const sealer = createSealer(connection, sealing, lakeDir, hook)
  const due = createDue(sealing)
  const cut = createCutter(connection, lakeDir, hook)
  const merge = createRollUpMerger(connection, lakeDir, hook)
  const keeper = createKeeper({
    lakeDir,
    store: store as never,
    start: () =>
      dieAt !== undefined
        ? startLakeProcess<LakeProcess>({
            module: new URL('../../../../local/children/lake.ts', import.meta.url),
            job: { dir, memoryMb: 128, threads: 1, dieAt },
            heapMb: 128,
            mostMb: 512,
          })
        : {
            survey: async (options) => survey(sealing, options),
            seal: (unit, options) => sealer.seal(unit, { ...options, zoneOf: () => zone }),
            surveyMerges: async (stage, bound) => surveyMerges(readManifest(sealing), stage, bound),
            merge,
            cut,
            dueToRebuild: async (from, until) => due.toRebuild(from, until),
            rebuild: (unit, options) => sealer.rebuild(unit, { ...options, zoneOf: () => zone }),
            dueToMove: async (policy, now) => due.toMove(policy, now),
            dueToExpire: async (policy, options) => due.toExpire(policy, options),
            dueToScrub: async (after) => due.toScrub(after),
            checksum: (path) => checksumOf(join(lakeDir, path)).catch(() => null),
            archive: async () => 0,
            eraseRaw: async () => 0,
            usage: async () => ({ cpuSeconds: 0, peakMb: 0 }),
            end: async () => {},
          },
    now: () => clock.now,
    elapsed: () => clock.now,
    clockInDoubt: () => clock.inDoubt,
    policy,
    zones: () => ({}),
    zone,
    sealAfterMs: 2 * 3_600_000,
    resealAfterMs: 0,
    rawArchiveDays: 0,
    lakeReadings: async (range) => (await lake.readings(range)).rows,
  })
  let position = 0
  const output = createTailOutput((batch) => loop.write(batch), writer.recover().names)

  /** Stores each copy as a record of its own, its minute marked: what a late reading does. */
  async function write(copies: readonly Copied[]): Promise<void> {
    for (const { thing, measure, at, value, receivedAt } of copies) {
      const columns: Column[] = [column(measure, Float64Array.of(at), Float64Array.of(value))]
      void output.write([
        {
          kind: 'readings',
          batch: { thing, lane: 'telemetry', receivedAt, position: BigInt(++position), columns },
          dirty: [Math.floor(at / 60_000)],
        },
      ])
    }
    await output.checkpoint({ position, states: [], births: [] })
  }

  /** Stores entries of several measures, a record each. */
  async function writeEntries(
    entries: readonly { thing: string; at: number; measures: Record<string, number> }[],
    receivedAt: () => number,
  ): Promise<void> {
    for (const { thing, at, measures } of entries) {
      const times = Float64Array.of(at)
      const columns = Object.entries(measures).map(([m, v]): Column => column(m, times, Float64Array.of(v)))
      const batch = {
        thing,
        lane: 'telemetry' as const,
        receivedAt: receivedAt(),
        position: BigInt(++position),
        columns,
      }
      void output.write([{ kind: 'readings', batch, dirty: [Math.floor(at / 60_000)] }])
    }
    await output.checkpoint({ position, states: [], births: [] })
  }

  /** Everything that is due for repair, by the tail alone and with the lake. */
  async function repair(): Promise<void> {
    await loop.run(() => {
      while (writer.repair(clock.now, 1000) > 0);
    })
    await keeper.repair()
  }

  return {
    dir,
    lakeDir,
    db,
    store,
    stores: { hot, lake },
    keeper,
    clock,
    damaged,
    manifest,
    write,
    writeEntries,
    repair,
    close: (remove = true) => {
      loop.close()
      for (const each of [reading, sealing, db]) each.close()
      connection.disconnectSync()
      engine.close()
      if (remove) rmSync(dir, { recursive: true, force: true })
    },
  }
}
export type LakeWorld = Awaited<ReturnType<typeof lakeWorld>>
