import type { _Record as Record, MeasureValue } from '@aws-sdk/client-timestream-write'
import { Quality, type EpochMs } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { DeviceMinute } from '../hot/hot-store.ts'
import type { ReadingPoint } from '../hot/reading-points.ts'

export interface WriteRequest {
  table: 'readings' | 'windows'
  /** What all records of the call share. AWS: a dimension may be here or in a record, not in both. */
  common: Record
  records: Record[]
}

/** AWS: the most records of one call. */
const RECORDS_AT_ONCE = 100

const double = (Name: string, value: number): MeasureValue => ({ Name, Value: String(value), Type: 'DOUBLE' })
const integer = (Name: string, value: number): MeasureValue => ({
  Name,
  Value: String(value),
  Type: 'BIGINT',
})
const varchar = (Name: string, Value: string): MeasureValue => ({ Name, Value, Type: 'VARCHAR' })
const dimension = (Name: string, Value: string) => ({ Name, Value })

type Shared = Pick<Record, 'Dimensions' | 'MeasureName' | 'Version'>

function calls(table: WriteRequest['table'], shared: Shared, records: readonly Record[]): WriteRequest[] {
  const requests: WriteRequest[] = []
  const common = { MeasureValueType: 'MULTI', TimeUnit: 'MICROSECONDS', ...shared } as const
  for (let i = 0; i < records.length; i += RECORDS_AT_ONCE)
    requests.push({ table, common, records: records.slice(i, i + RECORDS_AT_ONCE) })
  return requests
}

/**
 * Calls for readings: a device and version in common. A version is the newest receipt; where something was stored
 * already and has been settled with it, the moment of that, which is later than any receipt that went in.
 */
export function readingRequests(points: readonly ReadingPoint[], now: EpochMs): WriteRequest[] {
  const versionOf = ({ careful, receivedAt }: ReadingPoint): number => (careful ? now : receivedAt)
  const groups = Map.groupBy(points, (point) => `${point.thing}\n${versionOf(point)}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const shared = {
      Dimensions: [dimension('thing', first!.thing)],
      MeasureName: 'reading',
      Version: versionOf(first!),
    }
    return calls('readings', shared, group.map(readingRecord))
  })
}

/** Calls for windows that are settled among each other. */
export function windowRequests(windows: readonly WindowRow[]): WriteRequest[] {
  const records = windows.map(({ thing, measure, minute, version, repaired, ...moments }): Record => ({
    Dimensions: [dimension('thing', thing), dimension('measure', measure)],
    Time: String(minute * 60_000_000),
    Version: versionOf({ version, repaired }),
    MeasureValues: [
      ...Object.entries(moments).map(([name, value]) => double(name, value)),
      integer('version', version),
      integer('repaired', repaired ? 1 : 0),
    ],
  }))
  return calls('windows', { MeasureName: 'window' }, records)
}

/** Repaired windows stand whatever their version: theirs begin above all streamed ones. */
const versionOf = ({ version, repaired }: Pick<WindowRow, 'version' | 'repaired'>): number =>
  version + (repaired ? REPAIRED : 0)

/** The minute of a streamed window's record that a repaired one refused; null for every other record. */
export function refusedByRepaired(record: Record, existingVersion: number): DeviceMinute | null {
  if (existingVersion < REPAIRED || (record.Version ?? 0) >= REPAIRED) return null
  const thing = record.Dimensions?.find(({ Name }) => Name === 'thing')?.Value ?? ''
  return { thing, minute: Number(record.Time) / 60_000_000 }
}

export function anomalyRequests(effects: readonly DataEffect[]): WriteRequest[] {
  const records = effects.flatMap((effect): Record[] => {
    if (effect.kind !== 'anomaly') return []
    const { thing, measure, at, detector, score, observed, expected } = effect.anomaly
    const values = [
      double('score', score),
      double('observed', observed),
      ...Object.entries(expected).map(([name, value]) => double(name, value)),
    ]
    const names = Object.entries({ thing, measure, detector })
    return [{ Dimensions: names.map(([name, value]) => dimension(name, value)), Time: timeOf(at), MeasureValues: values }] // prettier-ignore
  })
  return calls('readings', { MeasureName: 'anomaly', Version: 1 }, records)
}

/** More than any receipt of the next thousands of years. */
const REPAIRED = 2 ** 52

const timeOf = (at: EpochMs): string => String(Math.round(at * 1000))

/** AWS does not say what becomes of measures that an update leaves out: so `kind` says which of both counts. */
const readingRecord = ({ measure, at, value, text, quality, receivedAt, confirmedAt, careful }: ReadingPoint): Record => ({
  Dimensions: [dimension('measure', measure)],
  Time: timeOf(at),
  MeasureValues: [
    ...(text === null ? [double('value', value ?? 0)] : [varchar('text', text)]),
    integer('kind', text === null ? 0 : 1),
    integer('quality', Quality[quality]),
    integer('received', receivedAt),
    ...(careful ? [integer('confirmed', confirmedAt ?? 0)] : []),
  ],
}) // prettier-ignore
