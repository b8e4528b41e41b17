import { CustomResource, Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { Secret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import { CfnDatabase, CfnInfluxDBInstance, CfnTable } from 'aws-cdk-lib/aws-timestream'
import { Construct } from 'constructs'
import type { Env as TokenEnv } from '../../lambdas/hot-store-token/env.ts'
import type { Env as HotqueryEnv } from '../../lambdas/hotquery/env.ts'
import type { Deployment } from '../deployment.ts'
import { INFLUX_PORT, Network } from './network.ts'
import { NodeFunction, type Place } from './node-function.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'

/** What a function must be told and allowed to reach the hot store. */
export interface HotStore {
  readonly env: HotqueryEnv
  /** The network it must be in, if the store has one. */
  readonly place: Place | null
  /** Lets a function read, or also write. */
  open(fn: NodeFunction, access: 'read' | 'write'): void
}

const nothing: HotqueryEnv = {
  HOT_STORE: 'influxdb',
  INFLUX_URL: '',
  INFLUX_ORG: '',
  INFLUX_BUCKET: '',
  INFLUX_TOKEN_SECRET: '',
  TIMESTREAM_DATABASE: '',
  TIMESTREAM_READINGS_TABLE: '',
  TIMESTREAM_WINDOWS_TABLE: '',
}

const ORG = 'telltale'
const BUCKET = 'telltale'

export interface InfluxProps {
  influx: Deployment['influx']
  hotDays: number
  removalPolicy: RemovalPolicy
  ops: Operations
}

/**
 * Timestream for InfluxDB v2, one instance in a network of its own. AWS keeps only the password that it was made with;
 * functions need a token, so a custom resource signs in once and stores one.
 */
export class InfluxStore extends Construct implements HotStore {
  readonly env: HotqueryEnv
  readonly place: Place
  private readonly token: ISecret

  constructor(scope: Construct, id: string, props: InfluxProps) {
    super(scope, id)
    const { influx, ops, removalPolicy } = props
    const network = new Network(this, 'Network', ops)
    this.place = { vpc: network.vpc, securityGroup: network.clients }
    const admin = new Secret(this, 'Admin', {
      description: 'Telltale hot store: user and password of its first start',
      removalPolicy,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'telltale' }),
        generateStringKey: 'password',
        passwordLength: 40,
        // AWS: the password is letters and digits only.
        excludePunctuation: true,
      },
    })
    const instance = new CfnInfluxDBInstance(this, 'Instance', {
      // The service has no generated names.
      name: Stack.of(this).stackName,
      username: 'telltale',
      password: admin.secretValueFromJson('password').unsafeUnwrap(),
      organization: ORG,
      bucket: BUCKET,
      dbInstanceType: influx.instance,
      dbStorageType: 'InfluxIOIncludedT1',
      allocatedStorage: influx.storageGiB,
      deploymentType: 'SINGLE_AZ',
      publiclyAccessible: false,
      port: INFLUX_PORT,
      vpcSubnetIds: network.vpc.isolatedSubnets.map((subnet) => subnet.subnetId),
      vpcSecurityGroupIds: [network.database.securityGroupId],
    })
    instance.applyRemovalPolicy(removalPolicy)
    const token = new Secret(this, 'Token', {
      description: 'Telltale hot store: token of store and hotquery',
      removalPolicy,
    })
    acknowledgeRotation(admin)
    acknowledgeRotation(token)
    this.token = token as ISecret
    this.env = {
      ...nothing,
      INFLUX_URL: `https://${instance.attrEndpoint}:${INFLUX_PORT}`,
      INFLUX_ORG: ORG,
      INFLUX_BUCKET: BUCKET,
      INFLUX_TOKEN_SECRET: token.secretArn,
    }
    this.watch(Stack.of(this).stackName, ops)
    this.bootstrap(props, admin as ISecret)
  }

  /** AWS: the instance publishes its use in percent, by its name. */
  private watch(name: string, ops: Operations): void {
    const limits = [
      ['DiskUtilization', 80, 'raise influx.storageGiB before it is full: a full instance takes no readings'],
      ['CPUUtilization', 90, 'a larger influx.instance, or fewer and shorter questions'],
      ['MemoryUtilization', 90, 'a larger influx.instance, or fewer devices in one deployment'],
    ] as const
    for (const [metricName, threshold, remedy] of limits)
      raiseAlarm(this, metricName, ops, {
        metric: new Metric({
          namespace: 'AWS/Timestream/InfluxDB',
          metricName,
          dimensionsMap: { DbInstanceName: name },
          period: MINUTE,
          statistic: 'avg',
        }),
        description: `the hot store’s ${metricName} is above ${threshold} %: ${remedy}`,
        threshold,
        minutes: 10,
      })
  }

  private bootstrap(props: InfluxProps, admin: ISecret): void {
    const fn = new NodeFunction<TokenEnv>(this, 'TokenFunction', {
      name: 'hot-store-token',
      description: 'Makes the hot store ready: its bucket and the token that functions use',
      memoryMiB: 256,
      timeout: Duration.minutes(5),
      place: this.place,
      ops: props.ops,
      env: {
        INFLUX_URL: this.env.INFLUX_URL,
        INFLUX_ORG: ORG,
        INFLUX_BUCKET: BUCKET,
        RETENTION_DAYS: String(props.hotDays),
        ADMIN_SECRET: admin.secretArn,
        TOKEN_SECRET: this.token.secretArn,
      },
    })
    fn.allow(['secretsmanager:GetSecretValue'], [admin.secretArn])
    fn.allow(['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'], [this.token.secretArn])
    new CustomResource(this, 'TokenReady', {
      serviceToken: fn.lambda.functionArn,
      resourceType: 'Custom::TelltaleHotStoreToken',
      // A new value makes the function run again: it sets the retention and rotates the token.
      properties: {
        url: this.env.INFLUX_URL,
        retentionDays: props.hotDays,
        generation: props.influx.tokenGeneration,
      },
    })
  }

  open(fn: NodeFunction): void {
    fn.allow(['secretsmanager:GetSecretValue'], [this.token.secretArn])
  }
}

