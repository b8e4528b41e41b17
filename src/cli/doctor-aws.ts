import { DescribeEndpointCommand, type IoTClient } from '@aws-sdk/client-iot'
import { DescribeLimitsCommand, type KinesisClient } from '@aws-sdk/client-kinesis'
import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { paginateListServiceQuotas, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import { DescribeEndpointsCommand, type TimestreamWriteClient } from '@aws-sdk/client-timestream-write'

export interface AwsClients {
  sts: STSClient
  ssm: SSMClient
  iot: IoTClient
  kinesis: KinesisClient
  lambda: LambdaClient
  timestream: TimestreamWriteClient
  quotas: ServiceQuotasClient
  region: () => Promise<string>
}

/** What is going to be deployed, and for how much load. */
export interface AwsPlan {
  hotStore: 'influxdb' | 'liveanalytics'
  trades: number
  messagesPerSecond: number
  streams: 'onDemand' | 'provisioned'
  /** Batches handled at the same time, all functions together. */
  concurrency: number
}

export interface Finding {
  check: string
  /** `unknown` says that the question itself was refused; it does not stop a deploy. */
  status: 'ok' | 'fail' | 'unknown'
  found: string
  /** What to do, null if nothing. */
  remedy: string | null
}

/** AWS CDK: version of the bootstrap stack that the templates ask for. */
const BOOTSTRAP_VERSION = 6
const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version'
/** A quota that is just met throttles at the first burst. */
const HEADROOM = 2

const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found, remedy: null })
const fail = (check: string, found: string, remedy: string): Finding => ({
  check,
  status: 'fail',
  found,
  remedy,
})

/** Asks AWS everything that a first deploy stumbles over. Without credentials only that is reported. */
export async function examineAws(clients: AwsClients, plan: AwsPlan): Promise<Finding[]> {
  const region = await regionOf(clients)
  if (region.status !== 'ok') return [region]
  const credentials = await credentialsOf(clients, region.found)
  if (credentials.status !== 'ok') return [region, credentials]
  return [
    region,
    credentials,
    ...(await Promise.all([
      bootstrapOf(clients, credentials, region),
      timestreamOf(clients, plan),
      endpointOf(clients),
      publishQuotaOf(clients, plan),
      shardQuotaOf(clients, plan),
      concurrencyOf(clients, plan),
    ])),
    marketplaceOf(plan),
  ]
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/

async function regionOf({ region }: AwsClients): Promise<Finding> {
  const remedy = 'set AWS_REGION, or run `aws configure set region <region>`'
  try {
    const found = await region()
    return REGION.test(found) ? ok('region', found) : fail('region', `${found} is no region of AWS`, remedy)
  } catch (error) {
    const why = error instanceof Error && !/missing/i.test(error.message) ? error.message : 'none'
    return fail('region', why, remedy)
  }
}

/** The SDK's and Node's names for an endpoint that cannot be reached. */
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|TimeoutError|NetworkingError/

async function credentialsOf({ sts }: AwsClients, region: string): Promise<Finding> {
  const check = 'credentials'
  const signIn = 'sign in with `aws sso login` or `aws configure`, or set AWS_PROFILE'
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}))
    return ok(check, `${Account ?? ''} as ${Arn ?? ''}`)
  } catch (error) {
    const text = `${nameOf(error)} ${codeOf(error)} ${error instanceof Error ? error.message : ''}`
    if (unreachable.test(text))
      return fail(
        'network',
        `AWS does not answer in ${region} (${codeOf(error) || nameOf(error)})`,
        'check the name of the region (AWS_REGION) and that this machine reaches the internet, through a proxy if need be',
      )
    if (/CredentialsProviderError|Could not load credentials/.test(text))
      return fail(check, 'none found', signIn)
    if (/Expired/.test(text)) return fail(check, 'expired', signIn)
    return fail(check, `refused: ${nameOf(error)}`, signIn)
  }
}

/** Node's name for what a socket met, empty where it was no socket. */
const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? ''

async function bootstrapOf({ ssm }: AwsClients, credentials: Finding, region: Finding): Promise<Finding> {
  const account = credentials.found.split(' ')[0] ?? ''
  const remedy = `run \`npx cdk bootstrap aws://${account}/${region.found}\` once`
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: BOOTSTRAP_PARAMETER }))
    const version = Number(Parameter?.Value)
    return version >= BOOTSTRAP_VERSION
      ? ok('bootstrap', `version ${version}`)
      : fail('bootstrap', `version ${Parameter?.Value ?? 'none'}, needs ${BOOTSTRAP_VERSION}`, remedy)
  } catch (error) {
    if (nameOf(error) === 'ParameterNotFound') return fail('bootstrap', 'not bootstrapped', remedy)
    return refused('bootstrap', error, 'allow ssm:GetParameter to this user')
  }
}

