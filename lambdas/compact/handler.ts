import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { duePlaces } from '../../src/adapters/aws/lake/landing.ts'
import { expireDays } from '../../src/adapters/aws/lake/expire-days.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { dynamoManifest } from '../../src/adapters/aws/lake/manifest.ts'
import { observed } from '../middleware/observed.ts'
import { enqueue } from './enqueue.ts'
import { parseEnv } from './env.ts'

const env = parseEnv(process.env)
const files = lakeFiles(new S3Client(), env.LAKE_BUCKET)
const manifest = dynamoManifest(new DynamoDBClient(), env.MANIFEST_TABLE)
const sqs = new SQSClient()

/** Every quarter of an hour asks for a publication of each bucket of a day that is over where something landed; once a day takes away what retention no longer keeps. */
export const handler = observed(
  ({ logger }) =>
    async ({ scheduledAt }: { scheduledAt: string }): Promise<void> => {
      const places = await duePlaces(files, manifest, Date.parse(scheduledAt))
      await enqueue(sqs, env.PUBLISH_QUEUE, places, scheduledAt)
      logger.info('compaction planned', { places: places.length, oldestDay: places[0]?.day })
      const expired = await expireDays(files, manifest, Date.parse(scheduledAt))
      if (Object.keys(expired).length > 0) logger.info('expired', { ...expired })
    },
)
