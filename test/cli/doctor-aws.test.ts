import { DescribeEndpointCommand, IoTClient } from '@aws-sdk/client-iot'
import { DescribeLimitsCommand, KinesisClient } from '@aws-sdk/client-kinesis'
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { DescribeEndpointsCommand, TimestreamWriteClient } from '@aws-sdk/client-timestream-write'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, describe, expect, it } from 'vitest'
import { examineAccount } from '../../src/cli/doctor-account.ts'
import { examineAws, type AwsClients, type AwsPlan, type Finding } from '../../src/cli/doctor-aws.ts'

const region = 'eu-central-1'
const clients: AwsClients = {
  sts: new STSClient({ region }),
  ssm: new SSMClient({ region }),
  iot: new IoTClient({ region }),
  kinesis: new KinesisClient({ region }),
  lambda: new LambdaClient({ region }),
  timestream: new TimestreamWriteClient({ region }),
  quotas: new ServiceQuotasClient({ region }),
  region: () => Promise.resolve(region),
}
const sts = mockClient(clients.sts)
const ssm = mockClient(clients.ssm)
const iot = mockClient(clients.iot)
const kinesis = mockClient(clients.kinesis)
const lambda = mockClient(clients.lambda)
const timestream = mockClient(clients.timestream)
const quotas = mockClient(clients.quotas)

const plan: AwsPlan = {
  hotStore: 'influxdb',
  trades: 1,
  messagesPerSecond: 333,
  streams: 'onDemand',
  concurrency: 20,
}
const PUBLISHES = 'Inbound publish requests per second per account'
const named = (name: string, message = name): Error => Object.assign(new Error(message), { name })

beforeEach(() => {
  for (const mock of [sts, ssm, iot, kinesis, lambda, timestream, quotas]) mock.reset()
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/ada' })
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '28' } })
  iot.on(DescribeEndpointCommand).resolves({ endpointAddress: 'x-ats.iot.eu-central-1.amazonaws.com' })
  kinesis
    .on(DescribeLimitsCommand)
    .resolves({ ShardLimit: 500, OpenShardCount: 3, OnDemandStreamCount: 1, OnDemandStreamCountLimit: 50 })
  lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 1000 } })
  quotas.on(ListServiceQuotasCommand).resolves({ Quotas: [{ QuotaName: PUBLISHES, Value: 20_000 }] })
})

const examine = async (over: Partial<AwsPlan> = {}): Promise<Map<string, Finding>> =>
  new Map((await examineAws(clients, { ...plan, ...over })).map((f) => [f.check, f]))

