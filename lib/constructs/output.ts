import { Duration } from 'aws-cdk-lib'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Env as ArchiveEnv } from '../../lambdas/archive/env.ts'
import type { Env as StoreEnv } from '../../lambdas/store/env.ts'
import type { Streams } from '../deployment.ts'
import { useTable } from './grants.ts'
import type { HotStore } from './hot-store.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { feedFromStream } from './stream-source.ts'
import type { Tables } from './tables.ts'
import { TelemetryStream } from './telemetry-stream.ts'

export interface OutputProps {
  streams: Streams
  hotStore: HotStore
  lake: IBucket
  tables: Tables
  failures: IBucket
  ops: Operations
}

/**
 * Where every pipeline's data effects go, and the two that hang on it at their own pace: `store` writes the hot store,
 * `archive` the lake's landing zone. Neither can slow a pipeline, and order does not matter here.
 */
export class Output extends Construct {
  readonly telemetry: TelemetryStream

  constructor(scope: Construct, id: string, props: OutputProps) {
    super(scope, id)
    this.telemetry = new TelemetryStream(this, 'Effects', {
      streams: props.streams,
      ops: props.ops,
      fanOut: false,
      removalPolicy: props.ops.removalPolicy,
    })
    this.store(props)
    this.archive(props)
  }

  private store(props: OutputProps): void {
    const { hotStore, tables, ops } = props
    const fn = new NodeFunction<StoreEnv>(this, 'Store', {
      name: 'store',
      description: 'The only writer of the hot store; marks minutes as dirty once their reading is stored',
      memoryMiB: 1024,
      timeout: Duration.seconds(60),
      place: hotStore.place,
      ops,
      env: {
        ...hotStore.env,
        MARKS_TABLE: tables.of.Marks.tableName,
        FACTS_TABLE: tables.of.Facts.tableName,
        PROGRESS_TABLE: tables.of.Progress.tableName,
      },
    })
    hotStore.open(fn, 'write')
    useTable(fn, tables.of.Marks, 'put')
    useTable(fn, tables.of.Facts, 'put')
    useTable(fn, tables.of.Progress, 'get', 'put')
    this.feed(fn, props, Duration.minutes(2))
  }

  private archive(props: OutputProps): void {
    const fn = new NodeFunction<ArchiveEnv>(this, 'Archive', {
      name: 'archive',
      description: 'Writes readings and windows to the landing zone of the lake',
      memoryMiB: 1769,
      timeout: Duration.minutes(3),
      ops: props.ops,
      env: { LAKE_BUCKET: props.lake.bucketName, MANIFEST_TABLE: props.tables.of.Manifest.tableName },
    })
    fn.allow(['s3:PutObject'], [props.lake.arnForObjects('landing/*')])
    useTable(fn, props.tables.of.Manifest, 'put')
    this.feed(fn, props, Duration.minutes(30), GATHER)
  }

  private feed(fn: NodeFunction, props: OutputProps, lateAfter: Duration, gatherFor?: Duration): void {
    feedFromStream(fn, 'Effects', {
      stream: this.telemetry.stream,
      consumer: null,
      failures: props.failures,
      batchSize: gatherFor ? 10_000 : 1000,
      parallelization: 1,
      ...(gatherFor && { gatherFor }),
      lateAfter,
      ops: props.ops,
    })
  }
}

/** Fewer and larger objects: nobody reads what landed before its day is over. */
const GATHER = Duration.minutes(5)
