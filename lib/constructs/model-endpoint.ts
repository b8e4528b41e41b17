import { Stack } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker'
import { Construct } from 'constructs'
import type { Deployment, ModelEndpointSetting } from '../deployment.ts'
import type { NodeFunction } from './node-function.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'

export interface ModelEndpointProps {
  stage: Deployment['stage']
  setting: ModelEndpointSetting
  lake: IBucket
  ops: Operations
}

const VARIANT = 'all'
/** Where the model registry leaves artifacts (s3-model-registry.ts; a test compares). */
const ARTIFACTS = 'models/artifacts'

/**
 * SageMaker's built-in XGBoost over every artifact that the model registry leaves in the lake. A call names the version
 * (TargetModel), so promotion and roll-back deploy nothing, and an endpoint without a model yet is a healthy one.
 */
export class ModelEndpoint extends Construct {
  readonly endpointName: string

  constructor(scope: Construct, id: string, { stage, setting, lake, ops }: ModelEndpointProps) {
    super(scope, id)
    // Named here, so that its role can be confined to its log group before there is an endpoint.
    this.endpointName = `telltale-${stage}-models`
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/sagemaker/Endpoints/${this.endpointName}`,
      retention: ops.logDays,
      removalPolicy: ops.removalPolicy,
    })
    const role = this.role(setting.image, lake, logs)
    const model = new CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      primaryContainer: {
        image: setting.image,
        mode: 'MultiModel',
        modelDataUrl: `s3://${lake.bucketName}/${ARTIFACTS}/`,
      },
    })
    // SageMaker reads the prefix and the image with this role while the model is made.
    model.node.addDependency(role)
    const config = new CfnEndpointConfig(this, 'Config', {
      productionVariants: [
        {
          variantName: VARIANT,
          modelName: model.attrModelName,
          instanceType: setting.instance,
          initialInstanceCount: setting.count,
          initialVariantWeight: 1,
        },
      ],
    })
    const endpoint = new CfnEndpoint(this, 'Endpoint', {
      endpointName: this.endpointName,
      endpointConfigName: config.attrEndpointConfigName,
    })
    endpoint.node.addDependency(logs)
    this.alarms(endpoint, ops)
  }

  /** Lets a function score by versions of this model, and by nothing else that the endpoint may come to serve. */
  invokedBy(fn: NodeFunction, model: string): void {
    const endpoint = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: this.endpointName }) // prettier-ignore
    fn.allow(['sagemaker:InvokeEndpoint'], [endpoint], {
      StringLike: { 'sagemaker:TargetModel': [`${model}-v*.tar.gz`] },
    })
  }

  private role(image: string, lake: IBucket, logs: LogGroup): Role {
    const { account } = Stack.of(this)
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    })
    const allow = (actions: string[], resources: string[], conditions?: Record<string, unknown>): void =>
      void role.addToPolicy(
        new PolicyStatement({ effect: Effect.ALLOW, actions, resources, ...(conditions && { conditions }) }),
      )
    allow(['s3:GetObject'], [lake.arnForObjects(`${ARTIFACTS}/*`)])
    allow(['s3:ListBucket'], [lake.bucketArn], { StringLike: { 's3:prefix': [`${ARTIFACTS}/*`] } })
    allow(['ecr:GetAuthorizationToken'], ['*'])
    allow(
      ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      [repositoryOf(image, Stack.of(this).partition)],
    )
    allow(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], [logs.logGroupArn])
    allow(['cloudwatch:PutMetricData'], ['*'])
    return role
  }

  private alarms(endpoint: CfnEndpoint, ops: Operations): void {
    const metric = (metricName: string, statistic: string): Metric =>
      new Metric({
        namespace: 'AWS/SageMaker',
        metricName,
        dimensionsMap: { EndpointName: endpoint.attrEndpointName, VariantName: VARIANT },
        period: MINUTE,
        statistic,
      })
    raiseAlarm(this, 'ServerErrors', ops, {
      metric: metric('Invocation5XXErrors', Stats.SUM),
      description:
        'the model endpoint fails, so machines are not judged: its log group says why; without modelEndpoint in cdk.json the jobs function scores by itself',
      threshold: 1,
    })
    raiseAlarm(this, 'Refusals', ops, {
      metric: metric('Invocation4XXErrors', Stats.SUM),
      description: `the model endpoint refuses calls: the promoted version has no artifact under ${ARTIFACTS}/ in the lake, or the container cannot read it`,
      threshold: 1,
    })
  }
}

/** `<account>.dkr.ecr.<region>.<domain>/<repository>:<tag>` */
function repositoryOf(image: string, partition: string): string {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/([^:]+):/.exec(image) ?? []
  return `arn:${partition}:ecr:${region}:${account}:repository/${repository}`
}