async function timestreamOf({ timestream }: AwsClients, { hotStore }: AwsPlan): Promise<Finding> {
  const check = 'timestream'
  if (hotStore === 'influxdb') return ok(check, 'Timestream for InfluxDB, version 2: open to every account')
  try {
    await timestream.send(new DescribeEndpointsCommand({}))
    return ok(check, 'LiveAnalytics: this account has it')
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    // AWS answers this to accounts that did not use the service before 2025-06-20.
    if (nameOf(error) === 'AccessDeniedException' && message.includes('Only existing'))
      return fail(
        check,
        'LiveAnalytics is closed to this account (new ones since 2025-06-20)',
        'deploy with `-c hotStore=influxdb`, which is the default; or ask AWS support to open it',
      )
    return refused(check, error, 'allow timestream:DescribeEndpoints to this user')
  }
}

async function endpointOf({ iot }: AwsClients): Promise<Finding> {
  try {
    const { endpointAddress } = await iot.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }))
    if (endpointAddress) return ok('iot endpoint', endpointAddress)
    return fail('iot endpoint', 'none', 'choose a region that has AWS IoT Core')
  } catch (error) {
    return refused(
      'iot endpoint',
      error,
      'allow iot:DescribeEndpoint to this user, in a region with AWS IoT Core',
    )
  }
}

const PUBLISHES = /inbound publish requests per second per account/i

async function publishQuotaOf({ quotas }: AwsClients, plan: AwsPlan): Promise<Finding> {
  const check = 'iot publishes per second'
  const needed = Math.ceil(plan.messagesPerSecond * HEADROOM)
  const remedy = `raise it to ${needed} in the Service Quotas console (AWS IoT Core), or send larger packs`
  try {
    for await (const page of paginateListServiceQuotas({ client: quotas }, { ServiceCode: 'iotcore' }))
      for (const { QuotaName = '', Value = 0 } of page.Quotas ?? [])
        if (PUBLISHES.test(QuotaName))
          return Value >= needed
            ? ok(check, `${Value}, needs ${needed}`)
            : fail(check, `${Value}, needs ${needed}`, remedy)
    return { check, status: 'unknown', found: 'not listed', remedy: `check by hand: needs ${needed}` }
  } catch (error) {
    return refused(check, error, `allow servicequotas:ListServiceQuotas, or check by hand: needs ${needed}`)
  }
}

/** AWS: records a second that one shard takes. */
const SHARD_RECORDS = 1000

async function shardQuotaOf({ kinesis }: AwsClients, plan: AwsPlan): Promise<Finding> {
  const check = 'kinesis streams and shards'
  const streams = plan.trades + 1
  try {
    const limits = await kinesis.send(new DescribeLimitsCommand({}))
    const onDemand = plan.streams === 'onDemand'
    const limit = (onDemand ? limits.OnDemandStreamCountLimit : limits.ShardLimit) ?? 0
    const used = (onDemand ? limits.OnDemandStreamCount : limits.OpenShardCount) ?? 0
    const shards = Math.ceil((plan.messagesPerSecond * HEADROOM) / SHARD_RECORDS) * plan.trades + 1
    const needed = onDemand ? streams : shards
    const found = `${limit - used} of ${limit} ${onDemand ? 'on-demand streams' : 'shards'} free, needs ${needed}`
    return limit - used >= needed
      ? ok(check, found)
      : fail(check, found, 'raise the quota in the Service Quotas console (Kinesis Data Streams)')
  } catch (error) {
    return refused(check, error, 'allow kinesis:DescribeLimits to this user')
  }
}

/** Sweep, jobs, compaction, redrive and scaler reserve one each; AWS keeps a hundred unreserved for all others. */
const RESERVED = 5
const UNRESERVED = 100

async function concurrencyOf({ lambda }: AwsClients, plan: AwsPlan): Promise<Finding> {
  const check = 'lambda concurrency'
  const needed = Math.max(UNRESERVED + RESERVED, plan.concurrency * HEADROOM)
  try {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}))
    const limit = AccountLimit?.ConcurrentExecutions ?? 0
    const found = `${limit}, needs ${needed}`
    return limit >= needed
      ? ok(check, found)
      : fail(
          check,
          found,
          `raise “Concurrent executions” to 1000 in the Service Quotas console (AWS Lambda); new accounts have 10`,
        )
  } catch (error) {
    return refused(check, error, 'allow lambda:GetAccountSettings to this user')
  }
}

const marketplaceOf = ({ hotStore }: AwsPlan): Finding =>
  ok(
    'marketplace',
    hotStore === 'influxdb'
      ? 'no subscription needed: InfluxDB 2, one instance (version 3 and read replicas would need one)'
      : 'no subscription needed',
  )

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error))

const refused = (check: string, error: unknown, remedy: string): Finding => ({
  check,
  status: 'unknown',
  found: nameOf(error),
  remedy,
})
