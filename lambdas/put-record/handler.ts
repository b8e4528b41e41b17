import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import { parseEnv } from './env.ts'

const { STREAM } = parseEnv(process.env)
const kinesis = new KinesisClient()

/** Stands in for the Kinesis action of an IoT rule on an emulator that has none: one raw record a message. */
export const handler = async (record: { topic: string }): Promise<void> => {
  const parts = record.topic.split('/')
  // The rules' `${topic(3)}`, and `${topic(4)}` for Sparkplug: the thing.
  const PartitionKey = (parts[0] === 'spBv1.0' ? parts[3] : parts[2]) ?? record.topic
  await kinesis.send(
    new PutRecordCommand({ StreamName: STREAM, PartitionKey, Data: Buffer.from(JSON.stringify(record)) }),
  )
}
