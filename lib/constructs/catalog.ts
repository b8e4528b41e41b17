import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

const key = { device: 'string', measure: 'string', ts: 'timestamp' } as const
const moments = {
  n: 'bigint',
  sum: 'double',
  m2: 'double',
  min: 'double',
  max: 'double',
  first: 'double',
  last: 'double',
} as const

/** Columns in the lake's files, the same as on a box (docs/history.md). */
export const lakeColumns = {
  readings: {
    ...key,
    value: 'double',
    text: 'string',
    quality: 'int',
    received: 'timestamp',
    confirmed: 'timestamp',
  },
  windows: { ...key, ...moments, version: 'timestamp', repaired: 'boolean' },
  quarters: { ...key, ...moments },
  days: { ...key, zone: 'string', part: 'bigint', ...moments },
} as const
export const lakeKinds = Object.keys(lakeColumns)

/** Athena's view of the lake. Partitions are projected from the day in the key: none is ever registered. */
export class Catalog extends Construct {
  readonly databaseName: string
  readonly workGroupName: string
  /** Where Athena puts its answers, below the lake's bucket. */
  readonly resultsPrefix = 'athena/'

  constructor(
    scope: Construct,
    id: string,
    props: { lake: IBucket; removalPolicy: RemovalPolicy; scanLimitBytes: number },
  ) {
    super(scope, id)
    const catalogId = Stack.of(this).account
    const database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { description: 'Telltale lake: readings and windows by day' },
    })
    this.databaseName = database.ref
    for (const [table, columns] of Object.entries(lakeColumns)) {
      const location = `s3://${props.lake.bucketName}/${table}/`
      new CfnTable(this, table[0]!.toUpperCase() + table.slice(1), {
        catalogId,
        databaseName: database.ref,
        tableInput: {
          name: table,
          tableType: 'EXTERNAL_TABLE',
          partitionKeys: [{ name: 'dt', type: 'string' }],
          parameters: {
            classification: 'parquet',
            'projection.enabled': 'true',
            'projection.dt.type': 'date',
            'projection.dt.format': 'yyyy-MM-dd',
            'projection.dt.range': '2000-01-01,NOW+1DAYS',
            'projection.dt.interval': '1',
            'projection.dt.interval.unit': 'DAYS',
            'storage.location.template': `${location}dt=\${dt}/`,
          },
          storageDescriptor: {
            location,
            columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
            inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
            outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
            serdeInfo: {
              serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
            },
          },
        },
      })
    }
    const workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      // Athena names work groups in the account, so the stack's name is part of it.
      name: `${Stack.of(this).stackName}-lake`,
      description: 'Telltale history queries',
      recursiveDeleteOption: props.removalPolicy === RemovalPolicy.DESTROY,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        // A query that forgot its day would scan five years at five dollars a terabyte.
        bytesScannedCutoffPerQuery: props.scanLimitBytes,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${props.lake.bucketName}/${this.resultsPrefix}`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    })
    this.workGroupName = workGroup.name
  }
}
