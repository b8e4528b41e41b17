import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readManifest, type ManifestFile } from '../../src/adapters/local/lake/manifest.ts'
import { createDue } from '../../src/adapters/local/lake/due.ts'
import { openEngine } from '../../src/adapters/local/lake/engine.ts'
import { checksumOf } from '../../src/adapters/local/lake/files.ts'
import {
  createRollUpMerger,
  surveyMerges,
  type MergeUnit,
} from '../../src/adapters/local/lake/roll-up-merge.ts'
import { archivePending, eraseFromArchive, expireArchive } from '../../src/adapters/local/journal/archive.ts'
import { serveProcess } from '../../src/adapters/local/lake/process-rpc.ts'
import { askLake } from '../../src/adapters/local/lake/ask.ts'
import { createCutter } from '../../src/adapters/local/lake/cut.ts'
import { createSealer, type RebuildUnit } from '../../src/adapters/local/lake/sealer.ts'
import { survey, type SealUnit, type SurveyOptions } from '../../src/adapters/local/lake/survey.ts'
import { openTailForReading } from '../../src/adapters/local/tail/schema.ts'

/** A process of its own for DuckDB: what it does to memory, or to itself, stays here. One asks, one seals. */
export interface LakeJob {
  dir: string
  memoryMb: number
  threads: number
  /** Ends the process at a named step, as a crash would; for tests. */
  dieAt?: string
}

const job = JSON.parse(process.argv[2] ?? '{}') as LakeJob
const lakeDir = join(job.dir, 'lake')
const spillDir = join(job.dir, `spill-${process.pid}`)
mkdirSync(lakeDir, { recursive: true })
process.on('exit', () => rmSync(spillDir, { recursive: true, force: true }))

const hook = (step: string): void => {
  if (step === job.dieAt) process.kill(process.pid, 'SIGKILL')
}
const engine = await openEngine({ memoryMb: job.memoryMb, threads: job.threads, spillDir })
const db = openTailForReading(join(job.dir, 'tail.db'))
const connection = await engine.connect()
const sealer = createSealer(connection, db, lakeDir, hook)
const cut = createCutter(connection, lakeDir, hook)
const merge = createRollUpMerger(connection, lakeDir, hook)
const due = createDue(db)

const handlers = {
  ask: askLake({ connect: engine.connect, atOnce: 3, mostMs: 60_000 }),
  checksum: (path: string) => checksumOf(join(lakeDir, path)).catch(() => null),
  survey: (options: SurveyOptions): SealUnit[] => survey(db, options),
  seal: (
    unit: SealUnit,
    options: { generation: number; now: number; zones: Record<string, string>; zone: string },
  ) => sealer.seal(unit, { ...options, zoneOf: (thing) => options.zones[thing] ?? options.zone }),
  dueToRebuild: due.toRebuild,
  rebuild: (
    unit: RebuildUnit,
    options: { generation: number; now: number; zones: Record<string, string>; zone: string },
  ) => sealer.rebuild(unit, { ...options, zoneOf: (thing) => options.zones[thing] ?? options.zone }),
  archive: (expireBefore: number): number => {
    const rawDir = join(job.dir, 'raw')
    expireArchive(rawDir, expireBefore)
    return archivePending(rawDir)
  },
  eraseRaw: (thing: string): number => {
    const rawDir = join(job.dir, 'raw')
    archivePending(rawDir)
    return eraseFromArchive(rawDir, thing)
  },
  usage: () => {
    const { user, system } = process.cpuUsage()
    return { cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 }
  },
  surveyMerges: (stage: 'month' | 'year', bound: number): MergeUnit[] =>
    surveyMerges(readManifest(db), stage, bound),
  merge: (unit: MergeUnit, options: { generation: number; now: number }) => merge(unit, options),
  dueToMove: due.toMove,
  dueToExpire: due.toExpire,
  dueToScrub: due.toScrub,
  cut: (file: ManifestFile, options: { generation: number; now: number; where: string }) =>
    cut(file, options),
}
export type LakeProcess = typeof handlers

serveProcess(handlers)
