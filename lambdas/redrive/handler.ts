import { KinesisClient } from '@aws-sdk/client-kinesis'
import { S3Client } from '@aws-sdk/client-s3'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { putInOrder } from '../../src/adapters/aws/kinesis/put-in-order.ts'
import { rawStream } from '../../src/adapters/aws/kinesis/raw-stream.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { rawRange, refoldRaw } from './refold-raw.ts'
import { redrive } from './redrive-prefix.ts'

const env = parseEnv(process.env)
const kinesis = new KinesisClient()
const s3 = new S3Client()
const sqs = new SQSClient()
/** What one file of the archive takes at most. */
const FILE_TAKES_MS = 60_000

/** Puts what the failure bucket holds below a prefix back where it came from, or sends archived messages again. Invoked by hand: docs/operations.md. */
export const handler = observed(
  ({ logger }) =>
    async (asked: { prefix?: unknown; raw?: unknown }, context) => {
      const { prefix, raw } = asked
      if (raw !== undefined) {
        const outOfTime = (): boolean => context.getRemainingTimeInMillis() < FILE_TAKES_MS
        const done = await refoldRaw(rawRange(raw), {
          files: lakeFiles(s3, env.LAKE_BUCKET),
          put: async (trade, messages) => {
            const stream = env.TRADE_STREAMS.get(trade)
            if (stream === undefined) throw new Error(`this deployment has no trade ${trade}`)
            await rawStream(kinesis, stream)(messages)
          },
          outOfTime,
        })
        logger.info('refolding', { ...done })
        return done
      }
      if (typeof prefix !== 'string' || prefix === '')
        throw new Error(
          'give what to put back: {"prefix":"rule/plant/"}, or {"raw":{"trade":"plant","from":"2026-11-01","to":"2026-11-03"}}',
        )
      const done = await redrive({
        s3,
        bucket: env.FAILURES_BUCKET,
        prefix,
        tradeStreams: [...env.TRADE_STREAMS.values()],
        outputStream: env.OUTPUT_STREAM,
        streamOfTrade: (trade) => env.TRADE_STREAMS.get(trade),
        put: async (stream, entries) => {
          await putInOrder(kinesis, stream, entries)
        },
        requeue: async (event) => {
          await sqs.send(new SendMessageCommand({ QueueUrl: env.PRESENCE_QUEUE, MessageBody: event }))
        },
      })
      logger.info('redriven', { prefix, ...done })
      return done
    },
)
