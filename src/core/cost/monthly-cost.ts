import { shardsNeeded, workersNeeded, type Load } from '../scaling/workers-needed.ts'
import { prices, type PriceName } from './prices.ts'

export interface CostQuestion {
  devices: number
  measures: number
  /** Readings of one measure in a minute. */
  ratePerMinute: number
  readingsPerMessage: number
  retentionYears: number
  streams: 'onDemand' | 'provisioned'
  hotDays: number
}

export interface CostLine {
  component: string
  dollars: number
  /** What was multiplied, for people who want to check. */
  basis: string
}

export interface Cost {
  lines: CostLine[]
  dollars: number
  /** Without the hot store and its writer: a machine by the hour, whatever the load. */
  dollarsWithoutHotStore: number
  readings: number
  dollarsPerMillion: number
  dollarsPerMillionWithoutHotStore: number
}

const MINUTES = 43_200
const HOURS = 720
const SECONDS = MINUTES * 60

/** DESIGN sections 5 and 9: the state of ten measures is 928 bytes; the item's names and keys are the rest. */
export const stateItemBytes = (measures: number): number => 48 + 88 * measures + 60

/** A native pack: envelope, a name a measure, and about seven characters a reading (test/core/cost measures one). */
export const messageBytes = (readings: number, measures: number): number =>
  40 + 16 * Math.min(measures, readings) + 7 * readings

/** The rule's record: the payload in base64, topic, client, receipt. */
const recordBytes = (payloadBytes: number): number => Math.ceil((payloadBytes * 4) / 3) + 130

const effect = { readingBytes: 20, windowBytes: 100 }
/** Sealed bytes in the lake: DESIGN section 9 for readings; windows and gzipped raw packs measured alike. */
const sealed = { readingBytes: 5.5, windowBytes: 30, rawBytesPerReading: 3 }
/** Pipeline function on one GiB: an invocation with its reads and commits, and a message more in it. */
const pipeline = { gib: 1, batchMs: 20, messageMs: 0.4, batchSize: 1000, targetLatencyMs: 500, burst: 2 }
const ON_DEMAND_SHARDS = 4

/** The monthly list cost of one trade on AWS, at the end of the retention time (when the lake is full). */
export function monthlyCost(q: CostQuestion): Cost {
  const readings = q.devices * q.measures * q.ratePerMinute * MINUTES
  const messages = readings / q.readingsPerMessage
  const windows = q.devices * q.measures * Math.min(1, q.ratePerMinute) * MINUTES
  const payload = messageBytes(q.readingsPerMessage, q.measures)
  const record = recordBytes(payload)
  const lanes = lanesOf(q, messages, record)
  const lines = [
    ...ingestLines(q, messages, payload, record, lanes.shards),
    ...pipelineLines(q, messages, lanes.workers),
    ...outputLines(readings, windows, q),
    ...lakeLines(readings, windows, q.retentionYears),
    line('watching', 'alarms, dashboard, firewall, logs', [
      ['alarmMonth', 60],
      ['dashboardMonth', 1],
      ['webAclMonth', 1],
      ['logsGb', 5],
    ]),
  ]
  const hot = hotStoreLines(q, readings)
  const dollarsWithoutHotStore = sum(lines)
  const dollars = dollarsWithoutHotStore + sum(hot)
  return {
    lines: [...lines, ...hot],
    dollars,
    dollarsWithoutHotStore,
    readings,
    dollarsPerMillion: (dollars / readings) * 1e6,
    dollarsPerMillionWithoutHotStore: (dollarsWithoutHotStore / readings) * 1e6,
  }
}

const sum = (lines: readonly CostLine[]): number => lines.reduce((total, l) => total + l.dollars, 0)

function line(component: string, basis: string, parts: readonly (readonly [PriceName, number])[]): CostLine {
  return {
    component,
    dollars: parts.reduce((total, [name, units]) => total + prices.items[name].dollars * units, 0),
    basis,
  }
}

/** Shards and busy lanes: a lane of a steady stream is never idle, it just takes smaller batches. */
function lanesOf(q: CostQuestion, messages: number, bytes: number): { shards: number; workers: number } {
  const recordsPerSecond = messages / SECONDS
  const load: Load = {
    recordsPerSecond,
    burst: pipeline.burst,
    batchMs: pipeline.batchMs,
    recordMs: pipeline.messageMs,
    batchSize: pipeline.batchSize,
  }
  const needed = shardsNeeded(
    { ...load, bytesPerSecond: recordsPerSecond * bytes },
    pipeline.targetLatencyMs,
    1,
  )
  const shards = q.streams === 'onDemand' ? Math.max(ON_DEMAND_SHARDS, needed) : needed
  return { shards, workers: Math.max(shards, workersNeeded(load, pipeline.targetLatencyMs)) }
}

function ingestLines(
  q: CostQuestion,
  messages: number,
  payload: number,
  record: number,
  shards: number,
): CostLine[] {
  const units = messages * Math.ceil(payload / 5120)
  const gb = (messages * Math.ceil(record / 1024) * 1024) / 1e9
  return [
    line('connections', `${q.devices} devices all month`, [['iotConnectionMinute', q.devices * MINUTES]]),
    line('rule and action', `${round(units / 1e6)} M units of 5 KB, Basic Ingest (no messaging charge)`, [
      ['iotRule', units],
      ['iotAction', units],
    ]),
    q.streams === 'onDemand'
      ? line('stream in', `on demand, ${round(gb)} GB`, [
          ['kinesisStreamHour', HOURS],
          ['kinesisGbIn', gb],
          ['kinesisGbFanOut', gb],
        ])
      : line('stream in', `${shards} shards, ${round((messages * record) / 1e9)} GB`, [
          ['kinesisShardHour', shards * HOURS],
          ['kinesisPutUnit', messages * Math.ceil(record / 25_600)],
          ['kinesisConsumerShardHour', shards * HOURS],
          ['kinesisShardGbFanOut', (messages * record) / 1e9],
        ]),
  ]
}

