import { Validations } from 'aws-cdk-lib'
import {
  AccessLogFormat,
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { IUserPool } from 'aws-cdk-lib/aws-cognito'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import type { Deployment } from '../deployment.ts'
import type { NodeFunction } from './node-function.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'

export interface RestApiProps {
  fn: NodeFunction
  people: IUserPool
  limits: Deployment['api']
  /** An emulator cannot tie a firewall to an API. */
  firewall: boolean
  ops: Operations
}

/** The REST API: every path needs a token of our people, is counted, limited, logged and behind a firewall. */
export class Rest extends Construct {
  readonly api: RestApi

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id)
    const { ops, limits } = props
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: ops.logDays,
      removalPolicy: ops.removalPolicy,
    })
    const authorizer = new CognitoUserPoolsAuthorizer(this, 'People', { cognitoUserPools: [props.people] })
    this.api = new RestApi(this, 'Api', {
      description: 'Telltale',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: ops.removalPolicy,
      deployOptions: {
        stageName: 'v',
        throttlingRateLimit: limits.requestsPerSecond,
        throttlingBurstLimit: limits.burst,
        metricsEnabled: true,
        tracingEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
      },
      // Without it a Parquet file would come in, and a PDF go out, as if it were text.
      binaryMediaTypes: ['*/*'],
      // Bodies are validated by the API itself, which answers problem+json.
      defaultMethodOptions: { authorizer, authorizationType: AuthorizationType.COGNITO },
    })
    this.api.root.addProxy({
      anyMethod: true,
      defaultIntegration: new LambdaIntegration(props.fn.lambda, { allowTestInvoke: false }),
    })
    Validations.of(this.api).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason:
          'requests are validated against the OpenAPI schemas by the application (src/api), with one answer format on both runtimes',
      },
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason: 'API Gateway writes logs with one role an account, for which AWS publishes this policy',
      },
    )
    if (props.firewall) this.firewall()
    else
      Validations.of(this.api).acknowledge({
        id: 'AwsSolutions-APIG3',
        reason: 'an emulator cannot tie a firewall to an API',
      })
    raiseAlarm(this, 'ServerErrors', ops, {
      metric: this.api.metricServerError({ period: MINUTE, statistic: 'sum' }),
      description: 'the API answers 5xx: see the log group of the api function',
      threshold: 1,
      minutes: 3,
    })
    raiseAlarm(this, 'Slow', ops, {
      metric: this.api.metricLatency({ period: MINUTE, statistic: 'p99' }),
      description: 'one request in a hundred takes longer than five seconds: hot store or Athena is slow',
      threshold: 5000,
      minutes: 10,
    })
  }

  private firewall(): void {
    const visible = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
      metricName,
    })
    const managed = (name: string, priority: number, counted: readonly string[] = []) => ({
      name,
      priority,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: 'AWS',
          name,
          ...(counted.length > 0 && {
            ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
          }),
        },
      },
      visibilityConfig: visible(name),
    })
    const acl = new CfnWebACL(this, 'Firewall', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible('telltale'),
      rules: [
        {
          name: 'rate',
          priority: 0,
          action: { block: {} },
          // Per address and five minutes. Behind CloudFront one address stands for many people.
          statement: { rateBasedStatement: { limit: 30_000, aggregateKeyType: 'IP' } },
          visibilityConfig: visible('rate'),
        },
        managed('AWSManagedRulesAmazonIpReputationList', 1),
        // AWS: it blocks bodies of more than 8 KB. Lists of devices, models and tables are larger; the API has limits of its own.
        managed('AWSManagedRulesCommonRuleSet', 2, ['SizeRestrictions_BODY']),
        managed('AWSManagedRulesKnownBadInputsRuleSet', 3),
      ],
    })
    new CfnWebACLAssociation(this, 'FirewallOfStage', {
      resourceArn: this.api.deploymentStage.stageArn,
      webAclArn: acl.attrArn,
    })
  }
}
