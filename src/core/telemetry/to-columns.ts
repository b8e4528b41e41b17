import { BadRecord } from './errors.ts'
import { limits } from './limits.ts'
import { column, type Column, type EpochMs } from './reading.ts'
import type { Sample } from './sample.ts'
import { shown } from './shown.ts'

/** One reading of a format that lists readings instead of packing them. */
export interface ListedReading {
  measure: string
  unit: string | null
  at: EpochMs
  sample: Sample
}

/** Gathers listed readings into one column a measure, each ascending by `at`, equal times in their given order. */
export function toColumns(readings: readonly ListedReading[]): Column[] {
  if (readings.length > limits.samplesPerMessage)
    throw new BadRecord(
      'too_many_samples',
      `message has ${readings.length} samples; allowed are ${limits.samplesPerMessage}`,
    )
  const series = Map.groupBy(readings, (reading) => reading.measure)
  if (series.size > limits.measuresPerMessage)
    throw new BadRecord(
      'too_many_measures',
      `message has ${series.size} measures; allowed are ${limits.measuresPerMessage}`,
    )
  return [...series].map(([measure, listed]) => toColumn(measure, listed))
}

function toColumn(measure: string, listed: ListedReading[]): Column {
  const { unit } = listed[0]!
  let isAscending = true
  let latest = -Infinity
  for (const other of listed) {
    if (other.at < latest) isAscending = false
    latest = other.at
    if (other.unit !== unit)
      throw new BadRecord(
        'bad_unit',
        `${measure} has units ${shown(unit)} and ${shown(other.unit)}; allowed is one unit a message`,
      )
  }
  if (!isAscending) listed.sort((a, b) => a.at - b.at)
  const hasText = listed.some(({ sample }) => typeof sample === 'string')
  const gathered = column(
    measure,
    Float64Array.from(listed, ({ at }) => at),
    Float64Array.from(listed, ({ sample }) => (typeof sample === 'number' ? sample : Number.NaN)),
    hasText ? listed.map(({ sample }) => (typeof sample === 'string' ? sample : null)) : null,
  )
  gathered.unit = unit
  return gathered
}
