import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { compact } from '../../src/adapters/aws/lake/compaction.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { dynamoManifest } from '../../src/adapters/aws/lake/manifest.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'

const env = parseEnv(process.env)
const files = lakeFiles(new S3Client(), env.LAKE_BUCKET)
const manifest = dynamoManifest(new DynamoDBClient(), env.MANIFEST_TABLE)
/** What one bucket of a day takes at most; what is not begun is for the next run. */
const BUCKET_TAKES_MS = 180_000

/** Every quarter of an hour makes published days, with their roll-ups, of what landed. */
export const handler = observed(
  ({ logger }) =>
    async ({ scheduledAt }: { scheduledAt: string }, context): Promise<void> => {
      const done = await compact(files, manifest, {
        now: Date.parse(scheduledAt),
        outOfTime: () => context.getRemainingTimeInMillis() < BUCKET_TAKES_MS,
      })
      logger.info('compacted', { ...done })
    },
)
