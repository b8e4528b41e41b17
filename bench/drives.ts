import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { boxDefaults, startBox } from '../local/box.ts'
import { readText, withData } from '../src/cli/support/given-data.ts'
import { DataFault } from '../src/core/maintenance/data-fault.ts'
import type { Fact } from '../src/core/telemetry/stage.ts'

interface Row {
  drive: string
  at: number
  latitude: number
  longitude: number
  accelX: number
  accelY: number
  flagged: boolean
  miles: number
}

export interface DrivesResult extends Record<string, unknown> {
  drives: number
  trips: number
  /** Trips that lie within one drive, one each. */
  matched: number
  flaggedSeconds: number
  foundSeconds: number
  falseSeconds: number
  /** Drives over a mile whose start is not trimmed: how many, and the largest deviation of their way. */
  measuredDrives: number
  worstDistancePercent: number
}

const PACK = 20
const IN_FLIGHT = 50

/**
 * Sends a file of recorded drives (columns drive, time_utc, gps_lat, gps_long, accel_x, accel_y, accel_event,
 * cumulative_drive_dist_mi) to a box through MQTT over mutual TLS, position and IMU only, and holds what the box says
 * of them against the file.
 */
export async function drives({ data }: { data: string }): Promise<DrivesResult> {
  const text = await readText(data)
  const rows = withData(data, () => readDrives(text))
  const dir = mkdtempSync(join(tmpdir(), 'telltale-drives-'))
  const box = await startBox({
    ...boxDefaults,
    dir,
    mqttPort: 0,
    httpsPort: 0,
    httpPort: 0,
    notifiers: [],
    version: 'bench',
    log: (line) => console.error(line),
  })
  try {
    const thing = 'vehicle-1'
    const attributes = { harshG: '0.35/0.45/0.6' }
    await box.devices.put({ thing, trade: 'fleet', type: 'vehicle', status: 'active', attributes }, 'bench')
    const { certificatePem, privateKeyPem } = await box.devices.issue(thing)
    const client = await mqtt.connectAsync(box.mqttUrl, {
      clientId: thing,
      cert: certificatePem,
      key: privateKeyPem,
      ca: box.rootPem,
    })
    await send(client, thing, rows)
    await client.endAsync()
    await box.repaired()
    const facts = async (type: string): Promise<Fact[]> => {
      const query = new URLSearchParams({ thing, limit: '1000', from: String(rows[0]!.at - 1), to: String(rows.at(-1)!.at + 1) }) // prettier-ignore
      const answer = await fetch(`${box.url}/v1/facts/${type}?${query.toString()}`, {
        headers: { authorization: `Bearer ${box.token}` },
      })
      if (!answer.ok) throw new Error(`${type}: ${await answer.text()}`)
      return ((await answer.json()) as { items: Fact[] }).items
    }
    return judge(rows, await facts('trip'), await facts('harsh'))
  } finally {
    await box.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function send(client: mqtt.MqttClient, thing: string, rows: readonly Row[]): Promise<void> {
  const waiting = new Set<Promise<unknown>>()
  for (let i = 0; i < rows.length; i += PACK) {
    const pack = rows.slice(i, i + PACK)
    const column = (name: 'latitude' | 'longitude' | 'accelX' | 'accelY') => pack.map((row) => (Number.isNaN(row[name]) ? null : row[name])) // prettier-ignore
    const payload = {
      at: pack[0]!.at,
      offsets: pack.map(({ at }) => at - pack[0]!.at),
      measures: {
        latitude: column('latitude'),
        longitude: column('longitude'),
        accelX: column('accelX'),
        accelY: column('accelY'),
      },
    }
    const sent = client.publishAsync(`dt/fleet/${thing}/telemetry`, JSON.stringify(payload), { qos: 1 })
    waiting.add(sent)
    void sent.then(() => waiting.delete(sent))
    if (waiting.size >= IN_FLIGHT) await Promise.race(waiting)
  }
  await Promise.all(waiting)
}

const MILE_M = 1609.344
/** A drive that begins with more than this on its odometer lacks its start, so its way cannot be compared. */
const TRIMMED_MILES = 0.5

function judge(rows: readonly Row[], trips: readonly Fact[], harsh: readonly Fact[]): DrivesResult {
  const byDrive = [...Map.groupBy(rows, ({ drive }) => drive).values()]
  const within = (trip: Fact, drive: readonly Row[]): boolean =>
    trip.at >= drive[0]!.at - 1000 && trip.until <= drive.at(-1)!.at + 1000
  const matches = byDrive.map((drive) => trips.filter((trip) => within(trip, drive)))
  const deviations = byDrive.flatMap((drive, i) => {
    const [first, last] = [drive[0]!, drive.at(-1)!]
    if (last.miles <= 1 || first.miles > TRIMMED_MILES || matches[i]!.length !== 1) return []
    return [Math.abs((matches[i]![0]!.value['distanceM'] as number) / (last.miles * MILE_M) - 1) * 100]
  })
  const flagged = rows.filter((row) => row.flagged)
  const found = flagged.filter(({ at }) => harsh.some((event) => event.at <= at && at <= event.until))
  const seconds = harsh.reduce((sum, { value }) => sum + (value['readings'] as number), 0)
  return {
    bench: 'drives',
    drives: byDrive.length,
    trips: trips.length,
    matched: matches.filter((list) => list.length === 1).length,
    flaggedSeconds: flagged.length,
    foundSeconds: found.length,
    falseSeconds: seconds - found.length,
    measuredDrives: deviations.length,
    worstDistancePercent: Number(Math.max(0, ...deviations).toFixed(2)),
  }
}

/** Rows by the names in the file's head, in order of time. */
function readDrives(text: string): Row[] {
  const [head, ...lines] = text.trim().split(/\r?\n/)
  const names = head!.split(',').map(unquoted)
  const index = (name: string): number => {
    const found = names.indexOf(name)
    if (found < 0) throw new DataFault(`there is no column ${name}`)
    return found
  }
  const [drive, time, lat, lon] = ['drive', 'time_utc', 'gps_lat', 'gps_long'].map(index) as [number, number, number, number] // prettier-ignore
  const [x, y, event, miles] = ['accel_x', 'accel_y', 'accel_event', 'cumulative_drive_dist_mi'].map(index) as [number, number, number, number] // prettier-ignore
  const number = (cell: string | undefined): number =>
    cell === undefined || cell === '' || cell === 'NA' ? NaN : Number(cell)
  if (lines.length === 0) throw new DataFault('there are no rows')
  return lines
    .map((line, i): Row => {
      const cells = line.split(',').map(unquoted)
      if (cells.length !== names.length)
        throw new DataFault(`line ${i + 2} has ${cells.length} cells, the header ${names.length}`)
      const row = {
        drive: cells[drive]!,
        at: Date.parse(`${cells[time]!.replace(' ', 'T').replace(/Z$/, '')}Z`),
        latitude: number(cells[lat]),
        longitude: number(cells[lon]),
        accelX: number(cells[x]),
        accelY: number(cells[y]),
        flagged: cells[event] !== 'NA' && cells[event] !== '',
        miles: number(cells[miles]),
      }
      if (Number.isNaN(row.at))
        throw new DataFault(`line ${i + 2} has no time that can be read: ${cells[time]}`)
      return row
    })
    .sort((a, b) => a.at - b.at)
}

const unquoted = (cell: string): string => cell.replace(/^"(.*)"$/, '$1')
