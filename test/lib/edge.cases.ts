import { describe, expect, it } from 'vitest'
import { dashboardPrices } from '../../lib/constructs/trade-dashboard.ts'
import { prices } from '../../src/core/cost/prices.ts'
import { byName, everything, ofType, one, synth } from './templates.ts'

const made = synth(everything)

describe('AlertTopics', () => {
  it('encrypts both topics with a key that rotates, and refuses plain HTTP', () => {
    const topics = ofType(made, 'AWS::SNS::Topic')
    expect(topics).toHaveLength(2)
    for (const [, topic] of topics) expect(topic.Properties['KmsMasterKeyId']).toBeDefined()
    expect(one(made, 'AWS::KMS::Key', 'TopicsKey').Properties['EnableKeyRotation']).toBe(true)
    for (const [, policy] of ofType(made, 'AWS::SNS::TopicPolicy'))
      expect(JSON.stringify(policy.Properties)).toContain('"aws:SecureTransport":"false"')
  })

  it('subscribes everybody to alerts, by severity where they asked so, and some to operations', () => {
    const subscriptions = ofType(made, 'AWS::SNS::Subscription').map(([, s]) => s.Properties)
    const of = (protocol: string) => subscriptions.filter((s) => s['Protocol'] === protocol)
    expect([of('email').length, of('https').length, of('sqs').length]).toEqual([2, 1, 1])
    expect(of('https')[0]?.['FilterPolicy']).toEqual({ severity: ['critical', 'major'] })
    expect(of('email').map((s) => s['FilterPolicy'])).toEqual([undefined, undefined])
    for (const subscription of subscriptions) expect(subscription['RedrivePolicy']).toBeDefined()
  })
})

describe('Rest', () => {
  it('answers nobody without a token: of the user pool, or below /machine one of the platform', () => {
    const methods = ofType(made, 'AWS::ApiGateway::Method')
    for (const [, method] of methods) expect(method.Properties).toMatchObject({ HttpMethod: 'ANY' })
    const guards = methods.map(([id, { Properties }]) => [id.includes('machine'), Properties['AuthorizationType']]) // prettier-ignore
    expect(guards.toSorted()).toEqual([
      [false, 'COGNITO_USER_POOLS'],
      [false, 'COGNITO_USER_POOLS'],
      [true, 'CUSTOM'],
    ])
    const authorizer = one(made, 'AWS::ApiGateway::Authorizer', 'Machines').Properties
    expect(authorizer).toMatchObject({ Type: 'TOKEN', AuthorizerResultTtlInSeconds: 300 })
    const shape = new RegExp(authorizer['IdentityValidationExpression'] as string)
    expect(shape.test(`Bearer tt_${'0'.repeat(18)}_${'A-'.repeat(21)}_`)).toBe(true)
    expect(shape.test('Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln')).toBe(false)
  })

  it('limits, logs and traces, and stands behind a firewall', () => {
    const stage = one(made, 'AWS::ApiGateway::Stage', 'Rest').Properties
    expect(stage).toMatchObject({
      TracingEnabled: true,
      MethodSettings: [expect.objectContaining({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 })],
    })
    expect(stage['AccessLogSetting']).toBeDefined()
    const acl = one(made, 'AWS::WAFv2::WebACL', 'Rest').Properties as { Rules: { Name: string }[] }
    expect(acl.Rules.map((r) => r.Name)).toEqual([
      'rate',
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
    ])
    expect(ofType(made, 'AWS::WAFv2::WebACLAssociation')).toHaveLength(1)
  })

  it('lets tables, models and lists of devices in, and PDFs and Parquet out as they are', () => {
    expect(one(made, 'AWS::ApiGateway::RestApi', 'Rest').Properties['BinaryMediaTypes']).toEqual(['*/*'])
    const acl = JSON.stringify(one(made, 'AWS::WAFv2::WebACL', 'Rest').Properties)
    expect(acl).toContain('{"ActionToUse":{"Count":{}},"Name":"SizeRestrictions_BODY"}')
    expect(acl.match(/RuleActionOverrides/g)).toHaveLength(1)
  })
})

describe('People', () => {
  it('has the three roles as groups, no sign-up, and a second factor for everybody', () => {
    const groups = ofType(made, 'AWS::Cognito::UserPoolGroup').map(([, g]) => g.Properties['GroupName'])
    expect(groups.sort(byName)).toEqual(['admin', 'operator', 'viewer'])
    expect(one(made, 'AWS::Cognito::UserPool', 'People').Properties).toMatchObject({
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    })
  })
})

describe('Page', () => {
  const { DistributionConfig: config } = one(made, 'AWS::CloudFront::Distribution', 'Page').Properties as {
    DistributionConfig: {
      DefaultCacheBehavior: { ViewerProtocolPolicy: string }
      CacheBehaviors: { PathPattern: string; AllowedMethods: string[] }[]
    }
  }

  it('serves files over TLS from a private bucket, and the API under the same host', () => {
    expect(config.DefaultCacheBehavior.ViewerProtocolPolicy).toBe('redirect-to-https')
    expect(config.CacheBehaviors.map((b) => b.PathPattern)).toEqual(['/v1/*'])
    expect(ofType(made, 'AWS::CloudFront::OriginAccessControl')).toHaveLength(1)
  })

  it('forbids the page what it does not need', () => {
    const headers = JSON.stringify(one(made, 'AWS::CloudFront::ResponseHeadersPolicy', 'Page').Properties)
    for (const part of ["default-src 'self'", "frame-ancestors 'none'", 'DENY', '31536000'])
      expect(headers).toContain(part)
  })
})

describe('TradeDashboard', () => {
  it('draws a dashboard a trade and raises an alarm on silence, latency and cost of each', () => {
    expect(ofType(made, 'AWS::CloudWatch::Dashboard')).toHaveLength(3)
    const alarms = ofType(made, 'AWS::CloudWatch::Alarm', 'observability').map(([id]) => id)
    for (const trade of ['Plant', 'Fleet', 'Building'])
      for (const what of ['Silent', 'AlarmsLate', 'Costly'])
        expect(alarms.filter((id) => id.startsWith(`${trade}${what}`))).toHaveLength(1)
  })

  it('counts with the prices of the cost model', () => {
    const { items } = prices
    expect(dashboardPrices).toEqual({
      lambdaGibSecond: items.lambdaGibSecond.dollars,
      lambdaRequest: items.lambdaRequest.dollars,
      kinesisGbIn: items.kinesisGbIn.dollars,
      kinesisGbFanOut: items.kinesisGbFanOut.dollars,
      writeUnit: items.dynamoWriteUnit.dollars,
    })
  })
})
