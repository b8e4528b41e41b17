import { S3Client } from '@aws-sdk/client-s3'
import { barrierTime } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import { rawRecordOf } from '../../src/adapters/aws/kinesis/raw-envelope.ts'
import { archiveRaw } from '../../src/adapters/aws/lake/raw-archive.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { observed } from '../middleware/observed.ts'
import { orderedBatch } from '../middleware/ordered-batch.ts'
import { parseEnv } from './env.ts'

const env = parseEnv(process.env)
const files = lakeFiles(new S3Client(), env.LAKE_BUCKET)

/** Keeps what devices sent, untouched, so that any stage can be folded again from it. */
export const handler = observed(({ logger }) =>
  orderedBatch({
    sliceSize: Infinity,
    onFailure: (error) => logger.warn('the batch comes again', error as Error),
    run: async (records) => {
      const messages = records.filter((record) => barrierTime(record) === null).map(rawRecordOf)
      const stream = records[0]?.eventSourceARN.split('/').at(-1)
      const trade = [...env.TRADE_STREAMS].find(([, name]) => name === stream)?.[0]
      if (trade === undefined) throw new Error(`no trade has the stream ${stream}`)
      const [first, last] = [records[0]!, records.at(-1)!].map(({ kinesis }) => kinesis.sequenceNumber)
      await archiveRaw(files, trade, messages, `${first}-${last}`)
    },
  }),
)
