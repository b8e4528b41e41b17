import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { barrierTime } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import { effectsOf } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { land } from '../../src/adapters/aws/lake/landing.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { lakeRowsOf } from '../../src/adapters/aws/lake/lake-rows.ts'
import { dynamoManifest } from '../../src/adapters/aws/lake/manifest.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { observed } from '../middleware/observed.ts'
import { orderedBatch } from '../middleware/ordered-batch.ts'
import { parseEnv } from './env.ts'

const env = parseEnv(process.env)
const files = lakeFiles(new S3Client(), env.LAKE_BUCKET)
const manifest = dynamoManifest(new DynamoDBClient(), env.MANIFEST_TABLE)
const clock = systemClock()

/** Lays readings and windows down in the lake's landing zone, a file a batch, day and bucket of devices. */
export const handler = observed(({ logger }) =>
  orderedBatch({
    sliceSize: Infinity,
    onFailure: (error) => logger.warn('the batch comes again', error as Error),
    run: async (records) => {
      const effects = records
        .filter((record) => barrierTime(record) === null)
        .flatMap(({ kinesis }) => effectsOf(Buffer.from(kinesis.data, 'base64')))
      const [first, last] = [records[0]!, records.at(-1)!].map(({ kinesis }) => kinesis.sequenceNumber)
      await land(files, manifest, lakeRowsOf(effects), `${first}-${last}`, clock.now())
    },
  }),
)
