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

/** Every hour makes published days of what landed. */
export const handler = observed(
  ({ logger }) =>
    async ({ scheduledAt }: { scheduledAt: string }): Promise<void> => {
      logger.info('compacted', { ...(await compact(files, manifest, Date.parse(scheduledAt))) })
    },
)