describe('examineAws', () => {
  it('finds nothing to do in an account that is ready', async () => {
    const findings = await examine()
    expect([...findings.values()].filter((f) => f.status !== 'ok')).toEqual([])
    expect([...findings.keys()]).toEqual([
      'region',
      'credentials',
      'bootstrap',
      'timestream',
      'iot endpoint',
      'iot publishes per second',
      'kinesis streams and shards',
      'lambda concurrency',
      'marketplace',
    ])
  })

  it('asks nothing more without credentials, and says how to sign in', async () => {
    sts.on(GetCallerIdentityCommand).rejects(named('ExpiredToken'))
    const findings = await examine()
    expect([...findings.keys()]).toEqual(['region', 'credentials'])
    expect(findings.get('credentials')).toMatchObject({ status: 'fail', found: 'expired' })
    expect(ssm.calls()).toHaveLength(0)
  })

  it('tells no credentials from refused ones, and both from a region that nobody answers in', async () => {
    const found = async (error: Error) => {
      sts.on(GetCallerIdentityCommand).rejects(error)
      return [...(await examine()).values()].at(-1)
    }
    expect(await found(named('CredentialsProviderError'))).toMatchObject({ check: 'credentials', found: 'none found' }) // prettier-ignore
    expect(await found(named('InvalidClientTokenId'))).toMatchObject({
      found: 'refused: InvalidClientTokenId',
    })
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND sts.eu-centrl-1.amazonaws.com'), { code: 'ENOTFOUND' }) // prettier-ignore
    expect(await found(unknown)).toMatchObject({
      check: 'network',
      status: 'fail',
      found: 'AWS does not answer in eu-central-1 (ENOTFOUND)',
      remedy: expect.stringContaining('check the name of the region') as unknown,
    })
  })

  it('refuses what is no region before it asks anybody', async () => {
    const findings = await examineAws({ ...clients, region: () => Promise.resolve('Frankfurt') }, plan)
    expect(findings).toMatchObject([{ check: 'region', status: 'fail', found: 'Frankfurt is no region of AWS' }]) // prettier-ignore
    expect(sts.calls()).toHaveLength(0)
  })

  it('says which command bootstraps this very account and region', async () => {
    ssm.on(GetParameterCommand).rejects(named('ParameterNotFound'))
    expect((await examine()).get('bootstrap')).toMatchObject({
      status: 'fail',
      remedy: expect.stringContaining('cdk bootstrap aws://123456789012/eu-central-1') as unknown,
    })
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '4' } })
    expect((await examine()).get('bootstrap')).toMatchObject({ status: 'fail', found: 'version 4, needs 6' })
  })

  it('says what to do where LiveAnalytics is closed to the account', async () => {
    timestream
      .on(DescribeEndpointsCommand)
      .rejects(
        named(
          'AccessDeniedException',
          'Only existing Timestream for LiveAnalytics customers can access the service.',
        ),
      )
    const finding = (await examine({ hotStore: 'liveanalytics' })).get('timestream')
    expect(finding).toMatchObject({
      status: 'fail',
      remedy: expect.stringContaining('hotStore=influxdb') as unknown,
    })
  })

  it('tells a missing right from a closed service', async () => {
    timestream.on(DescribeEndpointsCommand).rejects(named('AccessDeniedException', 'User is not authorized'))
    expect((await examine({ hotStore: 'liveanalytics' })).get('timestream')).toMatchObject({
      status: 'unknown',
    })
    expect(timestream.calls()).toHaveLength(1)
  })

  it('compares quotas with the load, and asks for twice of it', async () => {
    quotas.on(ListServiceQuotasCommand).resolves({ Quotas: [{ QuotaName: PUBLISHES, Value: 600 }] })
    lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 10 } })
    kinesis.on(DescribeLimitsCommand).resolves({
      ShardLimit: 200,
      OpenShardCount: 190,
      OnDemandStreamCount: 49,
      OnDemandStreamCountLimit: 50,
    })
    const findings = await examine({ messagesPerSecond: 16_667, streams: 'provisioned' })
    for (const check of ['iot publishes per second', 'kinesis streams and shards', 'lambda concurrency'])
      expect(findings.get(check)?.status, check).toBe('fail')
    expect(findings.get('iot publishes per second')?.remedy).toContain('33334')
    expect(findings.get('kinesis streams and shards')?.found).toBe('10 of 200 shards free, needs 35')
    expect((await examine()).get('kinesis streams and shards')?.found).toContain('on-demand streams')
  })

  it('finds the publish quota on a later page', async () => {
    quotas
      .on(ListServiceQuotasCommand)
      .resolvesOnce({ Quotas: [{ QuotaName: 'Rules', Value: 1000 }], NextToken: 'n' })
      .resolves({ Quotas: [{ QuotaName: PUBLISHES, Value: 20_000 }] })
    expect((await examine()).get('iot publishes per second')?.status).toBe('ok')
  })

  it('stops no deploy by a question that the user may not ask', async () => {
    quotas.on(ListServiceQuotasCommand).rejects(named('AccessDeniedException'))
    expect((await examine()).get('iot publishes per second')).toMatchObject({ status: 'unknown' })
  })
})

describe('examineAccount', () => {
  const run = async (json = false): Promise<{ ready: boolean; text: string }> => {
    let text = ''
    const ready = await examineAccount(
      {
        json,
        hotStore: 'influxdb',
        streams: 'onDemand',
        trades: 1,
        readingsPerMinute: 1e6,
        readingsPerMessage: 50,
      },
      (part) => (text += part),
      () => clients,
    )
    return { ready, text }
  }

  it('ends well when all is ready', async () => {
    const { ready, text } = await run()
    expect(text).toContain('ready to deploy')
    expect(ready).toBe(true)
  })

  it('fails with remedies, so that a deploy after it does not start', async () => {
    ssm.on(GetParameterCommand).rejects(named('ParameterNotFound'))
    const { ready, text } = await run()
    expect(text).toMatch(/FAIL bootstrap/)
    expect(text).toContain('→ run `npx cdk bootstrap')
    expect(ready).toBe(false)
    expect(JSON.parse((await run(true)).text)).toMatchObject({ ready: false })
  })
})
