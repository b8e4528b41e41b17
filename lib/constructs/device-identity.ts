import { CfnPolicy, CfnProvisioningTemplate, CfnThingType } from 'aws-cdk-lib/aws-iot'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { Env as ProvisionEnv } from '../../lambdas/provision/env.ts'
import type { TradeName } from '../deployment.ts'
import { claimPolicy, devicePolicy } from '../device-policy.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import type { Tables } from './tables.ts'
import { useTable } from './grants.ts'

export interface DeviceIdentityProps {
  trades: readonly TradeName[]
  tables: Tables
  ops: Operations
}

/**
 * Who a device is and what it may do: a thing type a trade, one policy for all devices (its variables make it each
 * device's own), and a provisioning template by which a claim certificate becomes the device's certificate, if the
 * registry expects that device.
 */
export class DeviceIdentity extends Construct {
  readonly policyName: string
  readonly templateName: string
  /** Asked before a claim becomes a device's certificate, whatever the template. */
  readonly hook: NodeFunction
  /** As this IoT provisions devices. */
  readonly role: Role

  constructor(scope: Construct, id: string, props: DeviceIdentityProps) {
    super(scope, id)
    const stack = Stack.of(this)
    const arn = (type: string, name: string) =>
      stack.formatArn({ service: 'iot', resource: type, resourceName: name })
    for (const trade of props.trades)
      new CfnThingType(this, `Type${trade}`, {
        // Policies compare this name with the trade in the topic.
        thingTypeName: trade,
        thingTypeProperties: { thingTypeDescription: `Telltale devices of trade ${trade}` },
      })
    const policy = new CfnPolicy(this, 'DevicePolicy', { policyDocument: devicePolicy() })
    this.policyName = policy.ref

    const hook = (this.hook = this.hookFunction(props, arn))
    const role = (this.role = this.provisioningRole(arn))
    // AWS: at most 36 characters.
    this.templateName = `${stack.stackName}-claim`.slice(-36)
    const template = new CfnProvisioningTemplate(this, 'Template', {
      templateName: this.templateName,
      templateType: 'FLEET_PROVISIONING',
      description: 'Turns a claim certificate into a certificate of the device itself',
      enabled: true,
      provisioningRoleArn: role.roleArn,
      preProvisioningHook: { targetArn: hook.lambda.functionArn, payloadVersion: '2020-04-01' },
      templateBody: JSON.stringify(templateBody(policy.ref)),
    })
    template.node.addDependency(role)
    new CfnPermission(this, 'HookPermission', {
      action: 'lambda:InvokeFunction',
      principal: 'iot.amazonaws.com',
      functionName: hook.lambda.functionArn,
      // Templates are made by the API, too.
      sourceArn: arn('provisioningtemplate', '*'),
      sourceAccount: stack.account,
    })
    new CfnPolicy(this, 'ClaimPolicy', { policyDocument: claimPolicy(arn, this.templateName) })
  }

  private hookFunction(
    { tables, ops }: DeviceIdentityProps,
    arn: (type: string, name: string) => string,
  ): NodeFunction<ProvisionEnv> {
    const table = tables.of
    const fn = new NodeFunction<ProvisionEnv>(this, 'Hook', {
      name: 'provision',
      description: 'Says whether the registry expects the device that asks for a certificate',
      // AWS: the hook has five seconds, a cold start included.
      memoryMiB: 1024,
      timeout: Duration.seconds(5),
      ops,
      env: {
        REGISTRY_TABLE: table.Registry.tableName,
        CONFIG_TABLE: table.Config.tableName,
        PROVISIONING_TABLE: table.Provisioning.tableName,
        ERASURES_TABLE: table.Erasures.tableName,
        AUDIT_TABLE: table.Audit.tableName,
      },
    })
    useTable(fn, table.Registry, 'get', 'put')
    useTable(fn, table.Config, 'append')
    useTable(fn, table.Provisioning, 'get')
    useTable(fn, table.Erasures, 'get')
    useTable(fn, table.Audit, 'append')
    fn.allow(['iot:CreateThing', 'iot:ListThingPrincipals'], [arn('thing', '*')])
    fn.allow(['iot:DescribeCertificate'], [arn('cert', '*')])
    return fn
  }

  private provisioningRole(arn: (type: string, name: string) => string): Role {
    const role = new Role(this, 'ProvisioningRole', { assumedBy: new ServicePrincipal('iot.amazonaws.com') })
    const allow = (actions: string[], resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }))
    allow(
      ['iot:CreateThing', 'iot:DescribeThing', 'iot:UpdateThing', 'iot:ListThingPrincipals'],
      [arn('thing', '*'), arn('thingtype', '*')],
    )
    allow(
      [
        'iot:DescribeCertificate',
        'iot:UpdateCertificate',
        'iot:ListPrincipalPolicies',
        'iot:ListPrincipalThings',
      ],
      [arn('cert', '*')],
    )
    allow(['iot:AttachThingPrincipal', 'iot:DetachThingPrincipal'], [arn('thing', '*'), arn('cert', '*')])
    allow(['iot:AttachPolicy', 'iot:DetachPolicy'], [arn('policy', this.policyName), arn('cert', '*')])
    allow(['iot:GetPolicy'], [arn('policy', this.policyName)])
    return role
  }
}

/** AWS IoT: a provisioning template's own language. */
const templateBody = (policyName: string) => ({
  Parameters: {
    Thing: { Type: 'String' },
    Trade: { Type: 'String' },
    'AWS::IoT::Certificate::Id': { Type: 'String' },
  },
  Resources: {
    thing: {
      Type: 'AWS::IoT::Thing',
      Properties: { ThingName: { Ref: 'Thing' }, ThingTypeName: { Ref: 'Trade' } },
      OverrideSettings: { ThingTypeName: 'FAIL', AttributePayload: 'MERGE' },
    },
    certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
    },
    policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: policyName } },
  },
})
