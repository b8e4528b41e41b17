import type { _Record as Record, MeasureValue } from '@aws-sdk/client-timestream-write'
import { Quality } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
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

/** Calls for these readings and effects: a hundred records each, multi-measure, device and version in common. */
export function requestsOf(points: readonly ReadingPoint[], effects: readonly DataEffect[]): WriteRequest[] {
  const requests: WriteRequest[] = []
  const add = (
    table: WriteRequest['table'],
    measureName: string,
    thing: string,
    version: number,
    records: Record[],
  ): void => {
    for (let i = 0; i < records.length; i += RECORDS_AT_ONCE)
      requests.push({
        table,
        common: {
          Dimensions: [dimension('thing', thing)],
          MeasureName: measureName,
          MeasureValueType: 'MULTI',
          TimeUnit: 'MICROSECONDS',
          Version: version,
        },
        records: records.slice(i, i + RECORDS_AT_ONCE),
      })
  }
  for (const group of Map.groupBy(points, (p) => `${p.thing}\n${p.receivedAt}`).values())
    add('readings', 'reading', group[0]!.thing, group[0]!.receivedAt, group.map(readingRecord))
  for (const effect of effects) {
    if (effect.kind === 'window') {
      const { thing, measure, minute, version, repaired, ...moments } = effect.window
      const values = [
        ...Object.entries(moments).map(([name, value]) => double(name, value)),
        integer('version', version),
        integer('repaired', repaired ? 1 : 0),
      ]
      // Repaired ones stand whatever their version: they begin above all streamed ones.
      add('windows', 'window', thing, version + (repaired ? REPAIRED : 0), [
        record('measure', measure, minute * 60_000, values),
      ])
    } else if (effect.kind === 'anomaly') {
      const { thing, measure, at, detector, score, observed, expected } = effect.anomaly
      const values = [
        double('score', score),
        double('observed', observed),
        ...Object.entries(expected).map(([name, value]) => double(name, value)),
      ]
      add('readings', 'anomaly', thing, 1, [
        {
          ...record('measure', measure, at, values),
          Dimensions: [dimension('measure', measure), dimension('detector', detector)],
        },
      ])
    }
  }
  return requests
}

/** More than any receipt of the next thousands of years. */
const REPAIRED = 2 ** 52

const record = (name: string, value: string, at: number, values: MeasureValue[]): Record => ({
  Dimensions: [dimension(name, value)],
  Time: String(Math.round(at * 1000)),
  MeasureValues: values,
})

const readingRecord = ({ measure, at, value, text, quality, receivedAt }: ReadingPoint): Record =>
  record('measure', measure, at, [
    ...(text === null ? [double('value', value ?? 0)] : [varchar('text', text)]),
    integer('quality', Quality[quality]),
    integer('received', receivedAt),
  ])
