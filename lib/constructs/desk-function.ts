import { Duration, Stack } from 'aws-cdk-lib'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Env as DeskEnv } from '../../lambdas/desk/env.ts'
import { useTable } from './grants.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { Schedule } from './schedule.ts'
import type { Tables } from './tables.ts'

export interface DeskFunctionProps {
  tables: Tables
  lake: IBucket
  identity: { policyName: string; hook: NodeFunction; role: IRole }
  ops: Operations
}

/** What the API asks of devices as a whole, and every minute what is due with roll-outs and certificates. */
export function deskFunction(scope: Construct, id: string, props: DeskFunctionProps): NodeFunction {
  const { tables, lake, identity, ops } = props
  const table = tables.of
  const fn = new NodeFunction<DeskEnv>(scope, id, {
    name: 'desk',
    description: 'How devices stand, roll-outs, and certificates whose time is over',
    memoryMiB: 1769,
    // A rollback asks AWS IoT Jobs for every execution, at ten pages of 250 a second; the API does not wait for it.
    timeout: Duration.minutes(10),
    ops,
    env: {
      STATE_TABLE: table.State.tableName,
      PRESENCE_TABLE: table.Presence.tableName,
      CONFIG_TABLE: table.Config.tableName,
      ALARM_TABLE: table.AlarmBook.tableName,
      AUDIT_TABLE: table.Audit.tableName,
      JOBS_TABLE: table.Jobs.tableName,
      RETIREMENTS_TABLE: table.Retirements.tableName,
      PROVISIONING_TABLE: table.Provisioning.tableName,
      DEVICE_POLICY: identity.policyName,
      PROVISIONING_ROLE: identity.role.roleArn,
      PROVISIONING_HOOK: identity.hook.lambda.functionArn,
      LAKE_BUCKET: lake.bucketName,
    },
  })
  useTable(fn, table.State, 'get')
  useTable(fn, table.Presence, 'get')
  useTable(fn, table.Config, 'query')
  useTable(fn, table.AlarmBook, 'query')
  useTable(fn, table.Audit, 'append')
  useTable(fn, table.Jobs, 'query', 'put')
  useTable(fn, table.Retirements, 'query', 'delete')
  useTable(fn, table.Provisioning, 'query', 'put', 'delete')
  fn.allow(['s3:GetObject'], [lake.arnForObjects('presence/*')])
  // Without it a missing object is an access denied, not a missing one.
  fn.allow(['s3:ListBucket'], [lake.bucketArn])
  allowRollOuts(fn)
  allowProvisioning(fn, identity.role)
  new Schedule(scope, `${id}Schedule`, {
    fn,
    jobs: { desk: 'rate(1 minute)' },
    staleAfter: Duration.minutes(1),
    ops,
  })
  return fn
}

/** Templates of fleet provisioning, and claim certificates, which get policies of that name only. */
function allowProvisioning(fn: NodeFunction, role: IRole): void {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(fn).formatArn({ service: 'iot', resource, resourceName })
  const [policies, certificates] = [arn('policy', 'telltale-claim-*'), arn('cert', '*')]
  fn.allow(
    [
      'iot:CreateProvisioningTemplate',
      'iot:CreateProvisioningTemplateVersion',
      'iot:DeleteProvisioningTemplateVersion',
      'iot:ListProvisioningTemplateVersions',
      'iot:UpdateProvisioningTemplate',
    ],
    [arn('provisioningtemplate', '*')],
  )
  fn.allow(['iam:PassRole'], [role.roleArn])
  fn.allow(['iot:CreatePolicy'], [policies])
  fn.allow(['iot:CreateCertificateFromCsr'], ['*'])
  fn.allow(['iot:AttachPolicy', 'iot:DetachPolicy'], [policies, certificates])
}

function allowRollOuts(fn: NodeFunction): void {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(fn).formatArn({ service: 'iot', resource, resourceName })
  const [things, certificates] = [arn('thing', '*'), arn('cert', '*')]
  const [jobs, groups] = [arn('job', '*'), arn('thinggroup', 'telltale-job-*')]
  fn.allow(['iot:CreateJob'], [jobs, groups])
  fn.allow(['iot:CancelJob', 'iot:DescribeJob', 'iot:ListJobExecutionsForJob'], [jobs])
  fn.allow(['iot:CreateThingGroup', 'iot:DescribeThingGroup', 'iot:DeleteThingGroup'], [groups])
  fn.allow(['iot:AddThingToThingGroup'], [groups, things])
  fn.allow(['iot:ListThingPrincipals'], [things])
  fn.allow(['iot:DescribeCertificate', 'iot:UpdateCertificate'], [certificates])
  // Revoking a certificate does not end a session that it began.
  fn.allow(['iot:DeleteConnection'], [arn('client', '*')])
}
