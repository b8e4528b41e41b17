import { BadRecord } from './errors.ts'
import { toMeasureName } from './measure-name.ts'
import type { Column, EpochMs } from './reading.ts'
import { checkedName, checkedUnit, toSample } from './sample.ts'
import { walkSenml, type NamedRecord, type SenmlRecord } from './senml.ts'
import { checkedTime, isTime } from './timestamp.ts'
import { toColumns, type ListedReading } from './to-columns.ts'

/** Decodes a SenML pack with JSON labels, however it was encoded, into columns (docs/wire-format.md). */
export function decodeSenml(pack: unknown, receivedAt: EpochMs): Column[] {
  const named = walkSenml(pack, receivedAt / 1000)
  const device = named.find(({ base }) => base !== '' && !isPath(base))?.base ?? ''
  const nameOf = namer(device)
  const readings: ListedReading[] = []
  for (const one of named) addReadings(readings, one.record, nameOf(one))
  return toColumns(readings)
}

/** Names repeat throughout a pack; each is made once. */
function namer(device: string): (named: NamedRecord) => string {
  const made = new Map<string, string>()
  return (named) => {
    const key = `${named.base}\n${named.local}\n${named.record.u ?? ''}`
    const known = made.get(key)
    if (known !== undefined) return known
    const name = measureName(named, device)
    made.set(key, name)
    return name
  }
}

function addReadings(readings: ListedReading[], record: SenmlRecord, measure: string): void {
  const unit = record.u === undefined ? null : checkedUnit(record.u, measure)
  const at = Math.round(record.t * 1000)
  if (!isTime(at)) checkedTime(at, `time of ${measure}`)
  if (record.vd !== undefined)
    throw new BadRecord(
      'bad_value',
      `${measure} is binary data (vd) of ${record.vd.length} characters; allowed are v, vs and vb`,
    )
  const value = record.v ?? record.vb ?? record.vs
  if (value !== undefined) readings.push({ measure, unit, at, sample: toSample(value, measure) })
  if (record.s !== undefined) readings.push(sumReading(measure, unit, at, record.s))
}

/** RFC 8428 section 4.2: a sum is the integral of the value over time in seconds; it becomes a measure of its own. */
const sumReading = (measure: string, unit: string | null, at: EpochMs, sum: number): ListedReading => {
  const [bare, instance] = measure.split('@') as [string, string?]
  const name = checkedName(instance === undefined ? `${bare}.sum` : `${bare}.sum@${instance}`)
  return { measure: name, unit: unit === null ? null : `${unit}.s`, at, sample: toSample(sum, name) }
}

/** Base names that start so are paths on the device (LwM2M /3303/0/), not names of a device. */
const isPath = (base: string): boolean => base.startsWith('/')

function measureName({ base, local, record }: NamedRecord, device: string): string {
  const path = (isPath(base) ? base + local : local).replace(deviceUrn, '').replace(/^[/:._-]+/, '')
  const name = path === '' ? naturalName(record.u) : toMeasureName(path)
  const instance = base === device || isPath(base) ? '' : withoutSeparators(base)
  return checkedName(instance === '' ? name : `${name}@${instance}`)
}

/** A loop, because a pattern that ends in `$` takes quadratic time on a run of separators. */
function withoutSeparators(base: string): string {
  let end = base.length
  while (end > 0 && '/:._-'.includes(base[end - 1]!)) end--
  return base.slice(0, end)
}

/** RFC 9039: urn:dev:<subtype>:<identifier>, then what is measured. */
const deviceUrn = /^urn:dev:[a-z]+:[^:/_]+/

/** What a record without a name measures, told by its unit. */
const naturalName = (unit = ''): string => (Object.hasOwn(naturalNames, unit) ? naturalNames[unit]! : 'value')
const naturalNames: Readonly<Record<string, string>> = {
  Cel: 'temperature',
  K: 'temperature',
  '%RH': 'humidity',
  '%EL': 'battery',
  EL: 'batteryLife',
  Pa: 'pressure',
  V: 'voltage',
  A: 'current',
  W: 'power',
  J: 'energy',
  Hz: 'frequency',
  lx: 'illuminance',
  lon: 'longitude',
  lat: 'latitude',
  'm/s': 'speed',
  'm/s2': 'acceleration',
  m: 'distance',
  kg: 'mass',
  'beat/min': 'heartRate',
  'm3/s': 'flow',
  'l/s': 'flow',
  pH: 'ph',
  count: 'count',
}
