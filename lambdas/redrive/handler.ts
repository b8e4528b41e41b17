import { KinesisClient } from '@aws-sdk/client-kinesis'
import { S3Client } from '@aws-sdk/client-s3'
import { putInOrder } from '../../src/adapters/aws/kinesis/put-in-order.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { redrive } from './redrive-prefix.ts'

const env = parseEnv(process.env)
const kinesis = new KinesisClient()
const s3 = new S3Client()

/** Puts what the failure bucket holds below a prefix back into its stream. Invoked by hand: docs/operations.md. */
export const handler = observed(({ logger }) => async ({ prefix }: { prefix?: unknown }) => {
  if (typeof prefix !== 'string' || prefix === '')
    throw new Error('give the prefix to redrive, {"prefix":"rule/plant/"}')
  const done = await redrive({
    s3,
    bucket: env.FAILURES_BUCKET,
    prefix,
    streams: [...env.TRADE_STREAMS.values(), env.OUTPUT_STREAM],
    streamOfTrade: (trade) => env.TRADE_STREAMS.get(trade),
    put: async (stream, entries) => {
      await putInOrder(kinesis, stream, entries)
    },
  })
  logger.info('redriven', { prefix, ...done })
  return done
})
