import type { Node } from 'constructs'

export const tradeNames = ['plant', 'fleet', 'building'] as const
export type TradeName = (typeof tradeNames)[number]

export const severities = ['critical', 'major', 'minor', 'warning'] as const
export type SeverityName = (typeof severities)[number]

export interface Subscriber {
  protocol: 'email' | 'https' | 'sqs'
  /** Address, URL or queue ARN. */
  endpoint: string
  /** Which severities it hears of; all of them where absent. */
  severities?: readonly SeverityName[]
}

export type Streams = { mode: 'onDemand' } | { mode: 'provisioned'; shards: number; maxShards: number }

export interface Deployment {
  /** Part of every stack's name, so that several stages fit into one account. */
  stage: string
  /** An emulator lacks services; `lib/emulator.ts` says which and what stands in for them. */
  target: 'aws' | 'emulator'
  trades: readonly TradeName[]
  hotStore: 'influxdb' | 'liveanalytics'
  influx: { instance: string; storageGiB: number }
  retentionDays: {
    hot: number
    warm: number
    cold: number
    /** How long an object may wait in `landing/` for its day to be published. */
    landing: number
    quarantine: number
    logs: number
  }
  streams: Streams
  /** Batches of one shard that a pipeline function handles at the same time, by device. */
  parallelization: number
  subscribers: readonly Subscriber[]
  /** What happens to tables, buckets and keys when their stack goes. */
  stateful: 'retain' | 'destroy'
  page: { domain: string; certificateArn: string } | null
  api: { requestsPerSecond: number; burst: number }
}

/** What a stage is unless `cdk.json` (`context.telltale.<stage>`) or `-c <key>=<value>` says otherwise. */
const base: Deployment = {
  stage: 'dev',
  target: 'aws',
  trades: ['plant'],
  hotStore: 'influxdb',
  influx: { instance: 'db.influx.medium', storageGiB: 20 },
  retentionDays: { hot: 30, warm: 365, cold: 1826, landing: 14, quarantine: 90, logs: 30 },
  streams: { mode: 'onDemand' },
  parallelization: 1,
  subscribers: [],
  stateful: 'retain',
  page: null,
  api: { requestsPerSecond: 50, burst: 100 },
}

const stages: Record<string, Partial<Deployment>> = {
  dev: {},
  prod: {
    influx: { instance: 'db.influx.xlarge', storageGiB: 400 },
    retentionDays: { ...base.retentionDays, logs: 365 },
    parallelization: 2,
    api: { requestsPerSecond: 500, burst: 1000 },
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
    const partial = isObject(before) && isObject(value) && key !== 'streams' && key !== 'page'
    merged[key] = partial ? { ...before, ...value } : value
  }
  const deployment = { ...merged, stage, target } as Deployment
  problems.push(...problemsOf(deployment))
  if (problems.length > 0) throw new DeploymentError(problems)
  return deployment
}

/** `-c` gives text; lists and objects come as JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing'

const days = ['hot', 'warm', 'cold', 'landing', 'quarantine', 'logs'] as const
/** CloudWatch Logs takes no other numbers. */
const logDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653]

