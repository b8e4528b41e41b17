import { describe, expect, it } from 'vitest'
import { everything, live, ofType, synth, type Synth, type Resource } from './templates.ts'

type Alarms = readonly (readonly [id: string, properties: string])[]

/** Metrics that must have an alarm on each resource of a type; the alarm names it by reference, or by its own name. */
const watched: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Function': ['Errors', 'Throttles'],
  'AWS::Kinesis::Stream': ['WriteProvisionedThroughputExceeded'],
  'AWS::DynamoDB::GlobalTable': ['ThrottledRequests'],
  'AWS::IoT::TopicRule': ['Failure', 'ErrorActionFailure'],
  'AWS::ApiGateway::RestApi': ['5XXError', 'Latency'],
  'AWS::Timestream::InfluxDBInstance': ['DiskUtilization', 'CPUUtilization', 'MemoryUtilization'],
  'AWS::Timestream::Database': ['SystemErrors'],
  'AWS::SageMaker::Endpoint': ['Invocation5XXErrors', 'Invocation4XXErrors'],
}

/** Types that have no alarm of their own, and what says that they fail. */
const seenElsewhere: Readonly<Record<string, string>> = {
  'AWS::CloudFront::Distribution': 'the watch function looks at it: a test below',
  'AWS::Kinesis::StreamConsumer': 'the age of records of the function that it feeds',
  'AWS::Lambda::EventSourceMapping': 'a test below, by the kind of its source',
  'AWS::Scheduler::Schedule': 'a test below: its function must run, and not fail each time',
  'AWS::SQS::Queue': 'a test below: its dead letter queue',
  'AWS::SNS::Topic': 'a test below: its subscriptions’ dead letter queue',
  'AWS::Athena::WorkGroup': 'the API answers 5xx',
  'AWS::Glue::Database': 'the API answers 5xx',
  'AWS::Glue::Table': 'the API answers 5xx',
  'AWS::Cognito::UserPool': 'the API refuses everybody; sign-in is Cognito’s own page',
  'AWS::S3::Bucket': 'the functions that use it fail',
  'AWS::Timestream::Table': 'its database',
  'AWS::IoT::ProvisioningTemplate': 'its hook is a function',
}

/** Plumbing: policies, identities, networks, and what has no run time. */
const inert =
  /^AWS::(IAM|Logs|EC2|CDK|WAFv2|KMS|SecretsManager|ApplicationAutoScaling|CloudWatch)::|::(Permission|EventInvokeConfig|Policy|ThingType|TopicPolicy|BucketPolicy|QueuePolicy|Subscription|UserPool(Client|Domain|Group)|Resource|Method|Deployment|Stage|Account|Authorizer|RequestValidator|Model|GatewayResponse|OriginAccessControl|ResponseHeadersPolicy|CachePolicy|EndpointConfig)$|^Custom::|^AWS::CloudFormation::/

const alarmsOf = (from: Synth): Alarms =>
  ofType(from, 'AWS::CloudWatch::Alarm').map(([id, a]) => [id, JSON.stringify(a.Properties)] as const)

/** References between stacks are exports whose name carries the logical id. */
const mentions = (properties: string, id: string, resource: Resource): boolean => {
  const names = ['Name', 'RuleName']
    .map((key) => resource.Properties[key])
    .filter((n) => typeof n === 'string')
  return properties.includes(id) || names.some((name) => properties.includes(`"${name}"`))
}

function unwatched(from: Synth): string[] {
  const alarms = alarmsOf(from)
  return Object.entries(watched).flatMap(([type, metrics]) =>
    ofType(from, type).flatMap(([id, resource]) =>
      metrics
        .filter(
          (metric) =>
            !alarms.some(([, p]) => p.includes(`"MetricName":"${metric}"`) && mentions(p, id, resource)),
        )
        .map((metric) => `${id}: ${metric}`),
    ),
  )
}

describe.each([
  ['everything', everything],
  ['LiveAnalytics', live],
])('alarms of %s', (_name, context) => {
  const made = synth(context)
  const alarms = alarmsOf(made)
  const alarmOn = (metric: string, id: string): boolean =>
    alarms.some(([, p]) => p.includes(`"MetricName":"${metric}"`) && p.includes(id))

  it('leave no integration alone', () => {
    expect(unwatched(made)).toEqual([])
  })

  it('are thought of for every type of resource', () => {
    const types = new Set(Object.values(made.stacks).flatMap((s) => Object.values(s).map((r) => r.Type)))
    const forgotten = [...types].filter((type) => !watched[type] && !seenElsewhere[type] && !inert.test(type))
    expect(forgotten).toEqual([])
  })

  it('watch what feeds functions: how far streams lag, what was given up, and dead letters', () => {
    for (const [id, { Properties: mapping }] of ofType(made, 'AWS::Lambda::EventSourceMapping')) {
      const source = JSON.stringify(mapping['EventSourceArn'])
      const fn = (mapping['FunctionName'] as { Ref: string }).Ref
      if (!/Stream|Consumer/.test(source)) continue // a queue: its dead letters are below
      expect(alarmOn('IteratorAge', fn), id).toBe(true)
      expect(alarmOn('OnFailureDestinationDeliveredEventCount', id), id).toBe(true)
    }
    const queues = ofType(made, 'AWS::SQS::Queue')
    for (const [id, { Properties: queue }] of queues) {
      const dead = JSON.stringify(queue['RedrivePolicy'] ?? { deadLetterTargetArn: id })
      const watchedQueue = queues.find(([other]) => dead.includes(other))
      expect(alarmOn('ApproximateNumberOfMessagesVisible', watchedQueue?.[0] ?? 'none'), id).toBe(true)
    }
    for (const [, { Properties: s }] of ofType(made, 'AWS::SNS::Subscription'))
      expect(s['RedrivePolicy']).toBeDefined()
  })

  it('say when something that runs by the clock does not, or always fails', () => {
    const schedules = ofType(made, 'AWS::Scheduler::Schedule')
    expect(schedules.length).toBeGreaterThan(3)
    for (const [id, { Properties }] of schedules) {
      const [fn] = (Properties['Target'] as { Arn: { 'Fn::GetAtt': string[] } }).Arn['Fn::GetAtt']
      const idle = alarms.filter(([, p]) => p.includes('"MetricName":"Invocations"') && p.includes(fn!))
      expect(idle, id).toHaveLength(1)
      expect(idle[0]![1]).toContain('"TreatMissingData":"breaching"')
      // Errors of one run in a quarter of an hour are never three minutes on end.
      const failing = alarms.filter(([alarm, p]) => alarm.includes('Failing') && p.includes(fn!))
      expect(failing, id).toHaveLength(1)
    }
  })

  it('look at the page from outside, as CloudFront’s own metrics are of another region', () => {
    const [[distribution]] = ofType(made, 'AWS::CloudFront::Distribution') as [[string, Resource]]
    const [watch] = ofType(made, 'AWS::Lambda::Function').filter(([id]) => id.startsWith('Watch'))
    expect(JSON.stringify(watch?.[1].Properties['Environment'])).toContain(distribution)
    expect(alarmOn('Errors', watch![0])).toBe(true)
  })
})
