import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

/** Columns in the lake's files, DESIGN section 6. Times are epoch milliseconds. */
export const lakeColumns = {
  readings: {
    device: 'string',
    measure: 'string',
    ts: 'bigint',
    value: 'double',
    text: 'string',
    quality: 'int',
    received: 'bigint',
  },
  windows: {
    device: 'string',
    measure: 'string',
    ts: 'bigint',
    n: 'bigint',
    mean: 'double',
    min: 'double',
    max: 'double',
    std: 'double',
    first: 'double',
    last: 'double',
    sum: 'double',
    version: 'bigint',
    repaired: 'boolean',
  },
} as const

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