function pipelineLines(q: CostQuestion, messages: number, workers: number): CostLine[] {
  const item = stateItemBytes(q.measures)
  const writes = messages * Math.ceil(item / 1024)
  const reads = messages * Math.ceil(item / 4096)
  const perWorker = messages / SECONDS / workers / 1000
  const batchMs = pipeline.batchMs / Math.max(0.05, 1 - perWorker * pipeline.messageMs)
  // Below one message a batch a lane waits for the next message; above, it goes on without a pause.
  const invocations = Math.min(messages, (workers * SECONDS * 1000) / batchMs)
  const seconds = Math.min((invocations * batchMs) / 1000, workers * SECONDS)
  const sweep = (q.devices * item * MINUTES) / 4096 / 2
  return [
    line('state', `${round(writes / 1e6)} M writes of ${Math.ceil(item / 1024)} KB, one a message`, [
      ['dynamoWriteUnit', writes],
      ['dynamoReadUnit', reads],
      ['dynamoGbMonth', (q.devices * item) / 1e9],
    ]),
    line('pipeline function', `${workers} lanes of 1 GiB, ${round(invocations / 1e6)} M invocations`, [
      ['lambdaRequest', invocations],
      ['lambdaGibSecond', seconds * pipeline.gib],
    ]),
    line('minute sweep and jobs', `${q.devices} states read a minute, two functions a minute`, [
      ['dynamoReadUnit', sweep],
      ['lambdaRequest', 4 * MINUTES],
      ['lambdaGibSecond', MINUTES * (2 + q.devices / 20_000)],
    ]),
  ]
}

function outputLines(readings: number, windows: number, q: CostQuestion): CostLine[] {
  const bytes = readings * effect.readingBytes + windows * effect.windowBytes
  const perSecond = bytes / SECONDS
  const shards = Math.max(1, Math.ceil((perSecond * pipeline.burst) / 1e6))
  return [
    q.streams === 'onDemand'
      ? line('output stream', `on demand, ${round(bytes / 1e9)} GB in, twice out`, [
          ['kinesisStreamHour', HOURS],
          ['kinesisGbIn', bytes / 1e9],
          ['kinesisGbOut', (2 * bytes) / 1e9],
        ])
      : line('output stream', `${shards} shards, ${round(bytes / 1e9)} GB`, [
          ['kinesisShardHour', shards * HOURS],
          ['kinesisPutUnit', bytes / 25_600],
        ]),
    line('archive and compaction', 'one write a shard and second at most, one day published', [
      ['lambdaRequest', shards * SECONDS],
      ['lambdaGibSecond', shards * SECONDS * 0.05 + (readings / 1e6) * 1.5],
      ['s3Put', shards * (MINUTES / 5) + 30 * 256],
    ]),
  ]
}

function lakeLines(readings: number, windows: number, years: number): CostLine[] {
  const gb =
    (readings * (sealed.readingBytes + sealed.rawBytesPerReading) + windows * sealed.windowBytes) / 1e9
  const months = Math.round(years * 12)
  const between = (from: number, to: number): number => Math.max(0, Math.min(months, to) - from)
  return [
    line('lake', `${round(gb)} GB a month kept for ${years} years, in tiers`, [
      ['s3StandardGbMonth', gb * between(0, 1)],
      ['s3InfrequentGbMonth', gb * between(1, 12)],
      ['s3GlacierInstantGbMonth', gb * between(12, 60)],
      ['s3DeepArchiveGbMonth', gb * between(60, Infinity)],
    ]),
  ]
}

/** AWS prescriptive guidance: points a second that an instance takes; the price doubles with the size. */
const influxSizes = [
  { name: 'db.influx.medium', pointsPerSecond: 2_000, times: 1 },
  { name: 'db.influx.large', pointsPerSecond: 10_000, times: 2 },
  { name: 'db.influx.xlarge', pointsPerSecond: 50_000, times: 4 },
  { name: 'db.influx.2xlarge', pointsPerSecond: 150_000, times: 8 },
  { name: 'db.influx.4xlarge', pointsPerSecond: 300_000, times: 16 },
  { name: 'db.influx.8xlarge', pointsPerSecond: 600_000, times: 32 },
]

function hotStoreLines(q: CostQuestion, readings: number): CostLine[] {
  const perSecond = readings / SECONDS
  const largest = influxSizes[influxSizes.length - 1]!
  const size = influxSizes.find((s) => s.pointsPerSecond >= perSecond) ?? largest
  const instances = Math.ceil(perSecond / largest.pointsPerSecond)
  // InfluxDB's own compression, about 2.5 bytes a field value, and the index.
  const gb = Math.max(20, (readings / 30) * q.hotDays * 3 * 1e-9)
  return [
    line('hot store', `${instances} × ${size.name}, ${round(gb)} GB`, [
      ['influxMediumHour', size.times * instances * HOURS],
      ['influxStorageGbMonth', gb],
      ['endpointZoneHour', 2 * HOURS],
      ['secretMonth', 2],
    ]),
    line('hot store writer', 'one write a second and shard', [
      ['lambdaRequest', SECONDS],
      ['lambdaGibSecond', SECONDS * 0.1],
    ]),
  ]
}

const round = (n: number): string => n.toLocaleString('en', { maximumFractionDigits: n < 10 ? 2 : 0 })
