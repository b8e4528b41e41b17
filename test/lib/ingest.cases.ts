import { Aws } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { claimPolicy, devicePolicy } from '../../lib/device-policy.ts'
import { compilePolicy, type PolicyDocument } from '../../src/adapters/local/broker/policy.ts'
import { byName, everything, ofType, one, synth } from './templates.ts'

interface RulePayload {
  Sql: string
  AwsIotSqlVersion: string
  Actions: { Kinesis?: { PartitionKey: string } }[]
  ErrorAction: { S3: { Key: string } }
}

describe('TradeIngest', () => {
  const made = synth(everything)
  const rules = new Map(
    ofType(made, 'AWS::IoT::TopicRule').map(([, r]) => [
      r.Properties['RuleName'],
      r.Properties['TopicRulePayload'] as RulePayload,
    ]),
  )

  it.each(['plant', 'fleet', 'building'])('takes every message of %s untouched, by device', (trade) => {
    const select =
      "SELECT encode(*, 'base64') AS data, topic() AS topic, clientid() AS client, timestamp() AS receivedAt"
    const native = rules.get(`telltale_${trade}`)
    expect(native?.Sql).toBe(`${select} FROM 'dt/${trade}/+/#'`)
    expect(native?.Actions[0]?.Kinesis?.PartitionKey).toBe('${topic(3)}')
    const sparkplug = rules.get(`telltale_${trade}_sparkplug`)
    expect(sparkplug?.Sql).toBe(`${select} FROM 'spBv1.0/${trade}/+/+/#'`)
    expect(sparkplug?.Actions[0]?.Kinesis?.PartitionKey).toBe('${topic(4)}')
  })

  it('states the SQL version, and keeps each failed record under a name of its own', () => {
    for (const [name, payload] of rules) {
      expect(payload.AwsIotSqlVersion, String(name)).toBe('2016-03-23')
      expect(payload.ErrorAction.S3.Key, String(name)).toMatch(
        /^rule\/\w+\/\$\{parse_time\(.*\}\/\$\{newuuid\(\)\}\.json$/,
      )
    }
  })

  it('gives each trade one stream with exactly one fan-out consumer, and the output none', () => {
    expect(ofType(made, 'AWS::Kinesis::Stream')).toHaveLength(4)
    expect(
      ofType(made, 'AWS::Kinesis::StreamConsumer')
        .map(([id]) => id.replace(/Telemetry.*/, ''))
        .sort(byName),
    ).toEqual(['Building', 'Fleet', 'Plant'])
    for (const [, stream] of ofType(made, 'AWS::Kinesis::Stream'))
      expect(stream.Properties).toMatchObject({
        ShardCount: 2,
        RetentionPeriodHours: 24,
        StreamEncryption: { EncryptionType: 'KMS' },
      })
  })

  it('has on-demand streams for devices unless told otherwise, and a provisioned output', () => {
    const modeOf = (stack: string) =>
      ofType(synth(), 'AWS::Kinesis::Stream', stack).map(([, s]) => s.Properties['StreamModeDetails'])
    expect(modeOf('ingest')).toEqual([{ StreamMode: 'ON_DEMAND' }])
    // What goes into the output follows from what comes in, and the scaler knows it.
    expect(
      ofType(synth(), 'AWS::Kinesis::Stream', 'pipeline').map(([, s]) => s.Properties['ShardCount']),
    ).toEqual([2])
  })
})

describe('DeviceIdentity', () => {
  const made = synth(everything)

  it('names thing types as the topics name trades', () => {
    const names = ofType(made, 'AWS::IoT::ThingType').map(([, t]) => t.Properties['ThingTypeName'])
    expect(names.sort(byName)).toEqual(['building', 'fleet', 'plant'])
  })

  it('asks the hook before it makes a certificate a device, and lets an existing type stand', () => {
    const template = one(made, 'AWS::IoT::ProvisioningTemplate', 'Devices').Properties
    expect(template).toMatchObject({
      TemplateType: 'FLEET_PROVISIONING',
      Enabled: true,
      PreProvisioningHook: { PayloadVersion: '2020-04-01' },
    })
    expect(String(template['TemplateName']).length).toBeLessThanOrEqual(36)
    const body = JSON.stringify(template['TemplateBody'])
    expect(body).toContain('AWS::IoT::Certificate::Id')
    expect(body.length).toBeLessThan(10_240)
  })
})

const arn = (type: string, name: string): string => `arn:aws:iot:r:1:${type}/${name}`

describe('devicePolicy', () => {
  const text = JSON.stringify(devicePolicy()).replaceAll(Aws.PARTITION, 'aws')

  it('ties every topic to the name and trade of the connected thing', () => {
    const topics = [...text.matchAll(/(?:topic|topicfilter)\/([^"]+)"/g)].map((m) => m[1] ?? '')
    expect(topics.length).toBeGreaterThan(10)
    for (const topic of topics) {
      expect(topic).toContain('/${iot:ClientId}')
      if (!topic.startsWith('$aws/things/')) expect(topic).toContain('${iot:Connection.Thing.ThingTypeName}')
    }
  })

  it('lets a device connect only as the thing its certificate is attached to', () => {
    expect(text).toContain('"iot:Connection.Thing.IsAttached":["true"]')
    expect(text).toContain('client/${iot:Connection.Thing.ThingName}"')
    expect(text).not.toContain('client/*')
  })

  it('lets a device use its own shadows and jobs', () => {
    expect(text.split('$aws/things/${iot:ClientId}/*').length).toBe(3)
  })

  it('lets a device publish by Basic Ingest to the rule of its own trade', () => {
    expect(text).toContain('$aws/rules/telltale_${iot:Connection.Thing.ThingTypeName}/dt/')
  })

  it.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b', 'aws-eusc'])(
    'fits into what AWS IoT takes for a policy in %s',
    (partition) => {
      expect(JSON.stringify(devicePolicy()).replaceAll(Aws.PARTITION, partition).length).toBeLessThanOrEqual(
        2048,
      )
    },
  )

  it('lets a device send what Sparkplug has for nodes and devices under its own name only', () => {
    const thing = { thing: 'm1', trade: 'plant', clientId: 'm1' }
    const allows = compilePolicy(devicePolicy() as PolicyDocument, thing)
    const says = (topic: string): boolean => allows('iot:Publish', `topic/spBv1.0/plant/${topic}`)
    for (const type of ['NBIRTH', 'NDEATH', 'NDATA']) expect(says(`${type}/m1`), type).toBe(true)
    for (const type of ['DBIRTH', 'DDEATH', 'DDATA']) expect(says(`${type}/m1/c1`), type).toBe(true)
    for (const topic of [
      'NCMD/m1',
      'DCMD/m1/c1',
      'NBIRTH/m2',
      'DDEATH/m2/c1',
      'NBIRTH/m2/m1',
      'DBIRTH/m2/m1/c1',
    ])
      expect(says(topic), topic).toBe(false)
  })
})

describe('claimPolicy', () => {
  it('fits into what AWS IoT takes for a policy, wherever it is deployed', () => {
    const longest = (type: string, name: string): string =>
      `arn:aws-us-gov:iot:ap-southeast-99:123456789012:${type}/${name}`
    const text = JSON.stringify(claimPolicy(longest, 'ProvisionWithTelltale-0123456789AB'))
    expect(text.length).toBeLessThanOrEqual(2048)
  })

  it('lets a claim ask for a certificate by request and for nothing that carries a private key', () => {
    const text = JSON.stringify(claimPolicy(arn, 'telltale'))
    expect(text).toContain('$aws/certificates/create-from-csr/json')
    expect(text).not.toContain('$aws/certificates/create/json')
    expect(text).not.toContain('dt/')
  })
})

describe('Presence', () => {
  it('lets events settle in a queue, and keeps those that fail', () => {
    const made = synth()
    const queue = one(made, 'AWS::SQS::Queue', 'PresenceEvents').Properties
    expect(queue).toMatchObject({
      DelaySeconds: 5,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 5 },
    })
    const mapping = one(made, 'AWS::Lambda::EventSourceMapping', 'PresenceFunction').Properties
    expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures'])
  })
})
