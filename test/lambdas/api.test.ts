import type { APIGatewayProxyEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { apiHandler } from '../../lambdas/api/api-handler.ts'
import { awsHistory } from '../../lambdas/api/history.ts'
import { awsTrades } from '../../lambdas/api/trades.ts'
import { dynamoAudit } from '../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { rawRecordOf } from '../../src/adapters/aws/kinesis/raw-envelope.ts'
import { kinesisDouble } from '../aws/kinesis-double.ts'
import { eventOf, kinesisRecord } from '../aws/kinesis-event.ts'
import { plantTwin } from '../aws/plant-twin.ts'
import { deviceType, plantDevice, T0 } from '../support/harness.ts'

function deployed() {
  const twin = plantTwin([plantDevice('pump-1'), deviceType({ t: { high: 80 } })], () => T0)
  const dynamo = twin.double.client
  const clock = { now: () => T0, elapsed: () => 0 }
  const stream = kinesisDouble()
  const things: string[] = []
  const handle = apiHandler({
    env: {
      TRADE_STREAMS: new Map([['plant', 'telemetry']]),
      STATE_TABLE: 'State',
      CONFIG_TABLE: 'Config',
      REGISTRY_TABLE: 'Registry',
      GROUPS_TABLE: 'Groups',
      ALARM_TABLE: 'AlarmBook',
      QUARANTINE_TABLE: 'Quarantine',
    },
    dynamo,
    kinesis: stream.client,
    clock,
    audit: dynamoAudit(dynamo, 'Audit', 'i1', clock),
    history: awsHistory({} as never, { hot: 30, warm: 365, cold: 1826 }),
    trades: awsTrades({
      env: {
        CONFIG_TABLE: 'Config',
        ALARM_TABLE: 'AlarmBook',
        WORK_ORDERS_TABLE: 'WorkOrders',
        LAKE_BUCKET: 'lake',
      },
      dynamo,
      s3: { send: async () => ({}) } as never,
      data: { send: async () => ({}) } as never,
      facts: dynamoFacts(dynamo, 'Facts'),
      machines: { past: async () => null },
      clock,
    }),
    telemetry: {
      readings: async () => [],
      windows: async () => [],
      anomalies: async () => [],
      facts: async () => [],
    },
    things: {
      ensure: async (thing, trade) => void things.push(`${trade}/${thing}`),
      setStatus: async (thing, status) => void things.push(`${thing}:${status}`),
      remove: async (thing) => void things.push(`-${thing}`),
    },
    credentials: {
      endpoint: () => ({ endpoint: 'mqtts://x:8883', caPem: 'pem' }),
      issue: async () => ({
        endpoint: 'mqtts://x:8883',
        caPem: 'pem',
        fingerprint: 'f'.repeat(64),
        certificatePem: 'c',
        privateKeyPem: 'k',
      }),
      list: async () => [],
      revoke: async () => null,
    },
    onError: (error) => {
      throw error
    },
  })
  /** As API Gateway hands a request over, its authorizer's claims included. */
  const call = async (
    method: string,
    path: string,
    { body, groups = 'admin' }: { body?: unknown; groups?: string | null } = {},
  ) => {
    const [pathname = '', query = ''] = path.split('?')
    const parameters = Object.fromEntries(new URLSearchParams(query))
    const event = {
      resource: '/{proxy+}',
      path: pathname,
      httpMethod: method,
      headers: {
        authorization: 'Bearer token',
        host: 'api.example',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      multiValueHeaders: {},
      queryStringParameters: query === '' ? null : parameters,
      multiValueQueryStringParameters:
        query === '' ? null : Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, [v]])),
      pathParameters: { proxy: pathname.slice(1) },
      stageVariables: null,
      requestContext: {
        authorizer:
          groups === null
            ? undefined
            : { claims: { sub: 'u1', email: 'ann@example.com', 'cognito:groups': groups } },
        stage: 'v',
        path: `/v${pathname}`,
      },
      body: body === undefined ? null : JSON.stringify(body),
      isBase64Encoded: false,
    } as unknown as APIGatewayProxyEvent
    const { statusCode, body: text } = await handle(event)
    return { status: statusCode, body: (text === '' ? null : JSON.parse(text)) as Record<string, unknown> }
  }
  const pump = async (): Promise<void> =>
    void (await call('PUT', '/v1/types/pump', { body: { trade: 'plant', measures: { t: { high: 80 } } } }))
  return { call, pump, twin, things, stream, dynamo }
}

