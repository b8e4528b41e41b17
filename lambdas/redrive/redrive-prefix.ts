import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { Entry } from '../../src/adapters/aws/kinesis/put-in-order.ts'
import { barrierTime, type PlacedRecord } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import { asRedriven } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { envelopeBytes, partitionKeyOf } from '../../src/adapters/aws/kinesis/raw-envelope.ts'

export interface RedriveParts {
  s3: Pick<S3Client, 'send'>
  bucket: string
  prefix: string
  /** Names of the streams that a failed batch may come from. */
  tradeStreams: readonly string[]
  outputStream: string
  streamOfTrade(trade: string): string | undefined
  put(stream: string, entries: readonly Entry[]): Promise<void>
  /** Puts a connection event back into the queue of its function. */
  requeue(event: string): Promise<void>
}

export interface Redriven {
  objects: number
  records: number
  /** Objects that hold nothing that could be put back; they stay. */
  left: string[]
}

/**
 * Puts the records of every object below the prefix back into their stream, in the order of the objects' keys, which
 * begin with their time, and deletes an object once its records are in.
 */
export async function redrive(parts: RedriveParts): Promise<Redriven> {
  const { s3, bucket, prefix } = parts
  const done: Redriven = { objects: 0, records: 0, left: [] }
  let token: string | undefined
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token !== undefined && { ContinuationToken: token }),
      }),
    )
    for (const { Key } of page.Contents ?? []) {
      if (Key === undefined) continue
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))
      const text = (await Body?.transformToString()) ?? ''
      const records = Key.startsWith(PRESENCE) ? await requeue(text, parts) : await putBack(Key, text, parts)
      if (records === null) {
        done.left.push(Key)
        continue
      }
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }))
      done.objects++
      done.records += records
    }
    token = page.NextContinuationToken
  } while (token !== undefined)
  return done
}

/** Where the rule of connection events keeps what its queue did not take. */
const PRESENCE = 'rule/presence/'

/** Gives how many records were put back; null for what holds none. */
async function putBack(key: string, text: string, parts: RedriveParts): Promise<number | null> {
  const found = recordsOf(key, text, parts)
  if (!found) return null
  await parts.put(found.stream, found.entries)
  return found.entries.length
}

async function requeue(text: string, { requeue }: RedriveParts): Promise<number | null> {
  const { base64OriginalPayload: data, topic } = (objectOf(text) ?? {}) as Record<string, unknown>
  if (typeof data !== 'string') return null
  // An answer to a command is handed over by its rule with its topic.
  if (typeof topic === 'string' && topic.startsWith('cmd/')) await requeue(JSON.stringify({ topic, data }))
  else await requeue(Buffer.from(data, 'base64').toString())
  return 1
}

function objectOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

function recordsOf(
  key: string,
  text: string,
  parts: RedriveParts,
): { stream: string; entries: Entry[] } | null {
  const value = objectOf(text)
  if (!value) return null
  return key.startsWith('rule/') ? ruleRecord(key, value, parts.streamOfTrade) : batchRecords(value, parts)
}

/** AWS IoT: what an error action is given. The rule's result is the envelope; the original message is there, too. */
function ruleRecord(
  key: string,
  value: unknown,
  streamOfTrade: RedriveParts['streamOfTrade'],
): { stream: string; entries: Entry[] } | null {
  const {
    base64OriginalPayload,
    topic,
    clientId,
    sourceIp: _,
    failures,
  } = value as {
    base64OriginalPayload?: string
    topic?: string
    clientId?: string
    sourceIp?: string
    failures?: { failedAt?: number }[]
  }
  const stream = streamOfTrade(key.split('/')[1] ?? '')
  if (stream === undefined || base64OriginalPayload === undefined || topic === undefined) return null
  const message = {
    // By Basic Ingest a device publishes to the rule's own topic; what follows the rule is its topic.
    topic: topic.replace(/^\$aws\/rules\/[^/]+\//, ''),
    client: clientId ?? '',
    receivedAt: failures?.[0]?.failedAt ?? timeOfKey(key),
    payload: Buffer.from(base64OriginalPayload, 'base64'),
  }
  return { stream, entries: [{ key: partitionKeyOf(message.topic), data: envelopeBytes(message) }] }
}

/** AWS: rule/<trade>/yyyy/MM/dd/HH/…: the hour in which the message was lost. */
function timeOfKey(key: string): number {
  const [, , year, month, day, hour] = key.split('/').map(Number)
  return Date.UTC(year ?? 1970, (month ?? 1) - 1, day, hour)
}

/** AWS Lambda: an S3 destination of a stream is given the whole event in `payload`, as text or as an object. */
function batchRecords(
  value: unknown,
  { tradeStreams, outputStream }: RedriveParts,
): { stream: string; entries: Entry[] } | null {
  const { payload } = value as { payload?: unknown }
  const event = (typeof payload === 'string' ? objectOf(payload) : payload) as
    { Records?: (PlacedRecord & { eventSourceARN: string })[] } | null | undefined
  const records = event?.Records ?? []
  const name = records[0]?.eventSourceARN.split(':stream/')[1]?.split('/')[0]
  const stream = [...tradeStreams, outputStream].find((s) => s === name)
  if (stream === undefined) return null
  return {
    stream,
    entries: records
      // A barrier says that all before it is done, which it no longer is.
      .filter((record) => barrierTime(record) === null)
      .map(({ kinesis }) => {
        const data = Buffer.from(kinesis.data, 'base64')
        return { key: kinesis.partitionKey, data: stream === outputStream ? asRedriven(data) : data }
      }),
  }
}
