import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { apiHandler } from '../../lambdas/api/api-handler.ts'
import { standingOf } from '../../lambdas/desk/standing.ts'
import { deskStatus } from '../../lambdas/desk/status.ts'
import { elsewhere } from '../../lambdas/api/elsewhere.ts'
import { awsErasures } from '../../lambdas/api/erasures.ts'
import { awsHistory } from '../../lambdas/api/history.ts'
import { awsTrades } from '../../lambdas/api/trades.ts'
import { dynamoAudit } from '../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { rawRecordOf } from '../../src/adapters/aws/kinesis/raw-envelope.ts'
import { ApiProblem } from '../../src/api/problem.ts'
import { apiEndpoints } from '../../src/api/endpoints.ts'
import { liveHub } from '../../src/api/live-hub.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { memoryPorts } from '../api/fixture/memory-ports.ts'
import { world } from '../api/fixture/world.ts'
import { bulkOver, lakeInMemory } from './bulk-fixture.ts'
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
  const planned: string[] = []
  const sent: string[] = []
  const standing = standingOf({
    load: async () => null,
    configuration: async () => configuration([plantDevice('pump-1')]),
    clock,
  })
  const invoked: string[] = []
  const bulkFails: Error[] = []
  const functions = { send: async ({ input }: { input: { FunctionName: string; InvocationType?: string; Payload: string } }) => (invoked.push(`${input.FunctionName} ${input.InvocationType ?? ''} ${input.Payload}`), {}) } as never // prettier-ignore
  const bulk = bulkOver({ dynamo, clock, ...lakeInMemory(), stores: {} as never })
  const erasures = awsErasures({ dynamo, env: { ERASURES_TABLE: 'Erasures', ERASE_FUNCTION: 'erase' }, lambda: functions, clock }) // prettier-ignore
  const handle = apiHandler({
    env: {
      TRADE_STREAMS: new Map([['plant', 'telemetry']]),
      STATE_TABLE: 'State',
      CONFIG_TABLE: 'Config',
      REGISTRY_TABLE: 'Registry',
      GROUPS_TABLE: 'Groups',
      COMMANDS_TABLE: 'Commands',
      RETIREMENTS_TABLE: 'Retirements',
      TOKENS_TABLE: 'Tokens',
      PRESENCE_TABLE: 'Presence',
      USER_POOL: 'pool',
      ALARM_TABLE: 'AlarmBook',
      QUARANTINE_TABLE: 'Quarantine',
      ERASURES_TABLE: 'Erasures',
      ERASE_FUNCTION: 'erase',
    },
    dynamo,
    kinesis: stream.client,
    data: { send: async (command: { constructor: { name: string }; input: { topic?: string; thingName?: string } }) => (sent.push(`${command.constructor.name} ${command.input.topic ?? command.input.thingName ?? ''}`), { payload: Buffer.from('{"state":{},"version":1,"timestamp":1}') }) } as never, // prettier-ignore
    cognito: { send: async () => ({ Users: [] }) } as never,
    clock,
    audit: dynamoAudit(dynamo, 'Audit', 'i1', clock),
    history: awsHistory({} as never, { erasures }),
    trades: awsTrades({
      env: {
        CONFIG_TABLE: 'Config',
        WORK_ORDERS_TABLE: 'WorkOrders',
        LAKE_BUCKET: 'lake',
        PLAN_FUNCTION: 'plan',
      },
      dynamo,
      s3: { send: async () => ({}) } as never,
      data: { send: async () => ({}) } as never,
      lambda: {
        send: async ({ input }: { input: { Payload: string } }) => (planned.push(input.Payload), {}),
      } as never,
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
      sign: async () => ({ caPem: 'pem', fingerprint: 'e'.repeat(64), certificatePem: 'c' }),
      list: async () => [],
      revoke: async () => null,
    },
    desk: {
      ...deskStatus({ dynamo, stateTable: 'State', presenceTable: 'Presence', standing, clock }),
      jobs: {} as never,
      provisioning: {} as never,
    },
    bulk: async (event) => {
      if (bulkFails.length > 0) throw bulkFails.pop()!
      return bulk.handle(event)
    },
    onError: (error) => {
      if (!String(error).includes('expected')) throw error
    },
  })
  /** As API Gateway hands a request over, its authorizer's claims included. */
  const call = async (
    method: string,
    path: string,
    { body, groups = 'admin', token = 'token' }: { body?: unknown; groups?: string | null; token?: string } = {}, // prettier-ignore
  ) => {
    const [pathname = '', query = ''] = path.split('?')
    const parameters = Object.fromEntries(new URLSearchParams(query))
    const event = {
      resource: '/{proxy+}',
      path: pathname,
      httpMethod: method,
      headers: {
        authorization: `Bearer ${token}`,
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
  return { call, pump, twin, things, planned, sent, stream, dynamo, invoked, bulkFails }
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

  it('erases a device in the background, says how far it is, and lets nobody take its name before', async () => {
    const { call, pump, things, invoked } = deployed()
    await pump()
    const device = { trade: 'plant', type: 'pump' }
    await call('PUT', '/v1/devices/pump-9', { body: device })
    expect((await call('GET', '/v1/devices/pump-9/erasure')).body['code']).toBe('no_such_erasure')
    const begun = await call('DELETE', '/v1/devices/pump-9/data')
    const { settlesAt } = begun.body as { settlesAt: number }
    expect(begun).toMatchObject({
      status: 202,
      body: { state: 'erasing', requestedAt: T0, finishedAt: null },
    })
    expect(settlesAt).toBeGreaterThanOrEqual(T0 + 24 * 3_600_000)
    expect(things).toEqual(['plant/pump-9', '-pump-9'])
    expect(invoked).toEqual(['erase Event {}'])
    expect((await call('GET', '/v1/devices/pump-9')).status).toBe(404)
    expect(await call('GET', '/v1/devices/pump-9/erasure')).toEqual({ ...begun, status: 200 })
    const again = await call('PUT', '/v1/devices/pump-9', { body: device })
    expect([again.status, again.body['code']]).toEqual([409, 'being_erased'])
    expect(String(again.body['detail'])).toContain(new Date(settlesAt).toISOString())
    expect((await call('PUT', '/v1/devices/pump-8', { body: device })).status).toBeLessThan(300)
    expect((await call('DELETE', '/v1/devices/pump-9/data')).body).toEqual(begun.body)
    expect((await call('GET', '/v1/devices/pump-9/erasure', { groups: 'operator' })).status).toBe(403)
  })

  it('tells what jobs have learned to be usual for a device', async () => {
    const { call, pump, dynamo } = deployed()
    await pump()
    await call('PUT', '/v1/devices/pump-1', { body: { trade: 'plant', type: 'pump' } })
    await dynamoConfigStore(dynamo, 'Config', { now: () => T0 - 60_000 }).put([
      { ...deviceType({ t: { zLimit: 4 } }), effectiveFrom: 1 },
      { ...plantDevice('pump-1'), effectiveFrom: 1 },
      { kind: 'learned', key: 'pump-1', value: { t: { median: 20, spread: 2 }, still: { median: 1, spread: 0 } }, effectiveFrom: 2 }, // prettier-ignore
    ])
    expect(await call('GET', '/v1/devices/pump-1/usual')).toEqual({
      status: 200,
      body: { items: [{ measure: 't', usual: 20, low: 12, high: 28 }] },
    })
    expect((await call('GET', '/v1/devices/nobody/usual')).status).toBe(404)
  })

  it('hands over what is a file or takes long, and says so where that fails', async () => {
    const { call, pump, bulkFails, dynamo } = deployed()
    await pump()
    const made = await call('POST', '/v1/reports', { body: { trade: 'plant' } })
    expect([made.status, made.body['title']], JSON.stringify(made.body)).toEqual([201, 'Plant report'])
    expect((await call('GET', '/v1/reports')).body).toMatchObject({ items: [{ id: made.body['id'] }] })
    expect((await call('GET', '/v1/retention')).body['policy']).toMatchObject({ warmAfterDays: 30, coldAfterDays: 365 }) // prettier-ignore
    // Who asks is known there, too: by a role of the pool, or by a machine’s token.
    expect((await call('POST', '/v1/reports', { groups: 'viewer', body: { trade: 'plant' } })).status).toBe(
      403,
    )
    expect((await call('GET', '/v1/reports', { groups: null })).status).toBe(401)
    const { token } = (await call('POST', '/v1/tokens', { body: { name: 'historian', role: 'viewer' } })).body
    const machine = { token: token as string, groups: null }
    expect((await call('GET', '/machine/v1/reports', machine)).body).toMatchObject({ items: [{ id: made.body['id'] }] }) // prettier-ignore
    expect((await call('GET', '/machine/v1/reports', { token: 'tt_no', groups: null })).status).toBe(401)
    expect((await dynamoAudit(dynamo, 'Audit', 'x', { now: () => T0 }).list({ action: 'report.make', limit: 9 })).length).toBe(1) // prettier-ignore

    bulkFails.push(new ApiProblem('takes_longer', 'it does'))
    expect(await call('POST', '/v1/reports', { body: { trade: 'plant' } })).toMatchObject({ status: 504, body: { code: 'takes_longer' } }) // prettier-ignore
    bulkFails.push(new Error('expected: out of memory'))
    expect(await call('GET', '/v1/export')).toMatchObject({ status: 500, body: { code: 'internal_error' } })
    bulkFails.push(new Error('expected: throttled'))
    expect((await call('GET', '/openapi.json')).status).toBe(500)
  })

  it('answers for every path that it does not serve by who does, and lists none of them', async () => {
    const { call, pump } = deployed()
    await pump()
    const { paths } = (await call('GET', '/openapi.json')).body as { paths: Record<string, object> }
    const served = new Set(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      ),
    )
    const desk = { authority: {} }
    const ports = {
      ...memoryPorts(world()),
      deviceDesk: desk,
      roadTiles: {},
      reports: {},
      usualBands: () => [],
    }
    const box = apiEndpoints(ports as never, liveHub(ports), { openMetrics: false, heartbeatMs: 1000 })
    const absent = box.filter(
      ({ contract }) => !served.has(`${contract.method.toUpperCase()} ${contract.path}`),
    )
    expect(absent.length).toBeGreaterThan(4)
    for (const path of [
      '/v1/reports/{id}/pdf',
      '/v1/export',
      '/v1/import',
      '/v1/retention',
      '/v1/history/refold',
      '/v1/history/rebuild',
    ])
      // prettier-ignore
      expect(Object.keys(paths)).toContain(path)
    for (const { contract } of absent) {
      const { status, body } = await call(
        contract.method.toUpperCase(),
        contract.path.replaceAll(/\{\w+\}/g, 'x'),
      )
      expect([status, body['code']], `${contract.method} ${contract.path}`).toEqual([501, 'not_by_api'])
    }
    expect([...served].filter((request) => request in elsewhere)).toEqual([])
    expect((await call('GET', '/v1/nothing')).body['code']).toBe('no_such_path')
    expect((await call('POST', '/openapi.json', { body: {} })).status).toBe(404)
  })

  it('says how devices are, where, and gives certificates that their own keys are in', async () => {
    const { call, pump, dynamo } = deployed()
    await pump()
    await call('PUT', '/v1/devices/pump-1', { body: { trade: 'plant', type: 'pump' } })
    expect((await call('GET', '/v1/devices/pump-1/status')).body).toMatchObject({ condition: 'never' })
    expect((await call('GET', '/v1/status')).body).toMatchObject({ items: [{ thing: 'pump-1' }] })
    expect((await call('GET', '/v1/status/counts')).body).toMatchObject({ devices: 1, never: 1 })
    expect((await call('GET', '/v1/nearest?latitude=50&longitude=7')).body).toEqual({ items: [] })
    const signed = await call('POST', '/v1/devices/pump-1/credentials/sign', { body: { csr: 'c' } })
    expect([signed.status, signed.body['certificatePem']]).toEqual([201, 'c'])
    const rotated = await call('POST', '/v1/devices/pump-1/credentials/rotate', { body: {} })
    expect([rotated.status, rotated.body['privateKeyPem'], rotated.body['retires']]).toEqual([201, 'k', []])
    expect((await dynamoAudit(dynamo, 'Audit', 'x', { now: () => T0 }).list({ subject: 'pump-1', limit: 9 })).map(({ action }) => action)).toContain('credential.rotate') // prettier-ignore
  })

  it('has a building planned at once by the function that can', async () => {
    const { call, planned } = deployed()
    const plant = { thing: 'hq-z1', heatingKw: 5, coolingKw: 5 }
    const schedule = { periods: [], otherwise: { heatC: 20, coolC: 25 } }
    const site = { timeZone: 'UTC', zones: [{ name: 'z1', sensors: [], plant }], schedule }
    const put = await call('PUT', '/v1/sites/hq', { body: site })
    expect(put.status, JSON.stringify(put.body)).toBeLessThan(300)
    expect(await call('POST', '/v1/buildings/hq/plan')).toMatchObject({ status: 200, body: { plan: null } })
    expect(planned).toEqual(['{"site":"hq"}'])
  })

  it('keeps a command until its device is there, and answers for shadows, groups and people', async () => {
    const { call, pump, sent, dynamo } = deployed()
    await pump()
    await call('PUT', '/v1/devices/pump-9', { body: { trade: 'plant', type: 'pump' } })
    const order = { name: 'reboot', payload: { after: 5 }, expiresInS: 60 }
    const away = await call('POST', '/v1/devices/pump-9/commands', { body: order })
    expect([away.status, away.body['status']], JSON.stringify(away.body)).toEqual([201, 'queued'])
    expect(sent).toEqual([])
    const connected = { thing: { S: 'pump-9' }, connected: { BOOL: true }, at: { N: '1' } }
    await dynamo.send(new PutItemCommand({ TableName: 'Presence', Item: connected }))
    await call('POST', '/v1/devices/pump-9/commands', { body: { ...order, name: 'blink' } })
    // Of one moment, they have no order.
    expect(sent.toSorted()).toEqual([
      'PublishCommand cmd/plant/pump-9/blink/request',
      'PublishCommand cmd/plant/pump-9/reboot/request',
    ])
    const { body } = await call('GET', '/v1/devices/pump-9/commands')
    expect((body['items'] as { status: string }[]).map(({ status }) => status)).toEqual(['sent', 'sent'])
    expect((await call('GET', '/v1/devices/pump-9/shadow')).status).toBe(200)
    expect((await call('GET', '/v1/groups')).body).toMatchObject({ items: [] })
    expect((await call('GET', '/v1/users')).status).toBe(200)
  })

  it('admits a machine by its token, with its role and sites, until it is revoked', async () => {
    const { call, pump } = deployed()
    await pump()
    for (const [thing, site] of [
      ['pump-1', 'north'],
      ['pump-2', 'south'],
    ])
      // prettier-ignore
      await call('PUT', `/v1/devices/${thing}`, { body: { trade: 'plant', type: 'pump', site } })
    const body = { name: 'historian', role: 'viewer', sites: ['north'] }
    const made = await call('POST', '/v1/tokens', { body })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    const token = made.body['token'] as string
    const id = /^tt_([0-9a-f]+)_/.exec(token)![1]!
    const machine = { token, groups: null }
    const seen = await call('GET', '/machine/v1/devices', machine)
    expect([seen.status, (seen.body['items'] as { thing: string }[]).map(({ thing }) => thing)]).toEqual([200, ['pump-1']]) // prettier-ignore
    expect((await call('GET', '/machine/v1/devices/pump-2', machine)).status).toBe(404)
    const put = { ...machine, body: { trade: 'plant', type: 'pump' } }
    expect((await call('PUT', '/machine/v1/devices/pump-3', put)).status).toBe(403)
    // Where people ask, only what the user pool vouches for counts; and where machines do, only a token.
    expect((await call('GET', '/v1/devices', machine)).status).toBe(401)
    expect((await call('GET', '/machine/v1/devices', { groups: 'admin' })).status).toBe(401)
    expect((await call('DELETE', `/v1/tokens/${id}`)).status).toBe(200)
    expect((await call('GET', '/machine/v1/devices', machine)).body['code']).toBe('bad_token')
  })
})
