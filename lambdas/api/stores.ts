import type { AthenaClient } from '@aws-sdk/client-athena'
import { dynamoMarkBook } from '../../src/adapters/aws/dynamo/dynamo-mark-book.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import { hotHistory } from '../../src/adapters/aws/hot/hot-history.ts'
import { athena as athenaOf } from '../../src/adapters/aws/lake/athena.ts'
import { athenaLake } from '../../src/adapters/aws/lake/athena-lake.ts'
import type { S3 } from '../../src/adapters/aws/lake/lake-files.ts'
import { dynamoManifest } from '../../src/adapters/aws/lake/manifest.ts'
import { storedHours } from '../../src/pipeline/history/stored-hours.ts'
import type { MachineReader } from '../../src/ports/machine-reader.ts'
import type { ApiPorts } from '../../src/api/ports.ts'
import { DAY } from '../../src/core/history/lake-layout.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { TelemetryReader } from '../../src/ports/telemetry-reader.ts'
import type { parseEnv } from './env.ts'
import { awsErasures, type AwsErasuresParts } from './erasures.ts'
import { awsHistory, wholeTelemetry } from './history.ts'

export interface AwsStoresParts {
  env: Pick<
    ReturnType<typeof parseEnv>,
    | 'MARKS_TABLE'
    | 'ERASURES_TABLE'
    | 'ERASE_FUNCTION'
    | 'MANIFEST_TABLE'
    | 'LAKE_BUCKET'
    | 'ATHENA_WORKGROUP'
    | 'GLUE_DATABASE'
    | 'HOT_DAYS'
    | 'WARM_DAYS'
    | 'COLD_DAYS'
  >
  hot: TelemetryReader
  dynamo: Dynamo
  athena: Pick<AthenaClient, 'send'>
  s3: S3
  clock: Pick<Clock, 'now'>
  lambda: AwsErasuresParts['lambda']
}

/** API Gateway gives up after 29 s. */
const ATHENA_PATIENCE_MS = 20_000
/** InfluxDB drops whole shards of a day: what is about to go is asked of the lake already. */
const DROPPED_MS = 2 * DAY

/** The hot store and the lake behind one planner. */
export function awsStores(
  parts: AwsStoresParts,
): Required<Pick<ApiPorts, 'telemetry' | 'history'>> & Pick<MachineReader, 'hours'> {
  const { env, hot, dynamo, athena, s3, clock } = parts
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
  const firstDay = async (): Promise<number> => ((await manifest.first('readings')) ?? Infinity) * DAY
  return {
    telemetry: wholeTelemetry(hot, stores, { keptFrom, firstDay }),
    hours: async (query) => storedHours(query, stores),
    history: awsHistory(
      stores,
      { hot: env.HOT_DAYS, warm: env.WARM_DAYS, cold: env.COLD_DAYS },
      { erasures: awsErasures(parts) },
    ),
  }
}
