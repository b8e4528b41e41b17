import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { ownCommands } from '../../../lambdas/middleware/commands.ts'
import { dynamoAudit } from '../../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoCommandBook } from '../../../src/adapters/aws/dynamo/dynamo-command-book.ts'
import { toItem } from '../../../src/adapters/aws/dynamo/item.ts'
import { sweepRetirements } from '../../../src/adapters/aws/iot/iot-credential-desk.ts'
import { configuration } from '../../../src/pipeline/configuration.ts'
import { deviceType, plantDevice, T0 } from '../../support/harness.ts'
import { keyAndRequest } from '../../../src/adapters/aws/iot/csr.ts'
import {
  iotCertificates,
  iotCredentials,
  iotEndpoint,
} from '../../../src/adapters/aws/iot/iot-credentials.ts'
import { iotThings } from '../../../src/adapters/aws/iot/iot-things.ts'
import { snsNotifier } from '../../../src/adapters/aws/sns-notifier.ts'
import { transition } from '../../contracts/alarm-book.ts'
import { dynamoDouble } from '../../aws/dynamo-double.ts'

type Answers = Record<string, (input: Record<string, unknown>) => unknown>
function aws(answers: Answers) {
  const asked: [string, Record<string, unknown>][] = []
  return {
    asked,
    client: {
      send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
        asked.push([command.constructor.name.replace('Command', ''), command.input])
        return answers[command.constructor.name.replace('Command', '')]?.(command.input) ?? {}
      },
    } as never,
  }
}
const named = (name: string) => () => {
  throw Object.assign(new Error(name), { name })
}
const arn = (id: string) => `arn:aws:iot:eu-central-1:123456789012:cert/${id}`
const id = 'ab'.repeat(32)