export interface LiveAnalyticsProps {
  retentionDays: Deployment['retentionDays']
  rejected: IBucket
  removalPolicy: RemovalPolicy
  ops: Operations
}

/** Timestream for LiveAnalytics: closed to new accounts since 2025-06-20, for those who have it. No network. */
export class LiveAnalyticsStore extends Construct implements HotStore {
  readonly env: HotqueryEnv
  readonly place = null
  private readonly tableArns: string[]

  constructor(scope: Construct, id: string, props: LiveAnalyticsProps) {
    super(scope, id)
    const database = new CfnDatabase(this, 'Database', {})
    database.applyRemovalPolicy(props.removalPolicy)
    Validations.of(this).acknowledge(
      {
        id: 'CloudFormation-Validate::W3697',
        reason:
          'closed to new accounts: chosen by accounts that have it already (telltale doctor --aws says whether)',
      },
      {
        id: 'AwsSolutions-TS3',
        reason: 'Timestream encrypts with a key of its own in the account; telemetry needs no separate one',
      },
    )
    const tables = ['Readings', 'Windows'].map((name) => {
      const table = new CfnTable(this, name, {
        databaseName: database.ref,
        // AWS: these numbers are text in CloudFormation.
        retentionProperties: {
          MemoryStoreRetentionPeriodInHours: '24',
          MagneticStoreRetentionPeriodInDays: String(props.retentionDays.hot),
        },
        // Late readings are older than the memory store keeps.
        magneticStoreWriteProperties: {
          EnableMagneticStoreWrites: true,
          MagneticStoreRejectedDataLocation: {
            S3Configuration: {
              BucketName: props.rejected.bucketName,
              ObjectKeyPrefix: 'timestream',
              EncryptionOption: 'SSE_S3',
            },
          },
        },
      })
      table.applyRemovalPolicy(props.removalPolicy)
      return table
    })
    this.tableArns = tables.map((table) => table.attrArn)
    for (const Operation of ['WriteRecords', 'Query'])
      raiseAlarm(this, `${Operation}Errors`, props.ops, {
        metric: new Metric({
          namespace: 'AWS/Timestream',
          metricName: 'SystemErrors',
          dimensionsMap: { DatabaseName: database.ref, Operation },
          period: MINUTE,
          statistic: 'sum',
        }),
        description: `Timestream fails at ${Operation}: its status page; what is not stored waits in the output stream`,
        threshold: 1,
        minutes: 3,
      })
    this.env = {
      ...nothing,
      HOT_STORE: 'liveanalytics',
      TIMESTREAM_DATABASE: database.ref,
      TIMESTREAM_READINGS_TABLE: tables[0]!.attrName,
      TIMESTREAM_WINDOWS_TABLE: tables[1]!.attrName,
    }
  }

  open(fn: NodeFunction, access: 'read' | 'write'): void {
    fn.allow(
      access === 'read' ? ['timestream:Select'] : ['timestream:Select', 'timestream:WriteRecords'],
      this.tableArns,
    )
    // AWS: endpoint discovery takes no resource.
    fn.allow(['timestream:DescribeEndpoints'], ['*'])
  }
}

/** An InfluxDB that runs already, reached by URL: what an emulator uses, which has no Timestream. */
export class ExternalInfluxStore extends Construct implements HotStore {
  readonly env: HotqueryEnv
  readonly place = null
  private readonly token: ISecret

  constructor(scope: Construct, id: string, props: { url: string; removalPolicy: RemovalPolicy }) {
    super(scope, id)
    const token = new Secret(this, 'Token', { removalPolicy: props.removalPolicy })
    acknowledgeRotation(token)
    this.token = token as ISecret
    this.env = {
      ...nothing,
      INFLUX_URL: props.url,
      INFLUX_ORG: ORG,
      INFLUX_BUCKET: BUCKET,
      INFLUX_TOKEN_SECRET: this.token.secretArn,
    }
  }

  open(fn: NodeFunction): void {
    fn.allow(['secretsmanager:GetSecretValue'], [this.token.secretArn])
  }
}

function acknowledgeRotation(secret: Secret): void {
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'rotating means making a new token and dropping the old one: docs/operations.md, rotate',
  })
}
