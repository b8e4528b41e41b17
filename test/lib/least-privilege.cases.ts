import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js'
import { describe, expect, it } from 'vitest'
import { listOf, reasonOf, wildcards } from '../../lib/wildcards.ts'
import { everything, live, ofType, synth } from './templates.ts'

interface Statement {
  Effect: string
  Action: string | string[]
  Resource?: unknown
}

const made = synth(everything)
const statementsOf = (type: string, key = 'PolicyDocument'): [string, Statement][] =>
  ofType(made, type).flatMap(([id, r]) =>
    ((r.Properties[key] ?? { Statement: [] }) as { Statement: Statement[] }).Statement.map(
      (s): [string, Statement] => [id, s],
    ),
  )
const roles = [...statementsOf('AWS::IAM::Policy'), ...statementsOf('AWS::IAM::ManagedPolicy')]

describe('least privilege', () => {
  it('gives no role a verb with a star', () => {
    expect(roles.length).toBeGreaterThan(60)
    const starred = roles.filter(([, s]) => listOf(s.Action).some((action) => action.includes('*')))
    expect(starred).toEqual([])
  })

  it('gives no role a resource with a star unless the table names it for just these verbs', () => {
    const unreasoned = roles.flatMap(([id, s]) =>
      listOf(s.Resource)
        .map(flattenCfnReference)
        .filter((resource) => resource.includes('*') && reasonOf(resource, listOf(s.Action)) === null)
        .map((resource) => `${id}: ${listOf(s.Action).join()} on ${resource}`),
    )
    expect(unreasoned).toEqual([])
  })

  it('has a use for every line of the table, so that none outlives its need', () => {
    const all = [made, synth(live)].flatMap((from) =>
      [...ofType(from, 'AWS::IAM::Policy'), ...ofType(from, 'AWS::IAM::ManagedPolicy')].flatMap(
        ([, r]) => (r.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement,
      ),
    )
    // The page's files travel only when the page is built.
    const idle = wildcards.filter(
      (w) =>
        !String(w.resource).includes('PageBucket') &&
        !all.some(
          (s) =>
            listOf(s.Resource).some((r) => w.resource.test(flattenCfnReference(r))) &&
            listOf(s.Action).some((a) => w.actions.includes(a)),
        ),
    )
    expect(idle.map((w) => w.reason)).toEqual([])
  })

  it('lets only the fleet’s function ask Amazon Location for ways and travel times', () => {
    const asking = roles.filter(([, s]) =>
      listOf(s.Action).some((action) => action.startsWith('geo-routes:')),
    )
    expect(asking.map(([id]) => id)).toEqual([expect.stringMatching(/^Fleet/)])
    expect(listOf(asking[0]![1].Action).toSorted()).toEqual([
      'geo-routes:CalculateRouteMatrix',
      'geo-routes:CalculateRoutes',
    ])
    expect(flattenCfnReference(asking[0]![1].Resource)).toMatch(/geo-routes:.*:provider\/default$/)
  })

  it('uses no policy that AWS manages, but the one for the logs of API Gateway', () => {
    const managed = ofType(made, 'AWS::IAM::Role')
      .flatMap(([id, r]) =>
        ((r.Properties['ManagedPolicyArns'] ?? []) as unknown[]).map((arn) => `${id} ${JSON.stringify(arn)}`),
      )
      .filter((line) => !line.includes('OverflowPolicy')) // our own, where a role's policy would be too large
    expect(managed).toHaveLength(1)
    expect(managed[0]).toContain('AmazonAPIGatewayPushToCloudWatchLogs')
  })

  it('lets keys and topics be used by named verbs only', () => {
    for (const [id, s] of [
      ...statementsOf('AWS::KMS::Key', 'KeyPolicy'),
      ...statementsOf('AWS::SNS::TopicPolicy'),
    ])
      if (s.Effect === 'Allow')
        expect(
          listOf(s.Action).filter((a) => a.includes('*')),
          id,
        ).toEqual([])
  })

  it('lets only its own account’s services assume the scheduler’s roles', () => {
    const schedulers = ofType(made, 'AWS::IAM::Role')
      .map(([, r]) => JSON.stringify(r.Properties['AssumeRolePolicyDocument']))
      .filter((text) => text.includes('scheduler.amazonaws.com'))
    expect(schedulers.length).toBeGreaterThan(2)
    for (const text of schedulers) expect(text).toContain('aws:SourceAccount')
  })
})
