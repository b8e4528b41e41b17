import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import { envelopeBytes, partitionKeyOf } from '../../src/adapters/aws/kinesis/raw-envelope.ts'
import type { RawMessage } from '../../src/ports/raw-record.ts'

/** A record as an event source mapping hands it over: the rule's envelope in base64. */
export const kinesisRecord = (
  data: Uint8Array,
  sequence: bigint,
  key = 'key',
  arrivedAt = 1_763_812_800_000,
): KinesisStreamRecord => ({
  awsRegion: 'eu-central-1',
  eventID: `shardId-000000000000:${sequence}`,
  eventName: 'aws:kinesis:record',
  eventSource: 'aws:kinesis',
  eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/telemetry',
  eventVersion: '1.0',
  invokeIdentityArn: 'arn:aws:iam::123456789012:role/telltale',
  kinesis: {
    approximateArrivalTimestamp: arrivedAt / 1000,
    data: Buffer.from(data).toString('base64'),
    kinesisSchemaVersion: '1.0',
    partitionKey: key,
    sequenceNumber: String(sequence),
  },
})

/** As long as real ones. */
export const FIRST_SEQUENCE = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n

export const eventOf = (messages: readonly RawMessage[], from = FIRST_SEQUENCE): KinesisStreamEvent => ({
  Records: messages.map((message, i) =>
    kinesisRecord(envelopeBytes(message), from + BigInt(i), keyOf(message), message.receivedAt),
  ),
})

/** The sweep puts a tick under its device. */
const keyOf = ({ topic, payload }: RawMessage): string =>
  topic === '$tick'
    ? (JSON.parse(Buffer.from(payload).toString()) as { thing: string }).thing
    : partitionKeyOf(topic)

/** What handlers use of Lambda's context. */
export const contextOf = (remainingMs = 60_000) => ({
  getRemainingTimeInMillis: () => remainingMs,
  functionName: 'test',
  awsRequestId: 'request',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:test',
})