describe('apiHandler', () => {
  it('registers a device: thing, registry, configuration, audit', async () => {
    const { call, pump, things, dynamo } = deployed()
    await pump()
    const made = await call('PUT', '/v1/devices/pump-9', {
      body: { trade: 'plant', type: 'pump', site: 'north' },
    })
    expect([200, 201]).toContain(made.status)
    expect(things).toEqual(['plant/pump-9'])
    expect(await call('GET', '/v1/devices/pump-9')).toMatchObject({
      status: 200,
      body: { thing: 'pump-9', site: 'north' },
    })
    expect(await call('GET', '/v1/devices?trade=plant&limit=5')).toMatchObject({
      body: { items: [{ thing: 'pump-9' }] },
    })
    const config = dynamoConfigStore(dynamo, 'Config', { now: () => T0 })
    expect((await config.all()).slice(-1)).toMatchObject([
      { kind: 'device', key: 'pump-9', effectiveFrom: T0 + 10_000 },
    ])
    expect((await call('GET', '/v1/audit')).body['items']).toMatchObject([{ actor: 'ann@example.com' }, {}])
  })

  it('lets in only whom the authorizer named, with the role of the group', async () => {
    const { call } = deployed()
    expect((await call('GET', '/v1/devices', { groups: null })).status).toBe(401)
    expect((await call('GET', '/v1/devices', { groups: 'viewer' })).status).toBe(200)
    expect(
      (await call('PUT', '/v1/devices/x', { groups: 'viewer', body: { trade: 'plant', type: 'pump' } }))
        .status,
    ).toBe(403)
  })

  it('shows the latest values and alarms that the pipeline left', async () => {
    const { call, pump, twin } = deployed()
    await pump()
    await call('PUT', '/v1/devices/pump-1', { body: { trade: 'plant', type: 'pump' } })
    await twin.invoke(
      eventOf([
        {
          topic: 'dt/plant/pump-1/telemetry',
          client: 'pump-1',
          receivedAt: T0,
          payload: Buffer.from(JSON.stringify({ at: T0, measures: { t: 90 } })),
        },
      ]),
    )
    expect((await call('GET', '/v1/latest')).body['items']).toMatchObject([
      { thing: 'pump-1', values: [{ measure: 't', value: 90 }] },
    ])
    expect((await call('GET', '/v1/alarms')).body['items']).toMatchObject([
      { thing: 'pump-1', state: 'unackActive' },
    ])
  })

  it('replays a quarantined record into the stream of its trade', async () => {
    const { call, pump, twin, stream } = deployed()
    await pump()
    await call('PUT', '/v1/devices/pump-1', { body: { trade: 'plant', type: 'pump' } })
    const event = eventOf([
      { topic: 'dt/plant/pump-1/telemetry', client: 'pump-1', receivedAt: T0, payload: Buffer.from('{') },
    ])
    await twin.invoke(event)
    const id = event.Records[0]!.kinesis.sequenceNumber
    const answer = await call('POST', `/v1/quarantine/${id}/replay`, {
      body: { payload: Buffer.from('{"at":1,"measures":{}}').toString('base64') },
    })
    expect(answer.status).toBeLessThan(300)
    expect(stream.puts.map(({ data }) => rawRecordOf(kinesisRecord(data, 1n)).replayOf)).toEqual([
      `${id}@${T0}`,
    ])
  })
})
