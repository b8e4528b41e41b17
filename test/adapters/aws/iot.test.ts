import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { keyAndRequest } from '../../../src/adapters/aws/iot/csr.ts'
import { iotCommandDesk } from '../../../src/adapters/aws/iot/iot-command-desk.ts'
import { iotCredentials, iotEndpoint } from '../../../src/adapters/aws/iot/iot-credentials.ts'
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
      DescribeCertificate: () => ({ certificateDescription: { certificateId: id, certificatePem: rootCertificates[0], status: 'ACTIVE', validity: { notBefore: new Date(1), notAfter: new Date(9) } } }),
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
      notBefore: 1,
      notAfter: 9,
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

describe('iotCommandDesk', () => {
  const command = (over = {}) => ({
    id: 'c1',
    thing: 'pump-1',
    name: 'stop',
    payload: { a: 1 },
    expiresAt: 100,
    atMostOnce: false,
    ...over,
  })
  function desk(publish: (topic: string) => Promise<void> = async () => {}) {
    const topics: string[] = []
    const double = dynamoDouble()
    const made = iotCommandDesk({
      dynamo: double.client,
      table: 'AlarmBook',
      publish: async (topic) => (topics.push(topic), publish(topic)),
      tradeOf: (thing) => (thing === 'pump-1' ? 'plant' : undefined),
      clock: { now: () => 50 },
    })
    return { ...made, topics }
  }

  it('publishes each command once, however often it is delivered', async () => {
    const d = desk()
    await d.accept([command(), command()])
    await d.accept([
      command(),
      command({ id: 'c2', atMostOnce: true }),
      command({ id: 'c2', atMostOnce: true }),
    ])
    expect(d.topics).toEqual(['cmd/plant/pump-1/stop/request', 'cmd/plant/pump-1/stop/request'])
  })

  it('leaves out what is expired or for nobody', async () => {
    const d = desk()
    await d.accept([command({ expiresAt: 50 }), command({ thing: 'other' })])
    expect(d.topics).toEqual([])
  })

  it('repeats what may run twice after a failed publish, and never the other kind', async () => {
    let away = true
    const d = desk(async () => (away ? Promise.reject(new Error('away')) : undefined))
    await expect(d.accept([command()])).rejects.toThrow('away')
    await expect(d.accept([command({ id: 'once', atMostOnce: true })])).rejects.toThrow('away')
    away = false
    await d.accept([command(), command({ id: 'once', atMostOnce: true })])
    expect(d.topics).toHaveLength(3)
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
