import {
  Stack,
  Validations,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
} from 'aws-cdk-lib'
import { CfnManagedPolicy, CfnPolicy } from 'aws-cdk-lib/aws-iam'
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js'

export interface Wildcard {
  resource: RegExp
  actions: readonly string[]
  reason: string
}

const objects = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
  's3:RestoreObject',
]

/**
 * Every resource with a star that a role of ours may name, for which verbs, and why. Nothing else is acknowledged:
 * a star that is not in this table fails the synth. No verb ever has a star.
 */
export const wildcards: readonly Wildcard[] = [
  {
    resource: /^\*$/,
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    reason: 'X-Ray takes no resource for these verbs',
  },
  {
    resource: /^\*$/,
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    reason:
      'a function’s network interfaces have no ARN before Lambda makes them, and describing takes no resource',
  },
  {
    resource: /^\*$/,
    actions: ['cloudwatch:GetMetricData'],
    reason: 'CloudWatch takes no resource for reading metrics',
  },
  {
    resource: /^\*$/,
    actions: ['ecr:GetAuthorizationToken', 'cloudwatch:PutMetricData'],
    reason: 'ECR takes no resource for signing in, CloudWatch none for writing metrics',
  },
  {
    resource: /^\*$/,
    actions: ['timestream:DescribeEndpoints'],
    reason: 'Timestream takes no resource for finding its endpoint',
  },
  {
    resource: /^\*$/,
    actions: ['iot:CreateCertificateFromCsr', 'iot:DescribeEndpoint'],
    reason:
      'AWS IoT takes no resource for signing a request (the certificate has no ARN yet) or for its endpoint',
  },
  {
    resource: /\/index\/\*$/,
    actions: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    reason: 'the indexes of one table of ours',
  },
  {
    resource: /Failures.*\/(rule\/(\w+)\/|aws\/lambda\/)?\*$/,
    actions: objects,
    reason: 'objects of the failure bucket, whose names are made when something fails',
  },
  {
    resource:
      /Lake.*\/(landing|raw|readings|windows|quarters|days|models|models\/artifacts|presence|athena|reports)\/\*$/,
    actions: objects,
    reason: 'objects below one prefix of the lake',
  },
  {
    resource: /PageBucket.*\/\*$/,
    actions: objects,
    reason: 'the files of the page',
  },
  {
    resource: /:glue:.*:table\/.*Catalog.*\/\*$/,
    actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'],
    reason: 'the tables of the lake’s own database',
  },
  {
    resource: /:topic\/(cmd|spBv1\.0)\/(plant|fleet|building)\/((NCMD|DCMD)\/)?\*$/,
    actions: ['iot:Publish'],
    reason: 'commands go to any device of this one trade',
  },
  {
    resource: /:(thing|thingtype|cert)\/\*$/,
    actions: [
      'iot:CreateThing',
      'iot:DescribeThing',
      'iot:UpdateThing',
      'iot:DeleteThing',
      'iot:ListThingPrincipals',
      'iot:DescribeCertificate',
      'iot:UpdateCertificate',
      'iot:DeleteCertificate',
      'iot:ListPrincipalPolicies',
      'iot:ListPrincipalThings',
      'iot:ListAttachedPolicies',
      'iot:AttachThingPrincipal',
      'iot:DetachThingPrincipal',
      'iot:AttachPolicy',
      'iot:DetachPolicy',
      'iot:GetThingConnectivityData',
      'iot:GetThingShadow',
      'iot:UpdateThingShadow',
      'iot:DeleteThingShadow',
      'iot:ListNamedShadowsForThing',
      'iot:DeleteConnection',
      'iot:AddThingToThingGroup',
    ],
    reason: 'things and certificates are made while the platform runs: their names are not known before',
  },
  {
    resource: /:(job\/|thinggroup\/telltale-job-)\*$/,
    actions: [
      'iot:CreateJob',
      'iot:CancelJob',
      'iot:DescribeJob',
      'iot:ListJobExecutionsForJob',
      'iot:CreateThingGroup',
      'iot:DescribeThingGroup',
      'iot:DeleteThingGroup',
      'iot:AddThingToThingGroup',
    ],
    reason: 'roll-outs are named by who makes them: their jobs and groups are not known before',
  },
  {
    resource: /:(provisioningtemplate\/|policy\/telltale-claim-)\*$/,
    actions: [
      'iot:CreateProvisioningTemplate',
      'iot:CreateProvisioningTemplateVersion',
      'iot:DeleteProvisioningTemplateVersion',
      'iot:ListProvisioningTemplateVersions',
      'iot:UpdateProvisioningTemplate',
      'iot:CreatePolicy',
      'iot:AttachPolicy',
      'iot:DetachPolicy',
    ],
    reason:
      'provisioning templates are named by who makes them: they and their policies are not known before',
  },
  {
    resource: /:client\/\*$/,
    actions: ['iot:DeleteConnection'],
    reason: 'any device’s connection may have to be cut',
  },
]

/** Why these verbs may have this resource, from every line that lets one of them; null if one verb has no line. */
export function reasonOf(resource: string, actions: readonly string[]): string | null {
  const lines = actions.map((action) =>
    wildcards.find((w) => w.resource.test(resource) && w.actions.includes(action)),
  )
  if (lines.includes(undefined)) return null
  return [...new Set(lines.map((line) => line?.reason))].join('; ')
}

interface Statement {
  Effect: string
  Action: string | string[]
  Resource: unknown
}
export const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value])

/**
 * Acknowledges what the table covers, finding by finding. It is a plugin and comes before cdk-nag, because only after
 * synthesis do references between stacks have the text that cdk-nag names its findings by.
 */
export const acknowledgeWildcards: IPolicyValidationPlugin = {
  name: 'TelltaleWildcards',
  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    for (const policy of context.appConstruct.node.findAll()) {
      // The CDK puts what is beyond the size of a role's own policy into managed ones.
      if (!(policy instanceof CfnPolicy || policy instanceof CfnManagedPolicy)) continue
      const document = Stack.of(policy).resolve(policy.policyDocument) as { Statement: Statement[] }
      for (const statement of document.Statement)
        for (const resource of listOf(statement.Resource).map(flattenCfnReference)) {
          if (!resource.includes('*')) continue
          const reason = reasonOf(resource, listOf(statement.Action))
          if (reason !== null)
            Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason })
        }
    }
    return { success: true, violations: [] }
  },
}
