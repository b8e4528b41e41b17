import type { AthenaClient } from '@aws-sdk/client-athena'
import { dynamoMarkBook } from '../../src/adapters/aws/dynamo/dynamo-mark-book.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import { hotHistory } from '../../src/adapters/aws/hot/hot-history.ts'
import { athena as athenaOf } from '../../src/adapters/aws/lake/athena.ts'
import { athenaLake } from '../../src/adapters/aws/lake/athena-lake.ts'
import type { S3 } from '../../src/adapters/aws/lake/lake-files.ts'
import { dynamoManifest, type Manifest } from '../../src/adapters/aws/lake/manifest.ts'
import { DAY } from '../../src/core/history/lake-layout.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { HistoryStores } from '../../src/pipeline/history/series-reader.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { TelemetryReader } from '../../src/ports/telemetry-reader.ts'

export interface HistoryStoresParts {
  env: {
    MARKS_TABLE: string
    MANIFEST_TABLE: string
    LAKE_BUCKET: string
    ATHENA_WORKGROUP: string
    GLUE_DATABASE: string
    HOT_DAYS: number
    WARM_DAYS: number
    COLD_DAYS: number
  }
  hot: Pick<TelemetryReader, 'readings' | 'windows'>
  dynamo: Dynamo
  athena: Pick<AthenaClient, 'send'>
  s3: S3
  clock: Pick<Clock, 'now'>
}

/** API Gateway gives up after 29 s. */
const ATHENA_PATIENCE_MS = 20_000
/** InfluxDB drops whole shards of a day: what is about to go is asked of the lake already. */
const DROPPED_MS = 2 * DAY

/** The hot store and the lake, as the planner wants them. */
export function historyStores({ env, hot, dynamo, athena, s3, clock }: HistoryStoresParts): {
  stores: HistoryStores
  manifest: Manifest
  /** First instant that is asked of the hot store. */
  keptFrom(): EpochMs
} {
  const manifest = dynamoManifest(dynamo, env.MANIFEST_TABLE)
  const keptFrom = (): number => clock.now() - env.HOT_DAYS * DAY + DROPPED_MS
  const stores = {
    hot: hotHistory({
      telemetry: hot,
      marks: dynamoMarkBook(dynamo, env.MARKS_TABLE).of,
      now: clock.now,
      keptFrom,
    }),
    lake: athenaLake({
      ask: athenaOf({
        athena,
        s3,
        workGroup: env.ATHENA_WORKGROUP,
        database: env.GLUE_DATABASE,
        patienceMs: ATHENA_PATIENCE_MS,
      }),
      manifest,
      bucket: env.LAKE_BUCKET,
      database: env.GLUE_DATABASE,
      now: clock.now,
      warmAfterDays: env.HOT_DAYS,
      coldAfterDays: env.WARM_DAYS,
      deepAfterDays: env.COLD_DAYS,
    }),
  }
  return { stores, manifest, keptFrom }
}
