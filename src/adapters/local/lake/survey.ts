import type { DatabaseSync } from 'node:sqlite'
import { bucketOf, bucketsFor, DAY, dayOf } from '../../../core/history/lake-layout.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { readManifest, type ManifestFile } from './manifest.ts'

/** One piece of sealing: a day of a bucket of devices, small enough for one transaction. */
export interface SealUnit {
  day: number
  bucket: number
  buckets: number
  /** What is sealed of the day: half-open. */
  from: EpochMs
  to: EpochMs
  /** Whole days are merged with what was sealed of them before, and rolled up. */
  whole: boolean
  devices: { id: number; thing: string }[]
  merge: ManifestFile[]
  /** Whether windows wait: those sealed before are damaged, and roll-ups without them would be wrong. */
  windowsWait: boolean
}

export interface SurveyOptions {
  /** Rows from here on stay. */
  bound: EpochMs
  now: EpochMs
  /** A day that was sealed whole waits this long until late rows are worth another pass. */
  resealAfterMs: number
}

/** Bytes that a reading takes in a tail row, roughly: for choosing buckets only. */
const BYTES_A_READING = 10
/** Devices that are weighed to guess how much a day is: weighing all would read the whole tail. */
const WEIGHED = 100

/** What is due: what the tail holds before the bound, and days that are over but still in hourly pieces. */
export function survey(db: DatabaseSync, { bound, now, resealAfterMs }: SurveyOptions): SealUnit[] {
  const days = new Map<number, Map<number, string>>()
  const devicesOn = (day: number): Map<number, string> => {
    let devices = days.get(day)
    if (!devices) days.set(day, (devices = new Map<number, string>()))
    return devices
  }
  const nameOf = db.prepare('SELECT name FROM name WHERE id = ?')
  const thingOf = (id: number): string => (nameOf.get(id) as { name: string }).name

  const nextDevice = db.prepare('SELECT min(device) AS d FROM pack WHERE device > ?')
  const nextAt = db.prepare('SELECT min(at) AS at FROM pack WHERE device = ? AND at >= ? AND at < ?')
  const bytesIn = db.prepare(
    'SELECT sum(length(data)) AS bytes FROM pack WHERE device = ? AND at >= ? AND at < ?',
  )
  for (let device = -1; ;) {
    const { d } = nextDevice.get(device) as { d: number | null }
    if (d === null) break
    device = d
    for (let from = 0; ;) {
      const { at } = nextAt.get(device, from, bound) as { at: number | null }
      if (at === null) break
      const day = dayOf(at)
      devicesOn(day).set(device, thingOf(device))
      from = (day + 1) * DAY
    }
  }
  const nextSeries = db.prepare('SELECT min(device) AS d FROM window WHERE device > ?')
  const nextMeasure = db.prepare('SELECT min(measure) AS m FROM window WHERE device = ? AND measure > ?')
  const nextMinute = db.prepare(
    'SELECT min(minute) AS m FROM window WHERE device = ? AND measure = ? AND minute >= ? AND minute < ?',
  )
  const lastMinute = bound / 60_000
  for (let device = -1; ;) {
    const { d } = nextSeries.get(device) as { d: number | null }
    if (d === null) break
    device = d
    for (let measure = -1; ;) {
      const { m } = nextMeasure.get(device, measure) as { m: number | null }
      if (m === null) break
      measure = m
      for (let from = 0; ;) {
        const { m: minute } = nextMinute.get(device, measure, from, lastMinute) as { m: number | null }
        if (minute === null) break
        const day = Math.floor(minute / 1440)
        devicesOn(day).set(device, thingOf(device))
        from = (day + 1) * 1440
      }
    }
  }

  const manifest = readManifest(db)
  const today = dayOf(bound)
  for (const day of manifest.daysInPieces(today)) devicesOn(day)
  const units: SealUnit[] = []
  /** Bytes of a day's readings, from a few of its devices. */
  function weigh(devices: ReadonlyMap<number, string>, from: EpochMs, to: EpochMs): number {
    const some = [...devices.keys()].filter((_, i) => i % Math.ceil(devices.size / WEIGHED) === 0)
    const bytes = some.reduce(
      (sum, id) => sum + ((bytesIn.get(id, from, to) as { bytes: number | null }).bytes ?? 0),
      0,
    )
    return (bytes * devices.size) / some.length
  }
  for (const [day, devices] of [...days].sort(([a], [b]) => a - b)) {
    const known = manifest.files(null, day, day + 1).filter((f) => f.stage === 'hour' || f.stage === 'day')
    const whole = day < today
    const from = day * DAY
    const to = whole ? from + DAY : bound
    const buckets =
      known[0]?.buckets ?? bucketsFor((weigh(devices, from, to) / BYTES_A_READING) * (DAY / (to - from)))
    for (let bucket = 0; bucket < buckets; bucket++) {
      const mine = [...devices].filter(([, thing]) => bucketOf(thing, buckets) === bucket)
      const sealed = known.filter((f) => f.bucket === bucket)
      const merge = whole ? sealed.filter((f) => !f.damaged) : []
      const pieces = merge.some((f) => f.stage === 'hour')
      if (mine.length === 0 && !pieces) continue
      const sealedAt = Math.max(0, ...merge.map((f) => f.sealedAt))
      if (whole && !pieces && merge.length > 0 && now - sealedAt < resealAfterMs && now >= sealedAt) continue
      units.push({
        day, bucket, buckets, from, to, whole, merge,
        windowsWait: whole && sealed.some((f) => f.damaged && f.kind === 'windows'),
        devices: mine.map(([id, thing]) => ({ id, thing })).sort((a, b) => (a.thing < b.thing ? -1 : 1)),
      }) // prettier-ignore
    }
  }
  return units
}
