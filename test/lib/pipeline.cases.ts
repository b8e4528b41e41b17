import { describe, expect, it } from 'vitest'
import { everything, ofType, one, synth, type Resource } from './templates.ts'

const made = synth(everything)
const mappingOf = (begins: string): Record<string, unknown> =>
  one(made, 'AWS::Lambda::EventSourceMapping', begins).Properties
const functionOf = (service: string): Resource =>
  ofType(made, 'AWS::Lambda::Function').find(
    ([, f]) => variablesOf(f)['POWERTOOLS_SERVICE_NAME'] === service,
  )![1]
const variablesOf = ({ Properties }: Resource): Record<string, unknown> =>
  (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables

describe('feedFromStream', () => {
  it.each([
    'PlantFunction',
    'FleetFunction',
    'BuildingFunction',
    'OutputStore',
    'OutputArchive',
    'RawFunctionPlant',
    'RawFunctionFleet',
    'RawFunctionBuilding',
  ])('lets no bad record stop or leave the shard of %s', (name) => {
    expect(mappingOf(name)).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 12 * 3600,
      // Only what nobody waits for is gathered.
      MaximumBatchingWindowInSeconds: /Archive|Raw/.test(name) ? 300 : 0,
      StartingPosition: 'TRIM_HORIZON',
    })
    const destination = JSON.stringify(mappingOf(name)['DestinationConfig'])
    expect(destination).toContain('Failures')
  })

  it('feeds pipelines by their fan-out consumer, and what hangs on the output by shared reads', () => {
    expect(JSON.stringify(mappingOf('PlantFunction')['EventSourceArn'])).toContain('Consumer')
    expect(mappingOf('PlantFunction')['ParallelizationFactor']).toBe(2)
    for (const name of ['OutputStore', 'OutputArchive', 'RawFunctionPlant'])
      expect(JSON.stringify(mappingOf(name)['EventSourceArn'])).not.toContain('Consumer')
  })

  it('has no tumbling windows, which on-demand streams break when they split', () => {
    for (const [, mapping] of ofType(made, 'AWS::Lambda::EventSourceMapping'))
      expect(mapping.Properties['TumblingWindowInSeconds']).toBeUndefined()
  })
})

describe('NodeFunction', () => {
  const functions = ofType(made, 'AWS::Lambda::Function')

  it('runs everything on Node 24 and ARM with traces and a log group of its own', () => {
    for (const [id, { Properties }] of functions)
      expect(Properties, id).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: expect.objectContaining({ LogGroup: expect.anything() as unknown }) as unknown,
      })
    for (const [, group] of ofType(made, 'AWS::Logs::LogGroup'))
      expect(group.Properties['RetentionInDays']).toBe(365)
  })

  it('raises alarms on errors and throttles of every function, to the operations topic', () => {
    const alarms = ofType(made, 'AWS::CloudWatch::Alarm')
    for (const metric of ['Errors', 'Throttles'])
      expect(
        alarms.filter(([id, a]) => a.Properties['MetricName'] === metric && !id.includes('Schedule')),
      ).toHaveLength(functions.length)
    for (const [id, alarm] of alarms) {
      expect(JSON.stringify(alarm.Properties['AlarmActions']), id).toContain('Operations')
      expect(String(alarm.Properties['AlarmDescription']).length, id).toBeGreaterThan(30)
    }
  })
})

describe('Schedule', () => {
  it('leaves a sweep that could not start to the next one', () => {
    const runs = one(made, 'AWS::Lambda::EventInvokeConfig', 'JobsTickSchedule').Properties
    expect(runs).toMatchObject({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 })
  })
})

describe('Jobs', () => {
  it('sweeps and works every minute, publishes all day', () => {
    const schedules = ofType(made, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => {
      const { Input } = Properties['Target'] as { Input: string }
      return [(JSON.parse(Input) as { job: string }).job, Properties['ScheduleExpression']]
    })
    expect(Object.fromEntries(schedules)).toEqual({
      tick: 'rate(1 minute)',
      jobs: 'rate(1 minute)',
      reports: 'rate(30 minutes)',
      desk: 'rate(1 minute)',
      compact: 'rate(15 minutes)',
      erase: 'rate(5 minutes)',
      scale: 'rate(5 minutes)',
      look: 'rate(5 minutes)',
    })
  })

  it('tells functions the streams of all trades', () => {
    const streams = JSON.stringify(variablesOf(functionOf('tick'))['TRADE_STREAMS'])
    for (const trade of ['plant=', 'fleet=', 'building=']) expect(streams).toContain(trade)
  })

  it('publishes the buckets of a day side by side, one run a bucket', () => {
    const due = ofType(made, 'AWS::SQS::Queue').find(([id]) => id.startsWith('CompactionDue'))![1].Properties
    expect(due).toMatchObject({ FifoQueue: true, VisibilityTimeout: 900 })
    expect(functionOf('publish').Properties['Timeout']).toBeLessThan(900)
    expect(mappingOf('CompactionPublish')).toMatchObject({
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 16 },
    })
  })

  it('runs no two sweeps, minutes, compactions or redrives at once', () => {
    for (const name of ['tick', 'jobs', 'compact', 'redrive'])
      expect(functionOf(name).Properties['ReservedConcurrentExecutions']).toBe(1)
  })
})

describe('Scaler', () => {
  it('sets the shards of what is provisioned: all streams, or the output alone', () => {
    const scaler = variablesOf(functionOf('scaler'))
    expect(scaler).toMatchObject({
      MIN_SHARDS: '2',
      MAX_SHARDS: '16',
      OUTPUT_MAX_SHARDS: '64',
      PARALLELIZATION: '2',
      CONSUMER: 'pipeline',
    })
    for (const name of ['plant=', 'fleet=', 'building=', 'output='])
      expect(JSON.stringify(scaler['STREAMS'])).toContain(name)
    const alone = ofType(synth(), 'AWS::Lambda::Function')
      .map(([, f]) => variablesOf(f))
      .find((v) => v['POWERTOOLS_SERVICE_NAME'] === 'scaler')
    expect(JSON.stringify(alone?.['STREAMS'])).toMatch(/output=/)
    expect(JSON.stringify(alone?.['STREAMS'])).not.toMatch(/plant=/)
  })
})
