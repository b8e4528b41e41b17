import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { describe, expect, it } from 'vitest'
import { check } from '../../lib/platform.ts'
import { checkedVariants, everything, synth, type Synth } from './templates.ts'

interface Report {
  pluginReports: { violations: { ruleName: string }[] }[]
}
const reportOf = ({ directory }: Synth): Report =>
  JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as Report

describe('platform', () => {
  it.each(Object.entries(checkedVariants))(
    'synthesizes %s without a message and without an open finding',
    { timeout: 120_000 },
    (_name, context) => {
      const made = synth(context)
      const { pluginReports } = reportOf(made)
      expect(made.messages).toEqual([])
      expect(pluginReports.flatMap((r) => r.violations)).toEqual([])
    },
  )

  it('keeps every stack well below the 500 resources that CloudFormation takes', () => {
    for (const resources of Object.values(synth(everything).stacks))
      expect(Object.keys(resources).length).toBeLessThan(300)
  })
})

describe('check', () => {
  const appWith = (action: string, resource: string): App => {
    const app = new App({ analyticsReporting: false })
    const stack = new Stack(app, 'stack')
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    role.addToPolicy(new PolicyStatement({ actions: [action], resources: [resource] }))
    check(app)
    return app
  }

  it('lets a wildcard pass that the table names for that verb', () => {
    expect(() => appWith('xray:PutTraceSegments', '*').synth()).not.toThrow()
  })

  it('fails on a wildcard that the table does not name, and on a wildcard verb', () => {
    expect(() => appWith('kinesis:PutRecord', '*').synth()).toThrow(/AwsSolutions-IAM5/)
    expect(() => appWith('xray:*', 'arn:aws:xray:us-east-1:123456789012:group/x').synth()).toThrow(
      /AwsSolutions-IAM5/,
    )
  })
})
