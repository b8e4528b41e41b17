import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import type { SQSEvent } from 'aws-lambda'
import type { Place } from '../../src/adapters/aws/lake/landing.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { dynamoManifest } from '../../src/adapters/aws/lake/manifest.ts'
import { publishBucket } from '../../src/adapters/aws/lake/publish-bucket.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'

const env = parseEnv(process.env)
const files = lakeFiles(new S3Client(), env.LAKE_BUCKET)
const manifest = dynamoManifest(new DynamoDBClient(), env.MANIFEST_TABLE)
/** What one generation takes at most; what is not begun is planned again within a quarter of an hour. */
const GENERATION_TAKES_MS = 240_000

/** Publishes what landed of one bucket of a day. The queue hands out one message a bucket at a time. */
export const handler = observed(({ logger }) => async ({ Records }: SQSEvent, context): Promise<void> => {
  for (const { body } of Records) {
    const place = JSON.parse(body) as Place
    const outOfTime = (): boolean => context.getRemainingTimeInMillis() < GENERATION_TAKES_MS
    logger.info('published', { place, ...(await publishBucket(files, manifest, place, { outOfTime })) })
  }
})
