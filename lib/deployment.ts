import type { Node } from 'constructs'
import type { SeverityName, TradeName } from './deployment-names.ts'
import { isObject, problemsOf, show } from './deployment-problems.ts'

export type { TradeName } from './deployment-names.ts'

export interface Subscriber {
  protocol: 'email' | 'https' | 'sqs'
  /** Address, URL or queue ARN. */
  endpoint: string
  /** Which severities it hears of; all of them where absent. */
  severities?: readonly SeverityName[]
  /** Whether it also hears of trouble with the platform itself. */
  operations?: boolean
}

/** Where machines' models score, when not in the jobs function itself. */
export interface ModelEndpointSetting {
  /** SageMaker's built-in XGBoost of the region, by its address in ECR. */
  image: string
  instance: string
  count: number
}

export type Streams = { mode: 'onDemand' } | { mode: 'provisioned'; shards: number; maxShards: number }

export interface Deployment {
  /** Part of every stack's name, so that several stages fit into one account. */
  stage: string
  /** An emulator lacks services; `lib/emulator.ts` says which and what stands in for them. */
  target: 'aws' | 'emulator'
  trades: readonly TradeName[]
  hotStore: 'influxdb' | 'liveanalytics'
  /** Raising `tokenGeneration` by one makes the next deploy rotate the token. */
  influx: { instance: string; storageGiB: number; tokenGeneration: number }
  retentionDays: {
    hot: number
    warm: number
    cold: number
    /** How long what devices sent is kept untouched. */
    raw: number
    quarantine: number
    logs: number
  }
  /** How devices' streams are paid and scaled. */
  streams: Streams
  /** Shards of the stream of effects: it is always provisioned, for what goes in follows from what comes in. */
  output: { shards: number; maxShards: number }
  /**
   * How the table of device states is paid: by the request, or for a capacity between these units that follows the load.
   * A capacity costs half at a steady load, and refuses commits for some minutes when the load doubles at once: the
   * pipeline is late then, and loses nothing.
   */
  state: { mode: 'onDemand' } | { mode: 'autoscaled'; minUnits: number; maxUnits: number }
  /** Batches of one shard that a pipeline function handles at the same time, by device. */
  parallelization: number
  subscribers: readonly Subscriber[]
  /** What happens to tables, buckets and keys when their stack goes. */
  stateful: 'retain' | 'destroy'
  page: { domain: string; certificateArn: string } | null
  api: { requestsPerSecond: number; burst: number }
  /** Estimated spend of a trade per day above which operations hear of it. */
  dollarsPerDay: number
  /** IANA zone of the weeks that are reported on by themselves. */
  reportZone: string
  /** Forecast source in Open-Meteo's form, with `{latitude}` and `{longitude}`; null asks nobody. */
  weatherUrl: string | null
  /** Null lets the jobs function score: an endpoint costs by the hour, whether it is asked or not. */
  modelEndpoint: ModelEndpointSetting | null
  /** InfluxDB that an emulator's functions use: emulators have no Timestream. */
  emulatorInfluxUrl: string
}

/** What a stage is unless `cdk.json` (`context.telltale.<stage>`) or `-c <key>=<value>` says otherwise. */
const base: Deployment = {
  stage: 'dev',
  target: 'aws',
  trades: ['plant'],
  hotStore: 'influxdb',
  influx: { instance: 'db.influx.medium', storageGiB: 20, tokenGeneration: 1 },
  retentionDays: { hot: 30, warm: 365, cold: 1826, raw: 365, quarantine: 90, logs: 30 },
  streams: { mode: 'onDemand' },
  output: { shards: 2, maxShards: 64 },
  state: { mode: 'onDemand' },
  parallelization: 1,
  subscribers: [],
  stateful: 'retain',
  page: null,
  api: { requestsPerSecond: 50, burst: 100 },
  dollarsPerDay: 20,
  reportZone: 'UTC',
  weatherUrl: null,
  modelEndpoint: null,
  emulatorInfluxUrl: 'http://127.0.0.1:8086',
}

const stages: Record<string, Partial<Deployment>> = {
  dev: {},
  prod: {
    influx: { instance: 'db.influx.xlarge', storageGiB: 400, tokenGeneration: 1 },
    retentionDays: { ...base.retentionDays, logs: 365 },
    parallelization: 2,
    state: { mode: 'autoscaled', minUnits: 50, maxUnits: 40_000 },
    api: { requestsPerSecond: 500, burst: 1000 },
    dollarsPerDay: 100,
  },
}

/** Every problem of a configuration at once, so that one deploy attempt is enough to learn them all. */
export class DeploymentError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`the deployment is not valid:\n${problems.map((p) => `  - ${p}`).join('\n')}`)
    this.name = 'DeploymentError'
    this.problems = problems
  }
}

const keys = Object.keys(base) as (keyof Deployment)[]

/** Reads the deployment that CDK context describes. Throws `DeploymentError` with all problems. */
export function readDeployment(node: Pick<Node, 'tryGetContext'>): Deployment {
  const stage: unknown = node.tryGetContext('stage') ?? base.stage
  const target: unknown = node.tryGetContext('target') ?? base.target
  const all: unknown = node.tryGetContext('telltale') ?? {}
  const problems: string[] = []
  if (!isObject(all)) problems.push(`context telltale is ${show(all)}: allowed is an object of stages`)
  const own = isObject(all) ? (all[String(stage)] ?? {}) : {}
  if (!isObject(own)) problems.push(`context telltale.${String(stage)} is ${show(own)}: allowed is an object`)
  const given: Record<string, unknown> = isObject(own) ? { ...own } : {}
  for (const key of keys) {
    const value: unknown = node.tryGetContext(key)
    if (value !== undefined) given[key] = typeof value === 'string' ? parsed(value) : value
  }
  for (const key of Object.keys(given))
    if (!keys.includes(key as keyof Deployment))
      problems.push(`${key} is not a setting: allowed are ${keys.join(', ')}`)
  if (!(String(stage) in stages) && Object.keys(given).filter((k) => k !== 'stage').length === 0)
    problems.push(
      `stage ${show(stage)} is unknown: use ${Object.keys(stages).join(' or ')}, or describe it in cdk.json under context.telltale.${String(stage)}`,
    )
  const merged: Record<string, unknown> = { ...base, ...stages[String(stage)] }
  for (const [key, value] of Object.entries(given)) {
    const before = merged[key]
    const partial =
      isObject(before) && isObject(value) && key !== 'streams' && key !== 'state' && key !== 'page'
    merged[key] = partial ? { ...before, ...value } : value
  }
  const deployment = { ...merged, stage, target }
  problems.push(...problemsOf(deployment))
  if (problems.length > 0) throw new DeploymentError(problems)
  return deployment as Deployment
}

/** `-c` gives text; lists and objects come as JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
