import {
  addBirth,
  birthSequence,
  emptyBirthTable,
  identify,
  type BirthTable,
  type SparkplugMetric,
  type SparkplugPayload,
} from './birth-table.ts'
import { BadRecord } from './errors.ts'
import { toMeasureName } from './measure-name.ts'
import type { Column, EpochMs } from './reading.ts'
import { impliedDatatype, isTelemetryType, toMetricSample } from './sparkplug-value.ts'
import { checkedTime } from './timestamp.ts'
import { toColumns, type ListedReading } from './to-columns.ts'
import type { SparkplugTopic } from './topic.ts'

/** What one Sparkplug B message says and does to its edge node's session. */
export interface SparkplugOutcome {
  table: BirthTable
  columns: { child: string | null; columns: Column[] }[]
  /** Whether the edge node should be asked for a rebirth: a gap, an unknown alias, a device that was never born. */
  rebirth: boolean
  died: 'node' | 'device' | null
  /** Metrics that hold no telemetry, with the reason: the rest of their message counts all the same. */
  skipped: { name: string; detail: string }[]
  /** Why the record belongs into quarantine although its session moved on and its other metrics count; null if it does not. */
  refusal: BadRecord | null
}

/**
 * Applies a message to its edge node's birth table (Sparkplug 3.0.0 sections 5 and 6). Throws BadRecord for what is no
 * Sparkplug B message. What is one, but whose metrics cannot be read, moves its session on and comes back with a
 * `refusal`: a birth must count even if its values do not, else every later alias would be unknown.
 */
export function applySparkplug(
  known: BirthTable | undefined,
  topic: SparkplugTopic,
  payload: SparkplugPayload,
  receivedAt: EpochMs,
): SparkplugOutcome {
  const before = known ?? emptyBirthTable(topic.thing)
  if (topic.type === 'NDEATH') return applyNodeDeath(before, payload)
  const { inOrder, seq } = sequence(before, topic, payload)
  const table = { ...nextTable(before, topic, payload, receivedAt), seq }
  const unborn = topic.type === 'DDATA' && !table.devices.includes(topic.child!)
  const outcome: SparkplugOutcome = { ...silent(table), rebirth: !inOrder || !table.born || unborn }
  if (topic.type === 'DDEATH') return { ...outcome, died: 'device' }
  try {
    const { live, history, skipped, refusal } = readMetrics(table, topic, payload, receivedAt)
    const columns = [
      ...toColumns(live),
      ...toColumns(history).map((column) => ({ ...column, history: true })),
    ]
    const batches = columns.length === 0 ? [] : [{ child: topic.child, columns }]
    return { ...outcome, columns: batches, skipped, refusal }
  } catch (error) {
    if (!(error instanceof BadRecord)) throw error
    return { ...outcome, refusal: error, rebirth: outcome.rebirth || error.reason === 'unknown_alias' }
  }
}

const silent = (table: BirthTable): SparkplugOutcome => ({
  table,
  columns: [],
  rebirth: false,
  died: null,
  skipped: [],
  refusal: null,
})

/** Section 6.4.5: a death names its session; one of an earlier session arrived late and means nothing. */
function applyNodeDeath(table: BirthTable, payload: SparkplugPayload): SparkplugOutcome {
  const bdSeq = birthSequence(payload)
  if (bdSeq === null)
    throw new BadRecord('bad_sparkplug', 'NDEATH has no bdSeq; allowed is the bdSeq of its NBIRTH')
  const isStale = table.bdSeq !== null && bdSeq !== table.bdSeq
  if (isStale) return silent(table)
  return { ...silent({ ...table, born: false, devices: [], seq: null }), died: 'node' }
}

/** Section 6.4.4: 0 to 255, one more each message, 0 again at a birth. A repeated one is a redelivery. */
function sequence(table: BirthTable, { type }: SparkplugTopic, { seq }: SparkplugPayload) {
  if (seq === null || seq > 255)
    throw new BadRecord('bad_sparkplug', `seq is ${seq ?? 'missing'}; allowed are 0 to 255`)
  const follows = table.seq === null || seq === (table.seq + 1) % 256 || seq === table.seq
  return { seq, inOrder: type === 'NBIRTH' || follows }
}

function nextTable(
  table: BirthTable,
  { type, child }: SparkplugTopic,
  payload: SparkplugPayload,
  receivedAt: EpochMs,
): BirthTable {
  if (type === 'NBIRTH' || type === 'DBIRTH') return addBirth(table, child, payload, receivedAt)
  if (type === 'DDEATH') return { ...table, devices: table.devices.filter((device) => device !== child) }
  return table
}

/** Names under which nodes and devices are controlled or keep their session; no telemetry. */
const isControl = (name: string): boolean => /^(?:bdSeq$|Node Control\/|Device Control\/)/.test(name)

function readMetrics(
  table: BirthTable,
  { child }: SparkplugTopic,
  payload: SparkplugPayload,
  receivedAt: EpochMs,
) {
  const live: ListedReading[] = []
  const history: ListedReading[] = []
  const skipped: SparkplugOutcome['skipped'] = []
  let refusal: BadRecord | null = null
  for (const metric of payload.metrics) {
    const { name, datatype } = identify(table, child, metric)
    if (isControl(name)) continue
    try {
      const type = datatype || impliedDatatype(metric.value)
      if (isTelemetryType(type))
        (metric.historical ? history : live).push(
          ...toReading(name, type, metric, payload.timestamp ?? receivedAt),
        )
      else if (metric.value) skipped.push({ name, detail: `data type ${type} holds no telemetry` })
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error
      refusal ??= error
      skipped.push({ name, detail: error.message })
    }
  }
  return { live, history, skipped, refusal }
}

function toReading(
  name: string,
  datatype: number,
  metric: SparkplugMetric,
  sentAt: EpochMs,
): ListedReading[] {
  const sample = toMetricSample(name, datatype, metric.value)
  if (sample === null) return []
  const at = checkedTime(metric.timestamp ?? sentAt, `timestamp of ${name}`)
  return [{ measure: toMeasureName(name), unit: null, at, sample }]
}
