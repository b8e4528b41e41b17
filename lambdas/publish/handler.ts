import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import type { SQSEvent } from 'aws-lambda'
import { dynamoErasureWork } from '../../src/adapters/aws/dynamo/dynamo-erasure-work.ts'
import { erasureId } from '../../src/adapters/aws/dynamo/erasure-item.ts'
import { eraseFromPlace } from '../../src/adapters/aws/lake/erase-place.ts'
import type { Place } from '../../src/adapters/aws/lake/landing.ts'
import { lakeFiles, restoreObject } from '../../src/adapters/aws/lake/lake-files.ts'
import { dynamoManifest } from '../../src/adapters/aws/lake/manifest.ts'
import { rebuildPlace } from '../../src/adapters/aws/lake/rebuild-place.ts'
import { publishBucket } from '../../src/adapters/aws/lake/publish-bucket.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'

const env = parseEnv(process.env)
const s3 = new S3Client()
const dynamo = new DynamoDBClient()
const files = lakeFiles(s3, env.LAKE_BUCKET)
const manifest = dynamoManifest(dynamo, env.MANIFEST_TABLE)
const erasures = dynamoErasureWork(dynamo, env.ERASURES_TABLE)
/** What one generation takes at most; what is not begun is planned again within a quarter of an hour. */
const GENERATION_TAKES_MS = 240_000

/** Publishes what landed of one bucket of a day, takes a device out of it, or makes its windows again. The queue hands out one message a bucket at a time. */
export const handler = observed(({ logger }) => async ({ Records }: SQSEvent, context): Promise<void> => {
  for (const { body } of Records) {
    const { erase, rebuild, ...place } = JSON.parse(body) as Place & { erase?: string; rebuild?: true }
    if (rebuild && place.table === 'windows') {
      const windows = await rebuildPlace(files, manifest, { ...place, table: 'windows' })
      logger.info('rebuilt', { place, windows })
      continue
    }
    if (erase !== undefined) {
      const whole = await eraseFromPlace(
        files,
        manifest,
        { place, thing: erase },
        restoreObject(s3, env.LAKE_BUCKET),
      )
      if (whole) await erasures.removePlace(erasureId(erase), place)
      logger.info('erased', { place, whole })
      continue
    }
    const outOfTime = (): boolean => context.getRemainingTimeInMillis() < GENERATION_TAKES_MS
    logger.info('published', { place, ...(await publishBucket(files, manifest, place, { outOfTime })) })
  }
})
