import { describe, expect, it } from 'vitest'
import { DeploymentError, readDeployment } from '../../lib/deployment.ts'

const read = (context: Record<string, unknown>) =>
  readDeployment({ tryGetContext: (key: string): unknown => context[key] })

const problemsOf = (context: Record<string, unknown>): readonly string[] => {
  try {
    read(context)
    return []
  } catch (error) {
    if (error instanceof DeploymentError) return error.problems
    throw error
  }
}

describe('readDeployment', () => {
  it('takes dev without any context, keeping everything stateful', () => {
    expect(read({})).toMatchObject({
      stage: 'dev',
      target: 'aws',
      hotStore: 'influxdb',
      trades: ['plant'],
      streams: { mode: 'onDemand' },
      stateful: 'retain',
    })
  })

  it('lays cdk.json over the stage and the command line over cdk.json', () => {
    const deployment = read({
      stage: 'prod',
      telltale: { prod: { parallelization: 4, retentionDays: { hot: 60 }, dollarsPerDay: 7 } },
      parallelization: '6',
      trades: '["plant","fleet"]',
    })
    expect(deployment.parallelization).toBe(6)
    expect(deployment.trades).toEqual(['plant', 'fleet'])
    expect(deployment.dollarsPerDay).toBe(7)
    expect(deployment.retentionDays).toMatchObject({ hot: 60, warm: 365, logs: 365 })
  })

  it('takes a stage of a name of its own when cdk.json describes it', () => {
    expect(read({ stage: 'site7', telltale: { site7: { trades: ['building'] } } }).trades).toEqual([
      'building',
    ])
    expect(problemsOf({ stage: 'site7' })).toEqual([expect.stringContaining('stage "site7" is unknown')])
  })

  it('names every problem at once, each with what is allowed', () => {
    const problems = problemsOf({
      hotStore: 'mysql',
      trades: ['plant', 'plant', 'ships'],
      retentionDays: { hot: 7, warm: 365, cold: 400, logs: 31 },
      streams: { mode: 'provisioned', shards: 8, maxShards: 4 },
      parallelization: 11,
      subscribers: [
        { protocol: 'sms', endpoint: '+1' },
        { protocol: 'sqs', endpoint: 'my-queue', severities: ['loud'] },
      ],
      stateful: 'maybe',
      reportZone: '+01:00',
      modelEndpoint: { image: 'xgboost:latest', instance: 'm5.large', count: 0 },
      page: { domain: 'x', certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/a' },
    })
    for (const name of [
      'hotStore',
      'trades has "ships"',
      'name each once',
      'retentionDays.hot',
      'retentionDays.cold',
      'retentionDays.logs',
      'streams.maxShards',
      'parallelization',
      'subscribers[0].protocol',
      'subscribers[1].endpoint',
      'subscribers[1].severities',
      'stateful',
      'reportZone is "+01:00": allowed is an IANA time zone',
      'page.domain',
      'modelEndpoint.image',
      'modelEndpoint.instance',
      'modelEndpoint.count',
      'page.certificateArn',
    ])
      expect(problems.join('\n')).toContain(name)
  })

  it('takes the time zone of reports by its name', () => {
    for (const reportZone of ['UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia']) expect(problemsOf({ reportZone })).toEqual([]) // prettier-ignore
    for (const reportZone of ['Europe/Atlantis', '', 7, null])
      expect(problemsOf({ reportZone })).toEqual([expect.stringContaining('reportZone is')])
  })

  it('refuses a setting that it does not know, so that a typing error is not a default', () => {
    const problems = problemsOf({ telltale: { dev: { hotstore: 'influxdb' } } })
    expect(problems).toEqual([expect.stringContaining('hotstore is not a setting: allowed are')])
  })

  it('never fails with anything but its own error, whatever the context holds', () => {
    for (const value of [null, 3, 'x', [], [null], {}, true]) {
      for (const key of [
        'telltale',
        'streams',
        'trades',
        'subscribers',
        'retentionDays',
        'influx',
        'page',
        'modelEndpoint',
        'api',
      ])
        expect(() => problemsOf({ [key]: value })).not.toThrow()
      expect(() => problemsOf({ telltale: { dev: value } })).not.toThrow()
    }
  })
})
