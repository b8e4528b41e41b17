import { S3Client } from '@aws-sdk/client-s3'
import { effectsOf } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { land } from '../../src/adapters/aws/lake/compaction.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { lakeRowsOf } from '../../src/adapters/aws/lake/lake-rows.ts'
import { observed } from '../middleware/observed.ts'
import { orderedBatch } from '../middleware/ordered-batch.ts'
import { parseEnv } from './env.ts'

const files = lakeFiles(new S3Client(), parseEnv(process.env).LAKE_BUCKET)

/** Lays readings and windows down in the lake's landing zone, a file a batch and day. */
export const handler = observed(({ logger }) =>
  orderedBatch({
    sliceSize: 1000,
    onFailure: (error) => logger.warn('the batch comes again', error as Error),
    run: async (records) => {
      const effects = records.flatMap(({ kinesis }) => effectsOf(Buffer.from(kinesis.data, 'base64')))
      const [first, last] = [records[0]!, records.at(-1)!].map(({ kinesis }) => kinesis.sequenceNumber)
      await land(files, lakeRowsOf(effects), `${first}-${last}`)
    },
  }),
)
