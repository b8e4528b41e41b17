import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { calibrateRoom } from '../core/building/occupancy/calibrate-room.ts'
import { unknownRoom, type RoomCalibration, type ZoneMinute } from '../core/building/occupancy/features.ts'
import { estimateOccupancy, trainOccupancy } from '../core/building/occupancy/occupancy.ts'

export interface LabelledMinutes {
  minutes: ZoneMinute[]
  occupied: boolean[]
}

/** Parses a UCI 357 file: quoted CSV whose header may lack the index column. Columns are found by name. */
export function parseOccupancyFile(text: string): LabelledMinutes {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  const cells = (line: string): string[] => line.split(',').map((cell) => cell.replaceAll('"', '').trim())
  const header = cells(lines[0] ?? '').map((name) => name.toLowerCase())
  const minutes: ZoneMinute[] = []
  const occupied: boolean[] = []
  for (const line of lines.slice(1)) {
    const row = cells(line)
    const shift = row.length - header.length
    const cell = (name: string): string | undefined =>
      header.includes(name) ? row[header.indexOf(name) + shift] : undefined
    const at = Date.parse(`${(cell('date') ?? '').replace(' ', 'T')}Z`)
    if (Number.isNaN(at)) continue
    // Stamps wander by a second around the minute.
    const minute: ZoneMinute = { minute: Math.round(at / 60_000) }
    const take = (name: string, key: 'co2Ppm' | 'lightLux' | 'motion' | 'count' | 'temperatureC'): void => {
      const value = Number.parseFloat(cell(name) ?? '')
      if (Number.isFinite(value)) minute[key] = value
    }
    take('co2', 'co2Ppm')
    take('light', 'lightLux')
    take('motion', 'motion')
    take('count', 'count')
    take('temperature', 'temperatureC')
    minutes.push(minute)
    occupied.push(Number(cell('occupancy')) >= 1)
  }
  return { minutes, occupied }
}

export type SensorName = 'light' | 'co2' | 'motion' | 'temperature'
const fields: Record<SensorName, keyof ZoneMinute> = {
  light: 'lightLux',
  co2: 'co2Ppm',
  motion: 'motion',
  temperature: 'temperatureC',
}

export interface OccupancyReport {
  rows: number
  accuracy: number
  precision: number
  recall: number
  /** Mean squared error of the probability. */
  brier: number
  calibration: RoomCalibration
}

/** Runs the file minute by minute, calibrated each hour on what the room has shown before, and compares with its labels. */
export function occupancyReport(
  { minutes, occupied }: LabelledMinutes,
  without: readonly SensorName[] = [],
): OccupancyReport {
  const seen = minutes.map((m) => {
    const copy = { ...m }
    for (const name of without) delete copy[fields[name]]
    return copy
  })
  let calibration: RoomCalibration = unknownRoom
  let [right, hits, called, there, brier] = [0, 0, 0, 0, 0]
  const HOUR = 60
  for (let start = 0; start < seen.length; start += HOUR) {
    calibration = calibrateRoom(seen.slice(0, start))
    const from = Math.max(0, start - HOUR)
    const estimates = estimateOccupancy(seen.slice(from, start + HOUR), calibration).slice(start - from)
    for (const [k, estimate] of estimates.entries()) {
      const truth = occupied[start + k] === true
      right += estimate.occupied === truth ? 1 : 0
      hits += estimate.occupied && truth ? 1 : 0
      called += estimate.occupied ? 1 : 0
      there += truth ? 1 : 0
      brier += (estimate.probability - (truth ? 1 : 0)) ** 2
    }
  }
  const rows = seen.length
  const share = (a: number, b: number): number => (b === 0 ? 0 : a / b)
  return {
    rows,
    accuracy: share(right, rows),
    precision: share(hits, called),
    recall: share(hits, there),
    brier: share(brier, rows),
    calibration,
  }
}

/** Adds `occupancy FILE [--without light] [--train] [--json]`. */
export function occupancyCommand(program: Command): void {
  program
    .command('occupancy')
    .description('estimate occupancy of a labelled room file, or train the estimator on it')
    .argument('<file>', 'minutes of one room, UCI 357 form')
    .option('--without <sensor...>', 'leave sensors out: light, co2, motion, temperature')
    .option('--train', 'print the coefficients that this file gives')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { without?: SensorName[]; train?: boolean; json?: boolean }) => {
      const data = parseOccupancyFile(await readFile(file, 'utf8'))
      if (options.train === true) {
        console.log(JSON.stringify(trainOccupancy(data.minutes, data.occupied)))
        return
      }
      const unknown = (options.without ?? []).filter((name) => !Object.hasOwn(fields, name))
      if (unknown.length > 0)
        throw new Error(`unknown sensor ${unknown.join(', ')}; use ${Object.keys(fields).join(', ')}`)
      const report = occupancyReport(data, options.without)
      console.log(
        options.json === true
          ? JSON.stringify(report)
          : `${report.rows} minutes: accuracy ${report.accuracy.toFixed(4)}, precision ${report.precision.toFixed(3)}, recall ${report.recall.toFixed(3)}`,
      )
    })
}