describe('keyAndRequest', () => {
  it('makes a request that OpenSSL verifies, for the thing and its key', () => {
    const { csrPem, privateKeyPem } = keyAndRequest('pump-1')
    const shown = execFileSync('openssl', ['req', '-verify', '-noout', '-subject', '-pubkey'], {
      input: csrPem,
      stdio: ['pipe', 'pipe', 'pipe'],
    }).toString()
    expect(shown).toMatch(/CN ?= ?pump-1/)
    const key = createPrivateKey(privateKeyPem)
    expect(key.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' })
    expect(keyAndRequest('n'.repeat(128)).csrPem).not.toBe(csrPem)
  })
})

describe('iotCredentials', () => {
  it('signs a request, gives the policy and ties the certificate to its thing alone', async () => {
    const { client, asked } = aws({
      CreateCertificateFromCsr: () => ({ certificateArn: arn(id), certificateId: id, certificatePem: 'pem' }),
    })
    const desk = iotCredentials({
      iot: client,
      data: client,
      policy: 'device',
      endpoint: { endpoint: 'mqtts://e:8883', caPem: 'ca' },
    })
    const issued = await desk.issue('pump-1')
    expect(issued).toMatchObject({
      fingerprint: id,
      certificatePem: 'pem',
      endpoint: 'mqtts://e:8883',
      caPem: 'ca',
    })
    expect(issued.privateKeyPem).toContain('PRIVATE KEY')
    expect(asked.map(([name]) => name)).toEqual([
      'CreateCertificateFromCsr',
      'AttachPolicy',
      'AttachThingPrincipal',
    ])
    expect(asked[2]![1]).toMatchObject({ thingName: 'pump-1', thingPrincipalType: 'EXCLUSIVE_THING' })
    expect(JSON.stringify(asked)).not.toContain('PRIVATE KEY')
  })

  it('revokes only a certificate of that thing, and cuts its connection', async () => {
    const { client, asked } = aws({
      ListThingPrincipals: () => ({ principals: [arn(id)] }),
      DescribeCertificate: () => ({ certificateDescription: { certificateId: id, certificatePem: rootCertificates[0], status: 'ACTIVE' } }),
      DeleteConnection: named('ResourceNotFoundException'),
    }) // prettier-ignore
    const desk = iotCredentials({
      iot: client,
      data: client,
      policy: 'device',
      endpoint: { endpoint: '', caPem: '' },
    })
    expect(await desk.revoke('pump-1', 'cd'.repeat(32))).toBeNull()
    expect(await desk.revoke('pump-1', id)).toMatchObject({
      status: 'revoked',
      fingerprint: id,
      // As the certificate says of itself: an endpoint may leave them out of its answer.
      notBefore: new X509Certificate(rootCertificates[0]!).validFromDate.getTime(),
      notAfter: new X509Certificate(rootCertificates[0]!).validToDate.getTime(),
    })
    expect(asked.filter(([name]) => name === 'UpdateCertificate').map(([, input]) => input)).toEqual([
      { certificateId: id, newStatus: 'REVOKED' },
    ])
    expect(asked.at(-1)).toEqual(['DeleteConnection', { clientId: 'pump-1' }])
  })

  it('knows where devices connect and whom they trust there', async () => {
    const { endpoint, caPem } = await iotEndpoint(
      aws({ DescribeEndpoint: () => ({ endpointAddress: 'a1-ats.iot.eu-central-1.amazonaws.com' }) }).client,
    )
    expect(endpoint).toBe('mqtts://a1-ats.iot.eu-central-1.amazonaws.com:8883')
    expect(new X509Certificate(caPem).subject).toContain('Amazon Root CA 1')
  })
})

describe('iotThings', () => {
  it('makes a thing once and forgets it with its certificates', async () => {
    const { client, asked } = aws({
      CreateThing: named('ResourceAlreadyExistsException'),
      ListThingPrincipals: () => ({ principals: [arn(id)] }),
    })
    const things = iotThings(client, client)
    await things.ensure('pump-1', 'plant')
    await things.remove('pump-1')
    expect(asked.map(([name]) => name)).toEqual([
      'CreateThing',
      'ListThingPrincipals',
      'UpdateCertificate',
      'DetachThingPrincipal',
      'DeleteConnection',
      'DeleteThing',
    ])
    const none = aws({ ListThingPrincipals: named('ResourceNotFoundException') }).client
    await iotThings(none, none).remove('never-was')
  })
})

describe('iotThings.setStatus', () => {
  it.each([
    ['suspended', 'INACTIVE', true],
    ['active', 'ACTIVE', false],
    ['retired', 'REVOKED', true],
  ] as const)('%s: certificates become %s', async (status, newStatus, cut) => {
    const { client, asked } = aws({
      ListThingPrincipals: () => ({ principals: [arn(id)] }),
      UpdateCertificate: named('CertificateStateException'),
    })
    await iotThings(client, client).setStatus('pump-1', status)
    expect(asked[1]).toEqual(['UpdateCertificate', { certificateId: id, newStatus }])
    expect(asked.slice(2)).toEqual(cut ? [['DeleteConnection', { clientId: 'pump-1' }]] : [])
  })
})

describe('sweepRetirements', () => {
  it('revokes what is due, also where one cannot be and where its thing is gone', async () => {
    const { client: dynamo, items } = dynamoDouble()
    const due = (fingerprint: string, thing: string, dueAt: number) =>
      dynamo.send(
        new PutItemCommand({
          TableName: 'Retirements',
          Item: toItem({ fingerprint, thing, due: 'retire', dueAt }),
        }),
      )
    await due('aa', 'broken', 1)
    await due('bb', 'gone', 2)
    await due('cc', 'pump-1', 3)
    await due('dd', 'pump-1', 9)
    const { client, asked } = aws({
      ListThingPrincipals: ({ thingName }) => {
        if (thingName === 'broken') named('ThrottlingException')()
        if (thingName === 'gone') named('ResourceNotFoundException')()
        return { principals: [arn('cc'.repeat(32))] }
      },
      DescribeCertificate: ({ certificateId }) => ({ certificateDescription: { certificateId: String(certificateId).slice(0, 2), status: 'ACTIVE' } }), // prettier-ignore
    })
    const said: string[] = []
    const parts = {
      dynamo,
      table: 'Retirements',
      credentials: iotCertificates({ iot: client, data: client }),
      clock: { now: () => 5 },
      audit: { record: ({ detail }: { detail: string }) => void said.push(detail) },
    }
    await expect(sweepRetirements(parts)).rejects.toThrow('ThrottlingException')
    expect(items('Retirements').map((item) => item['fingerprint']?.S)).toEqual(['aa', 'dd'])
    expect(said).toEqual(['cc after rotation'])
    expect(asked.filter(([name]) => name === 'UpdateCertificate' || name === 'DeleteConnection')).toEqual([
      ['UpdateCertificate', { certificateId: 'cc', newStatus: 'REVOKED' }],
      ['DeleteConnection', { clientId: 'pump-1' }],
    ])
  })
})

describe('sign', () => {
  it.each(['AttachPolicy', 'AttachThingPrincipal'])('leaves no certificate behind where %s fails', async (step) => {
    const made = { certificateArn: arn(id), certificateId: id, certificatePem: 'pem' }
    const { client, asked } = aws({ CreateCertificateFromCsr: () => made, [step]: named('LimitExceededException'), DetachPolicy: named('ThrottlingException') })
    const credentials = iotCredentials({ iot: client, data: client, policy: 'p', endpoint: { endpoint: '', caPem: '' } })
    await expect(credentials.sign('pump-1', 'csr')).rejects.toThrow('LimitExceededException')
    expect(asked.slice(-3)).toEqual([
      ['UpdateCertificate', { certificateId: id, newStatus: 'INACTIVE' }],
      ['DetachPolicy', { policyName: 'p', target: arn(id) }],
      ['DeleteCertificate', { certificateId: id }],
    ])
  }) // prettier-ignore
})

describe('ownCommands', () => {
  const command = (over = {}) => ({
    id: 'c1',
    thing: 'pump-1',
    name: 'stop',
    payload: { a: 1 },
    expiresAt: T0 + 100,
    atMostOnce: false,
    ...over,
  })
  function desk(publish: (topic: string) => Promise<void> = async () => {}, connected = true) {
    const topics: string[] = []
    const double = dynamoDouble()
    const dynamo = double.client
    const clock = { now: () => T0 + 50, elapsed: () => 0 }
    const config = configuration([plantDevice('pump-1'), deviceType({ t: {} })])
    const made = ownCommands({
      dynamo,
      data: { send: async (sent: { input: { topic: string } }) => (topics.push(sent.input.topic), publish(sent.input.topic)) } as never, // prettier-ignore
      commandsTable: 'Commands',
      presenceTable: 'Presence',
      clock,
      audit: dynamoAudit(dynamo, 'Audit', 'i', clock),
      configuration: () => config,
    })
    const ready = dynamo.send(
      new PutItemCommand({ TableName: 'Presence', Item: toItem({ thing: 'pump-1', connected, at: 1 }) }),
    )
    const listed = async () => dynamoCommandBook(dynamo, 'Commands').list({ thing: 'pump-1', limit: 10 })
    const accept: typeof made.accept = async (commands) => {
      await ready
      await made.accept(commands)
    }
    return { accept, topics, listed, audited: () => double.items('Audit').map((i) => i['action']?.S) }
  }

  it('publishes each command once, however often it is delivered, where the API lists it', async () => {
    const d = desk()
    await d.accept([command(), command()])
    await d.accept([
      command(),
      command({ id: 'c2', atMostOnce: true }),
      command({ id: 'c2', atMostOnce: true }),
    ])
    expect(d.topics).toEqual(['cmd/plant/pump-1/stop/request', 'cmd/plant/pump-1/stop/request'])
    expect((await d.listed()).map(({ id, status, by }) => [id, status, by]).sort()).toEqual([
      ['c1', 'sent', 'telltale'],
      ['c2', 'sent', 'telltale'],
    ])
    expect(d.audited()).toEqual(['command.give', 'command.give'])
  })

  it('keeps what comes while its device is away, and sends what is for nobody to nobody', async () => {
    const d = desk(undefined, false)
    await d.accept([command(), command({ thing: 'other' })])
    expect(d.topics).toEqual([])
    expect((await d.listed()).map(({ status }) => status)).toEqual(['queued'])
  })

  it('repeats what may run twice after a failed publish, and never the other kind', async () => {
    let away = true
    const d = desk(async () => (away ? Promise.reject(new Error('away')) : undefined))
    await expect(d.accept([command()])).rejects.toThrow('away')
    await expect(d.accept([command({ id: 'once', atMostOnce: true })])).rejects.toThrow('away')
    away = false
    await d.accept([command(), command({ id: 'once', atMostOnce: true })])
    expect(d.topics.length).toBeGreaterThan(2)
    const tries = d.topics.length
    await d.accept([command(), command({ id: 'once', atMostOnce: true })])
    expect(d.topics).toHaveLength(tries)
    expect((await d.listed()).map(({ status }) => status)).toEqual(['sent', 'sent'])
  })
})

describe('snsNotifier', () => {
  it('publishes what subscribers filter by, and a subject that SNS takes', async () => {
    const { client, asked } = aws({})
    const notifier = snsNotifier({
      sns: client,
      topicArn: 'arn:topic',
      about: () => ({ trade: 'plant', site: 'north' }),
    })
    const t = transition({ key: `druck ö ${'x'.repeat(200)}` })
    await notifier.notify(t)
    const [, input] = asked[0]!
    expect(input['TopicArn']).toBe('arn:topic')
    expect(input['Subject']).toMatch(/^[\x20-\x7e]{1,99}$/)
    expect(JSON.parse(input['Message'] as string)).toMatchObject({ id: t.id, to: 'active', why: t.why })
    expect(Object.entries(input['MessageAttributes'] as Record<string, { StringValue: string }>).map(([k, v]) => [k, v.StringValue])).toEqual([['severity', 'critical'], ['rule', 'limit'], ['thing', 'pump-1'], ['to', 'active'], ['trade', 'plant'], ['site', 'north']]) // prettier-ignore
  })
})
