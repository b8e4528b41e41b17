import type { BirthTable } from '../../core/telemetry/birth-table.ts'
import { BadRecord } from '../../core/telemetry/errors.ts'
import { limits } from '../../core/telemetry/limits.ts'
import { decodeNativeMessage, parseJson } from '../../core/telemetry/native-message.ts'
import type { Column, EpochMs } from '../../core/telemetry/reading.ts'
import { decodeSenml } from '../../core/telemetry/senml-columns.ts'
import { shown } from '../../core/telemetry/shown.ts'
import { applySparkplug } from '../../core/telemetry/sparkplug.ts'
import {
  parseTopic,
  type RequestTopic,
  type SparkplugTopic,
  type TelemetryTopic,
} from '../../core/telemetry/topic.ts'
import type { RawRecord } from '../../ports/raw-record.ts'
import { readSenmlCbor } from './senml-cbor.ts'
import { readSparkplugPayload } from './sparkplug-payload.ts'
import { decodeUtf8 } from './utf8.ts'

/** One raw record, understood. A request has no batches: its payload is for whoever answers it. */
export interface Decoded {
  topic: TelemetryTopic | SparkplugTopic | RequestTopic
  /** Readings of the topic's thing, or of a child that it speaks for. */
  batches: { child: string | null; columns: Column[] }[]
  /** The edge node's birth table after this record, where it is Sparkplug. */
  births: BirthTable | null
  /** Whether the edge node should be asked for a rebirth (`rebirthCommand`). */
  rebirth: boolean
  died: 'node' | 'device' | null
  /** Metrics that hold no telemetry, with the reason. */
  skipped: { name: string; detail: string }[]
  /** Why to quarantine a Sparkplug record whose births count all the same. */
  refusal: BadRecord | null
}

type DecodableRecord = Pick<RawRecord, 'topic' | 'payload' | 'receivedAt' | 'replayOf'>

/**
 * Decodes a device's raw record by its topic and first byte; `births` gives an edge node's table. All encodings of a
 * message give the same readings. Throws BadRecord, and nothing else, for what cannot be accepted.
 */
export function decodeRecord(
  record: DecodableRecord,
  births: (thing: string) => BirthTable | undefined,
): Decoded {
  const topic = topicOf(record.topic)
  if (!topic)
    throw new BadRecord(
      'bad_topic',
      `topic ${shown(record.topic)}; allowed is dt/<trade>/<thing>/telemetry and its kind (docs/wire-format.md)`,
    )
  if (record.payload.length > limits.payloadBytes)
    throw new BadRecord(
      'too_large',
      `payload has ${record.payload.length} bytes; allowed are ${limits.payloadBytes}`,
    )
  const sentAt = firstReceipt(record)
  if (topic.format === 'sparkplug') return decodeSparkplug(record.payload, sentAt, topic, births(topic.thing))
  if (topic.format === 'request') return plain(topic, [])
  return plain(topic, [{ child: topic.child, columns: decodeMessage(record.payload, sentAt) }])
}

/** A message that leaves its times open means those of its first receipt, also where it is sent again. */
const firstReceipt = ({ receivedAt, replayOf }: DecodableRecord): EpochMs =>
  Number(replayOf?.split('@')[1] ?? receivedAt)

type ParsedTopic = ReturnType<typeof parseTopic>

/** Topics repeat for as long as a device lives. A client that invents topics for ever must not fill the memory. */
const REMEMBERED = 32_768
const remembered = new Map<string, ParsedTopic>()

/** The same as `parseTopic`, for those who ask about every record. */
export function topicOf(text: string): ParsedTopic {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const topic = text.length <= limits.topicLength ? parseTopic(text) : null
  if (remembered.size >= REMEMBERED) remembered.clear()
  if (topic) remembered.set(text, topic)
  return topic
}

const plain = (topic: Decoded['topic'], batches: Decoded['batches']): Decoded => ({
  topic,
  batches,
  births: null,
  rebirth: false,
  died: null,
  skipped: [],
  refusal: null,
})

/** Native JSON, SenML JSON or SenML CBOR, told apart by the first byte. */
export function decodeMessage(payload: Uint8Array, receivedAt: EpochMs): Column[] {
  const first = payload[0]
  // RFC 8949: 0x80 to 0x9f is an array; in UTF-8 these bytes begin no character.
  if (first !== undefined && first >= 0x80 && first <= 0x9f)
    return decodeSenml(readSenmlCbor(payload), receivedAt)
  const message = parseJson(decodeUtf8(payload))
  return Array.isArray(message) ? decodeSenml(message, receivedAt) : decodeNativeMessage(message)
}

function decodeSparkplug(
  payload: Uint8Array,
  receivedAt: EpochMs,
  topic: SparkplugTopic,
  known: BirthTable | undefined,
): Decoded {
  const { table, columns, ...outcome } = applySparkplug(
    known,
    topic,
    readSparkplugPayload(payload),
    receivedAt,
  )
  return { topic, batches: columns, births: table, ...outcome }
}
