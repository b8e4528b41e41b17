import { pipelineLoad, TARGET_LATENCY_MS } from '../scaling/pipeline-load.ts'
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
  /** How the table of device states is paid: by the request, or for a capacity that follows the load. */
  state: 'onDemand' | 'autoscaled'
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

/** JSON in the output stream, measured over packs of five samples of ten measures (test/core/cost). */
const effect = { readingBytes: 18, windowBytes: 260 }
/** Bytes in the lake's files (bench query, and compaction of the same packs): zstd Parquet, gzipped envelopes. */
const sealed = { readingBytes: 3, windowBytes: 20, quarterBytes: 23, rawBytesPerReading: 3 }
/** Months that raw messages are kept (lib/deployment.ts, retentionDays.raw). */
const RAW_MONTHS = 12
/** Rows a second of one function: Parquet written, and read, settled and written again (bench/lambda.ts). */
const archive = { landPerSecond: 80_000, compactPerSecond: 30_000, landGib: 1.73, compactGib: 4 }
const PIPELINE_GIB = 1
/** Application Auto Scaling keeps what is used at this share of what is paid for. */
const TARGET_UTILIZATION = 0.7
/** Least capacity of an autoscaled table (lib/constructs/tables.ts). */
const LEAST_UNITS = { write: 50, read: 50 }
/** Least shards of the output stream (lib/deployment.ts, output). */
const OUTPUT_SHARDS = 2
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
    ...outputLines(readings, windows),
    ...archiveLines(q, readings, windows, messages, record),
    ...lakeLines(readings, windows, q.retentionYears),
    line('watching', 'alarms, dashboard, firewall, logs', [
      ['alarmMonth', 100],
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
  const load: Load = { ...pipelineLoad, recordsPerSecond }
  const needed = shardsNeeded({ ...load, bytesPerSecond: recordsPerSecond * bytes }, TARGET_LATENCY_MS, 1)
  const shards = q.streams === 'onDemand' ? Math.max(ON_DEMAND_SHARDS, needed) : needed
  return { shards, workers: Math.max(shards, workersNeeded(load, TARGET_LATENCY_MS)) }
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
  const { batchMs: leastMs, recordMs } = pipelineLoad
  const batchMs = leastMs / Math.max(0.05, 1 - perWorker * recordMs)
  // Below one message a batch a lane waits for the next message; above, it goes on without a pause.
  const invocations = Math.min(messages, (workers * SECONDS * 1000) / batchMs)
  const seconds = Math.min((invocations * batchMs) / 1000, workers * SECONDS)
  const sweep = (q.devices * item * MINUTES) / 4096 / 2
  return [
    stateLine(q, writes, reads, item),
    line('pipeline function', `${workers} lanes of 1 GiB, ${round(invocations / 1e6)} M invocations`, [
      ['lambdaRequest', invocations],
      ['lambdaGibSecond', seconds * PIPELINE_GIB],
    ]),
    line('minute sweep and jobs', `${q.devices} states read a minute, two functions a minute`, [
      [
        q.state === 'onDemand' ? 'dynamoReadUnit' : 'dynamoReadUnitHour',
        q.state === 'onDemand' ? sweep : sweep / 3600 / TARGET_UTILIZATION,
      ],
      ['lambdaRequest', 4 * MINUTES],
      ['lambdaGibSecond', MINUTES * (2 + q.devices / 20_000)],
    ]),
  ]
}

/** Capacity is paid by the hour whether it is used or not; requests are paid one by one. */
function stateLine(q: CostQuestion, writes: number, reads: number, item: number): CostLine {
  const basis = `${round(writes / 1e6)} M writes of ${Math.ceil(item / 1024)} KB, one a message`
  const stored = ['dynamoGbMonth', (q.devices * item) / 1e9] as const
  if (q.state === 'onDemand')
    return line('state', basis, [['dynamoWriteUnit', writes], ['dynamoReadUnit', reads], stored])
  const hours = (units: number, least: number): number =>
    Math.max(least * HOURS, units / 3600 / TARGET_UTILIZATION)
  return line('state', `${basis}, capacity that follows the load`, [
    ['dynamoWriteUnitHour', hours(writes, LEAST_UNITS.write)],
    ['dynamoReadUnitHour', hours(reads, LEAST_UNITS.read)],
    stored,
  ])
} // prettier-ignore

/** The output stream is always provisioned and scaled: what goes into it is known from what comes in. */
function outputLines(readings: number, windows: number): CostLine[] {
  const bytes = readings * effect.readingBytes + windows * effect.windowBytes
  const perSecond = bytes / SECONDS
  const shards = Math.max(OUTPUT_SHARDS, Math.ceil((perSecond * pipelineLoad.burst) / 1e6))
  return [
    line('output stream', `${shards} shards, ${round(bytes / 1e9)} GB`, [
      ['kinesisShardHour', shards * HOURS],
      ['kinesisPutUnit', Math.max(bytes / 25_600, Math.min(readings, shards * 1000 * SECONDS * 0.3))],
    ]),
  ]
}

/** What lands, is published, and what is kept as it was sent. */
function archiveLines(
  q: CostQuestion,
  readings: number,
  windows: number,
  messages: number,
  record: number,
): CostLine[] {
  const rows = readings + windows
  // A batch every five minutes, or as soon as it is full, a lane.
  const lands = 2 * (MINUTES / 5) + rows / 150_000
  return [
    line('archive and compaction', `${round(rows / 1e6)} M rows landed, then published by day`, [
      ['lambdaRequest', lands],
      ['lambdaGibSecond', (rows / archive.landPerSecond) * archive.landGib],
      ['lambdaGibSecond', (rows / archive.compactPerSecond) * archive.compactGib],
      ['s3Put', lands * 32 + 30 * 64],
    ]),
    line('raw archive', `${round((messages * record) / 1e9)} GB read from the stream`, [
      ...(q.streams === 'onDemand' ? [['kinesisGbOut', (messages * record) / 1e9] as const] : []),
      ['lambdaGibSecond', (messages / 20_000) * 0.5],
      ['s3Put', 4 * (MINUTES / 5) + (messages * record) / 4.5e6],
    ]),
  ]
}

function lakeLines(readings: number, windows: number, years: number): CostLine[] {
  const published = (readings * sealed.readingBytes + windows * (sealed.windowBytes + sealed.quarterBytes / 15)) / 1e9
  const raw = (readings * sealed.rawBytesPerReading) / 1e9
  const months = Math.round(years * 12)
  const between = (from: number, to: number, last = months): number => Math.max(0, Math.min(last, to) - from)
  const rawMonths = Math.min(months, RAW_MONTHS)
  return [
    line('lake', `${round(published)} GB a month kept for ${years} years, in tiers; raw messages for one`, [
      ['s3StandardGbMonth', published * between(0, 1) + raw * between(0, 1, rawMonths)],
      ['s3InfrequentGbMonth', published * between(1, 12) + raw * between(1, 12, rawMonths)],
      ['s3GlacierInstantGbMonth', published * between(12, 60)],
      ['s3DeepArchiveGbMonth', published * between(60, Infinity)],
    ]),
  ]
} // prettier-ignore

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
