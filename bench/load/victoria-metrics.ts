import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DAY } from '../../src/core/history/lake-layout.ts'
import { DEVICES, HISTORY_FROM, HISTORY_UNTIL, RAW_DAY } from './query-data.ts'

/** Raised whenever what it is given changes. */
const FORMAT = 3
const PORT = 18_428
const URL_OF_PEER = `http://127.0.0.1:${PORT}`
const HOUR = 3_600_000
/** It holds less than the box, which can only help it: one measure of each device, and two series of five years. */
const LONG_SERIES = 2
const DAY_POINTS = 1000
const HOUR_POINTS = 200

export interface PeerOptions {
  root: string
  /** When the live hour began. */
  from: number
}

const isInstalled = (): boolean => {
  try {
    execFileSync('sh', ['-c', 'command -v victoria-metrics'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Fills VictoriaMetrics as Debian has it, where it is installed, with the kind of data that the box has. */
export async function prepareVictoriaMetrics({ root, from }: PeerOptions): Promise<void> {
  const note = `${root}victoria.json`
  if (!isInstalled() || (existsSync(note) && readFileSync(note, 'utf8') === JSON.stringify({ FORMAT, from })))
    return
  rmSync(`${root}victoria`, { recursive: true, force: true })
  await running(root, async () => {
    for (let k = 0; k < DEVICES; k++) {
      await put(`day`, k, RAW_DAY * DAY + ((k * 977) % 86_400), 86_400, DAY_POINTS)
      await put(`hour`, k, from + (k % 18_000), 18_000, HOUR_POINTS)
    }
    for (let k = 0; k < LONG_SERIES; k++)
      for (let day = HISTORY_FROM; day < HISTORY_UNTIL; day += 30)
        await put('long', k, day * DAY, 60_000, Math.min(30, HISTORY_UNTIL - day) * 1440)
    await flush()
    await fetch(`${URL_OF_PEER}/internal/force_flush`)
    await fetch(`${URL_OF_PEER}/internal/force_merge`)
    await merged()
  })
  writeFileSync(note, JSON.stringify({ FORMAT, from }))
}

/** The same questions to it; null where it is not installed. */
export async function victoriaMetrics({
  root,
  from,
  rounds,
}: PeerOptions & { rounds: number }): Promise<Record<string, number> | null> {
  if (!isInstalled()) return null
  await prepareVictoriaMetrics({ root, from })
  return running(root, async () => {
    const p50 = async (path: (k: number) => string, least: number): Promise<number> => {
      const took: number[] = []
      for (let k = 0; k < rounds + 3; k++) {
        const start = performance.now()
        const response = await fetch(URL_OF_PEER + path(k))
        const text = await response.text()
        if (k >= 3) took.push(performance.now() - start)
        if (text.length < least) throw new Error(`VictoriaMetrics: ${path(k)} gave ${text.slice(0, 200)}`)
      }
      return Math.round(took.sort((a, b) => a - b)[Math.floor(took.length / 2)]! * 100) / 100
    }
    const some = (k: number): number => (k * 7919) % DEVICES
    const range = (k: number, from: number, until: number, stepS: number): string =>
      `/api/v1/query_range?query=${encodeURIComponent(`avg_over_time(long{device="d${k % LONG_SERIES}"}[${stepS}s])`)}&start=${from / 1000}&end=${until / 1000}&step=${stepS}&nocache=1`
    const end = HISTORY_UNTIL * DAY
    const fiveYears = (HISTORY_UNTIL - HISTORY_FROM) * DAY
    const at = Math.floor((from + HOUR) / 1000)
    return {
      lastHourMs: await p50((k) => `/api/v1/export?match[]=hour{device="d${some(k)}"}`, 1000),
      lakeDayMs: await p50((k) => `/api/v1/export?match[]=day{device="d${some(k)}"}`, 5000),
      yearDailyMs: await p50((k) => range(k, end - 365 * DAY, end, 86_400), 5000),
      fiveYearsMs: await p50((k) => range(k, HISTORY_FROM * DAY, end, Math.round(fiveYears / 1e6)), 10_000),
      latestMs: await p50(() => `/api/v1/query?query=last_over_time(hour[1h])&time=${at}&nocache=1`, DEVICES * 50),
      bytesPerReading: Math.round((bytesIn(`${root}victoria`) / readings()) * 100) / 100,
    }
  }) // prettier-ignore
}

const readings = (): number =>
  DEVICES * (DAY_POINTS + HOUR_POINTS) + LONG_SERIES * (HISTORY_UNTIL - HISTORY_FROM) * 1440

/** A walk of two decimals. */
let waiting = ''
async function put(name: string, k: number, from: number, stepMs: number, points: number): Promise<void> {
  const values = new Array<number>(points)
  const timestamps = new Array<number>(points)
  let value = 20
  let seed = (k * 2_654_435_761 + points) >>> 0
  for (let i = 0; i < points; i++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    value += (((seed >>> 8) % 401) - 200) / 500
    values[i] = Math.round(value * 100) / 100
    timestamps[i] = from + i * stepMs
  }
  waiting += `${JSON.stringify({ metric: { __name__: name, device: `d${k}` }, values, timestamps })}\n`
  if (waiting.length > 4_000_000) await flush()
}

async function flush(): Promise<void> {
  const body = waiting
  waiting = ''
  const { ok, status } = await fetch(`${URL_OF_PEER}/api/v1/import`, { method: 'POST', body })
  if (!ok) throw new Error(`VictoriaMetrics answered ${status}`)
}

/** A merge goes on after the answer, and an end in its midst panics and loses what was in memory. */
async function merged(): Promise<void> {
  for (let quiet = 0; quiet < 3;) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const metrics = await fetch(`${URL_OF_PEER}/metrics`).then(async (response) => response.text())
    quiet = /^vm_active_force_merges [1-9]/m.test(metrics) ? 0 : quiet + 1
  }
}

async function running<T>(root: string, work: () => Promise<T>): Promise<T> {
  const args = [`-storageDataPath=${root}victoria`, `-httpListenAddr=127.0.0.1:${PORT}`, '-retentionPeriod=100y']
  const child = spawn('victoria-metrics', args, { stdio: 'ignore' })
  try {
    await up(child)
    return await work()
  } finally {
    child.kill()
    await new Promise((resolve) => child.once('exit', resolve))
  }
} // prettier-ignore

async function up(child: ChildProcess): Promise<void> {
  for (let i = 0; i < 100 && child.exitCode === null; i++) {
    const answers = await fetch(`${URL_OF_PEER}/health`).then((r) => r.ok, () => false) // prettier-ignore
    if (answers) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('VictoriaMetrics does not come up')
}

function bytesIn(dir: string): number {
  return readdirSync(join(dir, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
