import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readManifest, type ManifestFile } from '../../src/adapters/local/lake/manifest.ts'
import { openEngine } from '../../src/adapters/local/lake/engine.ts'
import { checksumOf } from '../../src/adapters/local/lake/files.ts'
import { createMonthMerger, surveyMonths, type MonthUnit } from '../../src/adapters/local/lake/month-merge.ts'
import { archivePending, expireArchive } from '../../src/adapters/local/journal/archive.ts'
import { serveProcess } from '../../src/adapters/local/lake/process-rpc.ts'
import { askLake } from '../../src/adapters/local/lake/ask.ts'
import { createCutter } from '../../src/adapters/local/lake/cut.ts'
import { createSealer } from '../../src/adapters/local/lake/sealer.ts'
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
const sealer = createSealer(engine, db, lakeDir, hook)
const cut = createCutter(engine, lakeDir, hook)
const mergeMonth = createMonthMerger(engine, lakeDir, hook)

const handlers = {
  ask: askLake(engine),
  checksum: (path: string) => checksumOf(join(lakeDir, path)).catch(() => null),
  survey: (options: SurveyOptions): SealUnit[] => survey(db, options),
  seal: (
    unit: SealUnit,
    options: { generation: number; now: number; zones: Record<string, string>; zone: string },
  ) => sealer.seal(unit, { ...options, zoneOf: (thing) => options.zones[thing] ?? options.zone }),
  archive: (expireBefore: number): number => {
    const rawDir = join(job.dir, 'raw')
    expireArchive(rawDir, expireBefore)
    return archivePending(rawDir)
  },
  usage: () => {
    const { user, system } = process.cpuUsage()
    return { cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 }
  },
  surveyMonths: (bound: number): MonthUnit[] => surveyMonths(readManifest(db), bound),
  mergeMonth: (unit: MonthUnit, options: { generation: number; now: number }) => mergeMonth(unit, options),
  cut: (file: ManifestFile, options: { generation: number; now: number; where: string }) =>
    cut(file, options),
}
export type LakeProcess = typeof handlers

serveProcess(handlers)
