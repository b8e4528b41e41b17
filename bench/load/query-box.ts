import { linkSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import { writeManifest, type ManifestFile } from '../../src/adapters/local/lake/manifest.ts'
import { openTail } from '../../src/adapters/local/tail/schema.ts'
import { DAY } from '../../src/core/history/lake-layout.ts'
import { DEVICES, MEASURES, thing } from './query-data.ts'

export interface FillJob {
  dir: string
  lakeDir: string
  files: ManifestFile[]
  /** Messages a device in the last hour, and readings of each measure in one. */
  messages: number
  readings: number
}
export type QueryBoxMessage =
  | { fill: FillJob }
  | { start: string }
  | { fillDay: { rows: number; daysAgo: number } }
  | { seal: true }
  | { close: true }

/** A box over a prepared lake, with an hour of live data, in a process of its own. */
process.on('message', (message: QueryBoxMessage) => {
  void (async () => {
    if ('fill' in message) process.send!(await fill(message.fill))
    else if ('start' in message) {
      await start(message.start)
      process.send!({ url: box.url, token: box.token })
    } else if ('fillDay' in message) process.send!(await fillDay(message.fillDay))
    else if ('seal' in message) process.send!(await seal())
    else {
      await box.close()
      process.send!({})
    }
  })().catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})

let box: Box
const HOUR = 3_600_000

async function start(dir: string): Promise<void> {
  box = await startBox({
    ...boxDefaults,
    dir,
    mqttPort: 0,
    httpsPort: 0,
    httpPort: 0,
    plainPort: 0,
    version: 'bench',
    notifiers: [],
    log: (line) => console.error(line),
  })
}

async function fill({ dir, lakeDir, files, messages, readings }: FillJob): Promise<object> {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  for (const { path } of files) {
    mkdirSync(dirname(join(dir, 'lake', path)), { recursive: true })
    linkSync(join(lakeDir, path), join(dir, 'lake', path))
  }
  const db = openTail(join(dir, 'tail.db'))
  const manifest = writeManifest(db)
  db.exec('BEGIN')
  manifest.publish({ add: files, remove: [], deletions: [], at: Date.now() })
  manifest.setState('open_from', Math.floor((Date.now() - 2 * HOUR) / DAY))
  db.exec('COMMIT')
  db.close()
  await start(dir)
  await box.devices.putType(
    { name: 'bench', trade: 'plant', measures: Object.fromEntries(MEASURES.map((m) => [m, {}])) },
    'bench',
  )
  await inGroups(DEVICES, 500, (i) =>
    box.devices.put(
      { thing: thing(i), trade: 'plant', type: 'bench', status: 'active', attributes: {} },
      'bench',
    ),
  )
  // What a box that has run for years has done by itself: years of days are merged, old days lie in their tier.
  await box.history.round()
  const now = Date.now()
  const step = Math.floor(HOUR / (messages * readings))
  for (let m = 0; m < messages; m++) {
    await inGroups(DEVICES, 2000, (i) => send(i, now - HOUR + m * readings * step, step, readings))
    await box.settled()
  }
  return { from: now - HOUR, to: now, plainPort: box.ports.plain }
}

const send = (i: number, at: number, step: number, readings: number): Promise<unknown> =>
  box.submit({
    topic: `dt/plant/${thing(i)}/telemetry`,
    client: thing(i),
    receivedAt: Date.now(),
    payload: Buffer.from(
      JSON.stringify({
        at,
        step,
        measures: Object.fromEntries(
          MEASURES.map((m, k) => [
            m,
            Array.from(
              { length: readings },
              (_, j) => Math.round(2000 * (k + 1) + 100 * Math.sin(at / 1e6 + i + j)) / 100,
            ),
          ]),
        ),
      }),
    ),
  })

async function inGroups(n: number, size: number, work: (i: number) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < n; i += size)
    await Promise.all(Array.from({ length: Math.min(size, n - i) }, (_, k) => work(i + k)))
}

/** Puts readings of a day that is over into the tail: 1,000 devices, a message of fifty samples a measure. */
async function fillDay({ rows, daysAgo }: { rows: number; daysAgo: number }): Promise<object> {
  const per = 50 * MEASURES.length
  const day = (Math.floor(Date.now() / DAY) - daysAgo) * DAY
  const rounds = Math.ceil(rows / (1000 * per))
  for (let m = 0; m < rounds; m++) await inGroups(1000, 1000, (i) => send(i, day + m * 50_000, 1000, 50))
  await box.repaired()
  return {}
}

async function seal(): Promise<object> {
  const start = performance.now()
  const report = await box.history.round()
  return {
    rows: report.rows,
    seconds: (performance.now() - start) / 1000,
    peakMb: report.peakMb,
    cpuSeconds: report.cpuSeconds,
  }
}
