import { severities, tradeNames, type SeverityName } from './deployment-names.ts'

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing'

const days = ['hot', 'warm', 'cold', 'raw', 'quarantine', 'logs']
/** CloudWatch Logs takes no other numbers. */
const logDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653]

const endpoints: Record<string, RegExp> = {
  email: /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  https: /^https:\/\/\S+$/,
  sqs: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/,
}

/** An offset as +01:00 knows no summer time. */
function isTimeZone(zone: unknown): boolean {
  if (typeof zone !== 'string' || !/^[A-Za-z]/.test(zone)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** What is wrong with a deployment, one sentence each: the value, what is allowed, what to do. */
export function problemsOf(given: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = []
  const part = (key: string): Record<string, unknown> => (isObject(given[key]) ? given[key] : {})
  const check = (ok: boolean, problem: string): void => void (ok || problems.push(problem))
  const oneOf = (name: string, value: unknown, allowed: readonly string[]): void =>
    check(allowed.includes(value as string), `${name} is ${show(value)}: allowed are ${allowed.join(', ')}`)
  const match = (name: string, value: unknown, pattern: RegExp, allowed: string): void =>
    check(typeof value === 'string' && pattern.test(value), `${name} is ${show(value)}: ${allowed}`)
  const count = (name: string, value: unknown, from: number, to: number): void =>
    check(
      Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
      `${name} is ${show(value)}: allowed are whole numbers from ${from} to ${to}`,
    )

  match('stage', given['stage'], /^[a-z][a-z0-9]{0,11}$/, 'allowed are up to 12 small letters and digits')
  oneOf('target', given['target'], ['aws', 'emulator'])
  oneOf('hotStore', given['hotStore'], ['influxdb', 'liveanalytics'])
  oneOf('stateful', given['stateful'], ['retain', 'destroy'])
  problems.push(...tradeProblems(given['trades']))
  match(
    'influx.instance',
    part('influx')['instance'],
    /^db\.influx\.(medium|large|\d{0,2}xlarge)$/,
    'allowed are db.influx.medium, large, xlarge … 24xlarge',
  )
  count('influx.storageGiB', part('influx')['storageGiB'], 20, 15_360)
  count('influx.tokenGeneration', part('influx')['tokenGeneration'], 1, 1_000_000)

  const retention = part('retentionDays')
  for (const name of days) count(`retentionDays.${name}`, retention[name], 1, 36_500)
  for (const name of Object.keys(retention)) oneOf('retentionDays', name, days)
  const [hot = 0, warm = 0, cold = 0] = ['hot', 'warm', 'cold'].map((name) => Number(retention[name]))
  check(
    hot >= 30,
    `retentionDays.hot is ${hot}: Standard-IA takes objects of at least 30 days, use 30 or more`,
  )
  check(
    warm - hot >= 30,
    `retentionDays.warm is ${warm}: Standard-IA bills at least 30 days, use ${hot + 30} or more`,
  )
  check(
    cold - warm >= 90,
    `retentionDays.cold is ${cold}: Glacier Instant Retrieval bills at least 90 days, use ${warm + 90} or more`,
  )
  check(
    logDays.includes(Number(retention['logs'])),
    `retentionDays.logs is ${show(retention['logs'])}: CloudWatch Logs takes ${logDays.join(', ')}`,
  )

  check(
    isTimeZone(given['reportZone']),
    `reportZone is ${show(given['reportZone'])}: allowed is an IANA time zone, as Europe/Berlin`,
  )
  problems.push(...streamProblems(given['streams']))
  problems.push(...boundProblems('output', part('output'), ['shards', 'maxShards']))
  problems.push(...stateProblems(given['state']))
  count('parallelization', given['parallelization'], 1, 10)
  const subscribers = given['subscribers']
  if (!Array.isArray(subscribers)) problems.push(`subscribers is ${show(subscribers)}: allowed is a list`)
  else subscribers.forEach((s: unknown, i) => problems.push(...subscriberProblems(`subscribers[${i}]`, s)))
  if (given['page'] !== null) {
    match('page.domain', part('page')['domain'], /^([a-z0-9-]+\.)+[a-z]{2,}$/, 'allowed is a host name')
    match(
      'page.certificateArn',
      part('page')['certificateArn'],
      /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/.+$/,
      'CloudFront takes an ACM certificate of us-east-1',
    )
  }
  count('api.requestsPerSecond', part('api')['requestsPerSecond'], 1, 10_000)
  count('api.burst', part('api')['burst'], 1, 5_000)
  count('dollarsPerDay', given['dollarsPerDay'], 1, 1_000_000)
  if (given['weatherUrl'] !== null)
    match('weatherUrl', given['weatherUrl'], /^https:\/\/\S+$/, 'allowed is an https address, or null')
  if (given['modelEndpoint'] !== null) {
    const { image, instance, count: instances } = part('modelEndpoint')
    match(
      'modelEndpoint.image',
      image,
      /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[a-z0-9._/-]+:[\w.-]+$/,
      'allowed is an image in ECR, as the SageMaker guide lists them for XGBoost by region',
    )
    match(
      'modelEndpoint.instance',
      instance,
      /^ml\.[a-z0-9-]+\.(medium|\d{0,2}x?large)$/,
      'allowed is an instance type of SageMaker, such as ml.m5.large',
    )
    count('modelEndpoint.count', instances, 1, 10)
  }
  match('emulatorInfluxUrl', given['emulatorInfluxUrl'], /^https?:\/\/\S+$/, 'allowed is an http address')
  return problems
}

function tradeProblems(trades: unknown): string[] {
  if (!Array.isArray(trades) || trades.length === 0) return [`trades is ${show(trades)}: name at least one`]
  const unknown = trades.filter((trade) => !(tradeNames as readonly unknown[]).includes(trade))
  const problems = unknown.map((trade) => `trades has ${show(trade)}: allowed are ${tradeNames.join(', ')}`)
  if (new Set(trades).size !== trades.length) problems.push(`trades is ${show(trades)}: name each once`)
  return problems
}

function streamProblems(streams: unknown): string[] {
  if (!isObject(streams) || !['onDemand', 'provisioned'].includes(String(streams['mode'])))
    return [
      `streams is ${show(streams)}: allowed are {"mode": "onDemand"} and {"mode": "provisioned", "shards": 4, "maxShards": 16}`,
    ]
  if (streams['mode'] === 'onDemand') return []
  return boundProblems('streams', streams, ['shards', 'maxShards'])
}

function boundProblems(part: string, given: Record<string, unknown>, [least, most]: readonly [string, string]): string[] {
  const whole = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0
  const problems = [least, most]
    .filter((name) => !whole(given[name]))
    .map((name) => `${part}.${name} is ${show(given[name])}: allowed are whole numbers from 1`)
  if (problems.length === 0 && Number(given[most]) < Number(given[least]))
    problems.push(`${part}.${most} is ${show(given[most])}: use ${part}.${least} (${show(given[least])}) or more`)
  return problems
} // prettier-ignore

function stateProblems(state: unknown): string[] {
  if (!isObject(state) || !['onDemand', 'autoscaled'].includes(String(state['mode'])))
    return [
      `state is ${show(state)}: allowed are {"mode": "onDemand"} and {"mode": "autoscaled", "minUnits": 50, "maxUnits": 40000}`,
    ]
  return state['mode'] === 'onDemand' ? [] : boundProblems('state', state, ['minUnits', 'maxUnits'])
}

function subscriberProblems(name: string, given: unknown): string[] {
  if (!isObject(given)) return [`${name} is ${show(given)}: allowed is {"protocol": …, "endpoint": …}`]
  const { protocol, endpoint, severities: wanted = [], operations = false } = given
  const pattern = endpoints[String(protocol)]
  if (!pattern)
    return [`${name}.protocol is ${show(protocol)}: allowed are ${Object.keys(endpoints).join(', ')}`]
  const problems: string[] = []
  if (typeof endpoint !== 'string' || !pattern.test(endpoint))
    problems.push(`${name}.endpoint is ${show(endpoint)}: not what ${String(protocol)} takes`)
  if (!Array.isArray(wanted) || wanted.some((s) => !severities.includes(s as SeverityName)))
    problems.push(`${name}.severities is ${show(wanted)}: allowed are ${severities.join(', ')}`)
  if (typeof operations !== 'boolean')
    problems.push(`${name}.operations is ${show(operations)}: allowed are true and false`)
  return problems
}
