import type { RawMessage, RawRecord } from '../../../ports/raw-record.ts'

/** The part of Lambda's Kinesis event that a record is made of. */
export interface KinesisEventRecord {
  kinesis: {
    data: string
    sequenceNumber: string
    /** Seconds, with a fraction. */
    approximateArrivalTimestamp: number
  }
}

/**
 * A raw record out of a Kinesis event: base64 of the rule's envelope, whose `data` is the payload in base64 again.
 * What is no such envelope becomes a record without a topic, which the pipeline quarantines as any other bad one.
 */
export function rawRecordOf({ kinesis }: KinesisEventRecord): RawRecord {
  const position = BigInt(kinesis.sequenceNumber)
  const bytes = Buffer.from(kinesis.data, 'base64')
  const envelope = envelopeOf(bytes)
  if (!envelope) {
    const receivedAt = Math.floor(kinesis.approximateArrivalTimestamp * 1000)
    return { topic: '', client: '', receivedAt, payload: bytes, position }
  }
  const { data, topic, client, receivedAt, replayOf } = envelope
  return {
    topic,
    client,
    receivedAt,
    payload: Buffer.from(data, 'base64'),
    position,
    ...(replayOf !== undefined && { replayOf }),
  }
}

interface Envelope {
  data: string
  topic: string
  client: string
  receivedAt: number
  replayOf?: string
}

function envelopeOf(bytes: Buffer): Envelope | null {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { data, topic, client, receivedAt, replayOf } = value as Record<string, unknown>
  if (typeof data !== 'string' || typeof topic !== 'string' || typeof receivedAt !== 'number') return null
  // AWS: a message that was published over HTTP has no client id that means anything; the rule leaves it out.
  return {
    data,
    topic,
    client: typeof client === 'string' ? client : '',
    receivedAt,
    ...(typeof replayOf === 'string' && { replayOf }),
  }
}

/** The envelope of a message, as the IoT rule would have made it. */
export function envelopeBytes({ topic, client, receivedAt, payload, replayOf }: RawMessage): Buffer {
  const data = Buffer.from(payload).toString('base64')
  return Buffer.from(
    JSON.stringify({ data, topic, client, receivedAt, ...(replayOf !== undefined && { replayOf }) }),
  )
}

/** The device whose order a topic belongs to: the rules' `${topic(3)}`, and `${topic(4)}` for Sparkplug. */
export function partitionKeyOf(topic: string): string {
  const parts = topic.split('/')
  return (parts[0] === 'spBv1.0' ? parts[3] : parts[2]) ?? topic
}
