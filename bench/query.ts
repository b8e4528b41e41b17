import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DAY } from '../src/core/history/lake-layout.ts'
import {
  DEVICES,
  HISTORY_FROM,
  HISTORY_UNTIL,
  LONG_DEVICES,
  MEASURES,
  queryData,
  RAW_DAY,
  thing,
} from './load/query-data.ts'
import { openQueryBox } from './load/open-query-box.ts'
import { prepareVictoriaMetrics, victoriaMetrics } from './load/victoria-metrics.ts'

export interface QueryBenchOptions {
  /** Questions of each kind, each of another device. */
  rounds: number
  /** Readings to seal afterwards; 0 for none. */
  sealRows: number
  /** Only make what the questions are put to, so that a run on a quiet machine has nothing else to do. */
  prepare: boolean
}

/** What one round of sealing did, and took. */
export interface Sealed {
  rows: number
  seconds: number
  peakMb: number
  cpuSeconds: number
}

interface Started {
  url: string
  token: string
}

/** A box that was filled before: its last hour stays in the tail for two hours. */
interface Prepared {
  format: number
  at: number
  from: number
  to: number
  /** Runs that have sealed a day of their own into it. */
  sealed: number
}
const FORMAT = 4
const FRESH_MS = 100 * 60_000

/** p50 over HTTP of the questions that people ask, against 50 M readings in the lake, an hour in the tail, five years of minutes. */
export async function query({
  rounds,
  sealRows,
  prepare,
}: QueryBenchOptions): Promise<Record<string, unknown>> {
  const root = fileURLToPath(new URL('../.cache/query/', import.meta.url))
  const data = await queryData(`${root}data`)
  const box = openQueryBox()
  const { ask } = box
  const noteFile = `${root}box.json`
  const dir = `${root}box`
  let note = existsSync(noteFile) ? (JSON.parse(readFileSync(noteFile, 'utf8')) as Prepared) : null
  if (note?.format !== FORMAT || Date.now() - note.at > FRESH_MS) {
    const live = { messages: 5, readings: 40 }
    const filled = await ask<{ from: number; to: number }>({
      fill: { dir, lakeDir: data.lakeDir, files: data.files, ...live },
    })
    note = { format: FORMAT, at: Date.now(), sealed: 0, ...filled }
    writeFileSync(noteFile, JSON.stringify(note))
    await ask({ close: true })
  }
  const { from, to, sealed: sealedBefore } = note
  if (prepare) {
    box.kill()
    await prepareVictoriaMetrics({ root, from })
    return { prepared: true, rows: data.rawRows }
  }
  if (sealRows > 0) writeFileSync(noteFile, JSON.stringify({ ...note, sealed: sealedBefore + 1 }))
  const begun = performance.now()
  const say = (what: string): void =>
    console.error(`${((performance.now() - begun) / 1000).toFixed(1)} s: ${what}`)
  const { url, token } = await ask<Started>({ start: dir })
  say('the box is up')
  const headers = { authorization: `Bearer ${token}` }
  const get = async (path: string): Promise<string> => {
    const response = await fetch(url + path, { headers })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${text}`)
    return text
  }
  const series = (i: number, rest: string): string => `/v1/series?things=${thing(i)}&${rest}`
  const someDevice = (k: number): number => (k * 7919) % DEVICES
  const one = (k: number): string => MEASURES[k % MEASURES.length]!
  const p50 = async (
    path: (k: number) => string,
    check: (text: string) => boolean,
    n = rounds,
  ): Promise<number> => {
    const took: number[] = []
    say(path(0))
    for (let k = 0; k < n + 3; k++) {
      const start = performance.now()
      const text = await get(path(k))
      if (k >= 3) took.push(performance.now() - start)
      if (!check(text)) throw new Error(`${path(k)} gave ${text.slice(0, 300)}`)
    }
    return median(took)
  }
  const points =
    (least: number) =>
    (text: string): boolean =>
      (JSON.parse(text) as { series: { at: number[] }[] }).series[0]!.at.length >= least

  const lastHourMs = await p50(
    (k) => series(someDevice(k), `measures=${one(k)}&from=${from}&to=${to}&resolution=raw`),
    points(190),
  )
  const lakeDayMs = await p50(
    (k) =>
      series(
        someDevice(k),
        `measures=${one(k)}&from=${RAW_DAY * DAY}&to=${(RAW_DAY + 1) * DAY}&resolution=raw`,
      ),
    points(1000),
  )
  const year = `from=${(HISTORY_UNTIL - 365) * DAY}&to=${HISTORY_UNTIL * DAY}`
  const long = (k: number, rest: string): string =>
    series(k % LONG_DEVICES, `measures=${k % 2 === 0 ? 'temperature' : 'vibration'}&${rest}`)
  const yearDailyMs = await p50((k) => long(k, `${year}&calendar=day`), points(365))
  const yearDailyZoneMs = await p50((k) => long(k, `${year}&calendar=day&zone=Europe/Oslo`), points(365))
  const fiveYearsMs = await p50(
    (k) => long(k, `from=${HISTORY_FROM * DAY}&to=${HISTORY_UNTIL * DAY}&points=1000`),
    points(900),
  )
  const latestMs = await p50(
    () => '/v1/latest?limit=10000',
    (text) => text.length > DEVICES * 100,
    Math.min(rounds, 20),
  )
  say('sealing')
  if (sealRows > 0) await ask({ fillDay: { rows: sealRows, daysAgo: 1 + sealedBefore } })
  const sealed = sealRows === 0 ? null : await ask<Sealed>({ seal: true })
  await ask({ close: true })
  box.kill()
  const round = (ms: number): number => Math.round(ms * 100) / 100
  say('VictoriaMetrics')
  const peer = await victoriaMetrics({ root, from, rounds })
  return {
    lastHourMs: round(lastHourMs),
    lakeDayMs: round(lakeDayMs),
    yearDailyMs: round(yearDailyMs),
    yearDailyZoneMs: round(yearDailyZoneMs),
    fiveYearsMs: round(fiveYearsMs),
    latestMs: round(latestMs),
    bytesPerReading: round(data.rawBytes / data.rawRows),
    ...(sealed && {
      sealRowsPerSecond: Math.round(sealed.rows / sealed.seconds),
      sealRowsPerCpuSecond: Math.round(sealed.rows / sealed.cpuSeconds),
      sealPeakMb: Math.round(sealed.peakMb),
    }),
    rows: data.rawRows,
    ...(peer && { peer }),
  }
}

const median = (list: number[]): number => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!
