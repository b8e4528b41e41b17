import { fileURLToPath } from 'node:url'
import { type Duration, Validations } from 'aws-cdk-lib'
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2'
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, type Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogLevel, NodejsFunction, OutputFormat, type ICommandHooks } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { aliasesOf, isPipeline, UCUM } from '../bundle-aliases.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'

/** The functions of `lambdas/`, each a folder with `handler.ts` and `env.ts`. */
export const functionNames = [
  'plant',
  'fleet',
  'building',
  'store',
  'archive',
  'raw',
  'compact',
  'publish',
  'tick',
  'jobs',
  'plan',
  'desk',
  'api',
  'bulk',
  'authorize',
  'hotquery',
  'presence',
  'provision',
  'redrive',
  'erase',
  'hot-erase',
  'hot-store-token',
  'page-files',
  'page-watch',
  'scaler',
  'put-record',
] as const
export type FunctionName = (typeof functionNames)[number]

export interface Place {
  vpc: IVpc
  securityGroup: ISecurityGroup
}

export interface NodeFunctionProps<Env extends Readonly<Record<string, string>>> {
  name: FunctionName
  description: string
  env: Env
  ops: Operations
  memoryMiB: number
  timeout: Duration
  /** Within the hot store's network; null for everything else. */
  place?: Place | null
  /** A folder that travels with the code, as `files/` beside it. */
  files?: string
  /** Upper bound of invocations at the same time, where more would do harm. */
  concurrency?: number
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const entryOf = (name: FunctionName): string => `${root}lambdas/${name}/handler.ts`

/** A function of `lambdas/` with a role of its own, its log group and alarms on errors and throttles. */
export class NodeFunction<
  Env extends Readonly<Record<string, string>> = Record<string, string>,
> extends Construct {
  readonly lambda: LambdaFunction
  readonly role: Role

  constructor(scope: Construct, id: string, props: NodeFunctionProps<Env>) {
    super(scope, id)
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.ops.logDays,
      removalPolicy: props.ops.removalPolicy,
    })
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn])
    if (props.place) this.allowNetwork()

    const common = {
      description: props.description,
      role: this.role,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      logGroup,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: props.name,
        POWERTOOLS_METRICS_NAMESPACE: 'Telltale',
        ...props.env,
      },
      ...(props.place && { vpc: props.place.vpc, securityGroups: [props.place.securityGroup] }),
      ...(props.concurrency !== undefined && { reservedConcurrentExecutions: props.concurrency }),
    }
    const bundling = bundlingOf(props.name, this.node.tryGetContext('target') === 'emulator')
    this.lambda = new NodejsFunction(this, 'Function', {
      ...common,
      entry: entryOf(props.name),
      handler: 'handler',
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      bundling: {
        ...bundling,
        commandHooks: hooksOf(props),
      },
    })

    Validations.of(this.lambda).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'no event is lost without one: streams have the failure bucket, queues their own, a schedule comes again, a caller sees the error',
    })
    raiseAlarm(this, 'Errors', props.ops, {
      metric: this.lambda.metricErrors({ period: MINUTE, statistic: 'sum' }),
      description: `${props.name} failed: its log group says why; batches are retried, then kept in the failure bucket (docs/operations.md, redrive)`,
      threshold: 1,
      minutes: 3,
    })
    raiseAlarm(this, 'Throttles', props.ops, {
      metric: this.lambda.metricThrottles({ period: MINUTE, statistic: 'sum' }),
      description: `${props.name} is throttled: raise the account's Lambda concurrency (telltale doctor --aws)`,
      threshold: 1,
      minutes: 3,
    })
  }

  /** Lets the function do just these verbs on just these resources. */
  allow(
    actions: readonly string[],
    resources: readonly string[],
    conditions: Record<string, unknown> = {},
  ): void {
    this.role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [...actions],
        resources: [...resources],
        conditions,
      }),
    )
  }

  private allowNetwork(): void {
    // AWS: network interfaces of a function have no ARN before they exist, and describing takes no resource.
    this.allow(
      [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      ['*'],
    )
  }
}

/** How handlers are bundled; the bench bundles them the same way. */
const bundlingOf = (name: FunctionName, emulated: boolean) => ({
  format: OutputFormat.ESM,
  mainFields: ['module', 'main'],
  target: 'node24',
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  // The runtime has the SDK; with it a pipeline function would be 700 KB, and every cold start would parse it twice.
  // An emulator's runtime has none.
  externalModules: emulated ? [] : ['@aws-sdk/*'],
  esbuildArgs: {
    '--external:./ucum.mjs': true,
    ...Object.fromEntries(Object.entries(aliasesOf(name)).map(([from, to]) => [`--alias:${from}`, to])),
  },
  // Some dependencies are CommonJS and still call require.
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  logLevel: LogLevel.ERROR,
})

function hooksOf({ name, files }: { name: FunctionName; files?: string }): ICommandHooks {
  const after = (output: string): string[] => [
    ...(files === undefined ? [] : [`cp -R "${files}" "${output}/files"`]),
    ...(isPipeline(name)
      ? [
          `npx --no-install esbuild ${UCUM} --bundle --platform=node --format=esm --minify --target=node24 --main-fields=main --log-level=error --outfile="${output}/ucum.mjs"`,
        ]
      : []),
  ]
  return {
    beforeInstall: () => [],
    beforeBundling: () => [],
    afterBundling: (_input, output) => after(output),
  }
}