/** What is wrong with a deployment, one sentence each: value, what is allowed, remedy. */
export function problemsOf(d: Deployment): string[] {
  const problems: string[] = []
  const check = (ok: boolean, problem: string): void => void (ok || problems.push(problem))
  const oneOf = (name: string, value: unknown, allowed: readonly string[]): void =>
    check(allowed.includes(value as string), `${name} is ${show(value)}: allowed are ${allowed.join(', ')}`)
  const count = (name: string, value: unknown, from: number, to: number): void =>
    check(
      Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
      `${name} is ${show(value)}: allowed are whole numbers from ${from} to ${to}`,
    )

  check(
    /^[a-z][a-z0-9]{0,11}$/.test(d.stage),
    `stage is ${show(d.stage)}: allowed are up to 12 small letters and digits`,
  )
  oneOf('target', d.target, ['aws', 'emulator'])
  oneOf('hotStore', d.hotStore, ['influxdb', 'liveanalytics'])
  oneOf('stateful', d.stateful, ['retain', 'destroy'])
  const trades: unknown = d.trades
  if (!Array.isArray(trades) || trades.length === 0)
    problems.push(`trades is ${show(trades)}: name at least one`)
  else {
    trades.forEach((trade: unknown) => oneOf('trades', trade, tradeNames))
    check(new Set(trades).size === trades.length, `trades names one twice: ${show(trades)}`)
  }
  check(
    /^db\.influx\.(medium|large|\d{0,2}xlarge)$/.test(String(d.influx?.instance)),
    `influx.instance is ${show(d.influx?.instance)}: allowed are db.influx.medium, large, xlarge … 24xlarge`,
  )
  count('influx.storageGiB', d.influx?.storageGiB, 20, 15_360)
  for (const name of days) count(`retentionDays.${name}`, d.retentionDays?.[name], 1, 36_500)
  const { hot, warm, cold, logs } = d.retentionDays ?? {}
  check(
    hot >= 1 && hot < warm && warm < cold,
    `retentionDays must grow from hot to warm to cold, not ${show([hot, warm, cold])}`,
  )
  check(hot >= 30, `retentionDays.hot is ${show(hot)}: Standard-IA takes objects of at least 30 days`)
  check(
    warm - hot >= 30,
    `retentionDays.warm is ${show(warm)}: Standard-IA bills at least 30 days, keep 30 more than hot`,
  )
  check(
    cold - warm >= 90,
    `retentionDays.cold is ${show(cold)}: Glacier Instant Retrieval bills at least 90 days, keep 90 more than warm`,
  )
  check(logDays.includes(logs), `retentionDays.logs is ${show(logs)}: allowed are ${logDays.join(', ')}`)
  const streams: unknown = d.streams
  if (!isObject(streams))
    problems.push(`streams is ${show(streams)}: allowed is {"mode": "onDemand"} or "provisioned"`)
  else {
    oneOf('streams.mode', streams['mode'], ['onDemand', 'provisioned'])
    if (streams['mode'] === 'provisioned') {
      count('streams.shards', streams['shards'], 1, 10_000)
      count('streams.maxShards', streams['maxShards'], 1, 10_000)
      check(
        Number(streams['maxShards']) >= Number(streams['shards']),
        `streams.maxShards is ${show(streams['maxShards'])}: must not be below streams.shards`,
      )
    }
  }
  count('parallelization', d.parallelization, 1, 10)
  if (!Array.isArray(d.subscribers)) problems.push(`subscribers is ${show(d.subscribers)}: allowed is a list`)
  else d.subscribers.forEach((s: unknown, i) => problems.push(...subscriberProblems(`subscribers[${i}]`, s)))
  if (d.page !== null) {
    check(
      /^([a-z0-9-]+\.)+[a-z]{2,}$/.test(String(d.page?.domain)),
      `page.domain is ${show(d.page?.domain)}: allowed is a host name`,
    )
    check(
      /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/.+$/.test(String(d.page?.certificateArn)),
      `page.certificateArn is ${show(d.page?.certificateArn)}: CloudFront takes an ACM certificate of us-east-1`,
    )
  }
  count('api.requestsPerSecond', d.api?.requestsPerSecond, 1, 10_000)
  count('api.burst', d.api?.burst, 1, 5_000)
  return problems
}

const endpoints: Record<string, RegExp> = {
  email: /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  https: /^https:\/\/\S+$/,
  sqs: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/,
}

function subscriberProblems(name: string, given: unknown): string[] {
  if (!isObject(given)) return [`${name} is ${show(given)}: allowed is {"protocol", "endpoint"}`]
  const pattern = endpoints[String(given['protocol'])]
  if (!pattern)
    return [
      `${name}.protocol is ${show(given['protocol'])}: allowed are ${Object.keys(endpoints).join(', ')}`,
    ]
  const problems: string[] = []
  if (!pattern.test(String(given['endpoint'])))
    problems.push(
      `${name}.endpoint is ${show(given['endpoint'])}: not what ${String(given['protocol'])} takes`,
    )
  const wanted = given['severities'] ?? []
  if (!Array.isArray(wanted) || wanted.some((s) => !severities.includes(s as SeverityName)))
    problems.push(`${name}.severities is ${show(wanted)}: allowed are ${severities.join(', ')}`)
  return problems
}
