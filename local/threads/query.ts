import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { HistorySettings } from '../../src/core/history/history-settings.ts'
import type { LakeRange } from '../../src/core/history/lake-sql.ts'
import { classOf } from '../../src/core/retention/retention.ts'
import { createDue, type DueOptions } from '../../src/adapters/local/lake/due.ts'
import { exportParquet } from '../../src/adapters/portable/export-parquet.ts'
import { readImportTable } from '../../src/adapters/portable/import-table.ts'
import { startLakeProcess } from '../../src/adapters/local/lake/lake-process.ts'
import { createLakeReader } from '../../src/adapters/local/lake/lake-reader.ts'
import { readManifest } from '../../src/adapters/local/lake/manifest.ts'
import { serve } from '../../src/adapters/local/rpc.ts'
import { openTailForReading } from '../../src/adapters/local/tail/schema.ts'
import { createTailHistory } from '../../src/adapters/local/tail/tail-history.ts'
import { createTailReader } from '../../src/adapters/local/tail/tail-reader.ts'
import { querySeries, type SeriesQuestion } from '../../src/pipeline/history/query.ts'
import { askQuestion, type FleetQuestion } from '../../src/pipeline/history/fleet-questions.ts'
import { createPages } from '../../src/pipeline/history/pages.ts'
import { exportCsv, exportCsvHeader } from '../../src/pipeline/history/export-csv.ts'
import { exportPart, type ExportQuestion } from '../../src/pipeline/history/export-part.ts'
import { seriesJson } from '../../src/pipeline/history/series-json.ts'
import type { TextAt } from '../latest-texts.ts'
import type { LakeProcess } from '../children/lake.ts'
import { storedHours } from '../../src/pipeline/history/stored-hours.ts'
import { machineWatch } from '../../src/pipeline/machine-watch.ts'
import { vehicleTrack } from '../../src/pipeline/vehicle-track.ts'

/** The thread that answers questions, so that a long one delays neither devices nor alarms. */
const { dir, settings } = workerData as { dir: string; settings: HistorySettings }

const db = openTailForReading(join(dir, 'tail.db'))
let reader = createTailReader(db)
const manifest = readManifest(db)
const due = createDue(db)

let { retention } = settings
/** Of the question that is being planned: set and read without anything between. */
let now = 0
let dayZone: string | null = settings.zone
let hot = createTailHistory(db, () => now)
const damaged: string[] = []
const start = (): ReturnType<typeof startLakeProcess<LakeProcess>> =>
  startLakeProcess<LakeProcess>({
    module: new URL('../children/lake.ts', import.meta.url),
    job: { dir, memoryMb: 192, threads: 2 },
    heapMb: 192,
    mostMb: 640,
  })
let lakeProcess: ReturnType<typeof start> | null = null
/** A process that died is started again for the next question. */
async function withProcess<T>(ask: (process: ReturnType<typeof start>) => Promise<T>): Promise<T> {
  lakeProcess ??= start()
  const mine = lakeProcess
  try {
    return await ask(mine)
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('the lake process ended') && lakeProcess === mine)
      lakeProcess = null
    throw error
  }
}
const lake = createLakeReader({
  lakeDir: join(dir, 'lake'),
  manifest,
  ask: (sql, limit) => withProcess((p) => p.ask(sql, limit)),
  verify: async (path, checksum) => (await withProcess((p) => p.checksum(path))) === checksum,
  onDamaged: (path) => damaged.push(path),
  dayZone: () => dayZone,
  classesOf: (measures) =>
    measures
      ? [...new Set(measures.map((m) => classOf(retention, m).name))]
      : retention.classes.map((c) => c.name),
  density: (range) => hot.density(range),
})
const stores = { hot, lake }
const pages = createPages(stores)
/** Names may mean something else after a device was erased. */
function forgetNames(): void {
  reader = createTailReader(db)
  hot = stores.hot = createTailHistory(db, () => now)
}

const machines = machineWatch({
  facts: async (query) => reader.facts(query),
  anomalies: async (query) => reader.anomalies(query),
  windows: pages.windows,
  hours: (query) => storedHours(query, stores),
})

const handlers = {
  readings: pages.readings,
  windows: pages.windows,
  textsAt: async (wanted: TextAt[]): Promise<(string | null)[]> => {
    const texts: (string | null)[] = []
    for (const { thing, measure, at } of wanted) {
      const [found] = await pages.readings({ thing, measures: [measure], from: at, to: at + 1, limit: 1 })
      texts.push(found?.text ?? null)
    }
    return texts
  },
  track: vehicleTrack({ ...reader, readings: pages.readings }),
  anomalies: (query: Parameters<typeof reader.anomalies>[0]) => reader.anomalies(query),
  facts: (query: Parameters<typeof reader.facts>[0]) => reader.facts(query),
  machineLook: machines.look,
  machinePast: machines.past,
  quarantineList: (query: Parameters<typeof reader.quarantine.list>[0]) => reader.quarantine.list(query),
  quarantineGet: (id: string) => reader.quarantine.get(id),
  forgetNames,
  /** Answers as JSON: making the text here keeps that work off the main thread. */
  series: async (question: SeriesQuestion, at: number, zone: string | null): Promise<string> => {
    now = at
    dayZone = zone
    return seriesJson(await querySeries(question, stores))
  },
  fleetQuestion: async (question: FleetQuestion, at: number) => {
    now = at
    return askQuestion(question, stores)
  },
  dueToExpire: (policy: HistorySettings['retention'], options: DueOptions) => due.toExpire(policy, options),
  lakeReadings: async (range: LakeRange) => (await lake.readings(range)).rows,
  /** One part of an export as bytes, and where the next begins. */
  exportPart: async (question: ExportQuestion, format: 'csv' | 'parquet', at: number) => {
    now = at
    const { series, next, done } = await exportPart(question, stores)
    const rows = series.reduce((sum, s) => sum + s.readings.length, 0)
    const header = question.after === undefined ? exportCsvHeader : ''
    const bytes = format === 'csv' ? Buffer.from(header + exportCsv(series)) : exportParquet(series)
    return { bytes: new Uint8Array(bytes), rows, next, done }
  },
  readImportTable: (bytes: Uint8Array) => readImportTable(bytes),
  /** Files that turned out damaged since the last call. */
  takeDamaged: () => damaged.splice(0),
  setRetention: (policy: HistorySettings['retention']) => void (retention = policy),
  lakePid: () => lakeProcess?.pid ?? null,
  close: async () => {
    await lakeProcess?.end()
    db.close()
  },
}
export type QueryThread = typeof handlers

serve(parentPort!, handlers)
