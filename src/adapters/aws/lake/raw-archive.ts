import { gunzipSync, gzipSync } from 'node:zlib'
import { dateOf, dayOf } from '../../../core/history/lake-layout.ts'
import { ARCHIVED, type RawMessage } from '../../../ports/raw-record.ts'
import type { LakeFiles } from './lake-files.ts'

/** A line of an archive file: the payload as text where that is what it is, which compresses twice as well as base64. */
interface Line {
  topic: string
  client: string
  receivedAt: number
  text?: string
  data?: string
}

/** The platform's own messages are made anew, not replayed; what is sent again from here is here already. */
const isKept = ({ topic, replayOf = '' }: RawMessage): boolean =>
  !topic.startsWith('$') && !replayOf.startsWith(ARCHIVED)

/** Keeps messages as gzipped lines, a file a batch and day of receipt; the same batch again writes the same files. */
export async function archiveRaw(
  files: Pick<LakeFiles, 'put'>,
  trade: string,
  messages: readonly RawMessage[],
  name: string,
): Promise<void> {
  const byDay = Map.groupBy(messages.filter(isKept), ({ receivedAt }) => dayOf(receivedAt))
  for (const [day, list] of byDay) await files.put(rawKey(trade, day, name), rawFile(list))
}

/** An archive file of these messages. */
export const rawFile = (messages: readonly RawMessage[]): Uint8Array =>
  gzipSync(messages.map((message) => JSON.stringify(lineOf(message))).join('\n'))

const rawKey = (trade: string, day: number, name: string): string =>
  `${rawPrefix(trade, day)}${name}.ndjson.gz`

/** Where a trade's messages of one day of receipt lie. */
export const rawPrefix = (trade: string, day: number): string => `${rawRoot(trade)}dt=${dateOf(day)}/`
export const rawRoot = (trade: string): string => `raw/${trade}/`

function lineOf({ topic, client, receivedAt, payload }: RawMessage): Line {
  const bytes = Buffer.from(payload)
  const text = bytes.toString()
  return Buffer.from(text).equals(bytes)
    ? { topic, client, receivedAt, text }
    : { topic, client, receivedAt, data: bytes.toString('base64') }
}

/** The messages of one archive file, as they were received. */
export function readRaw(bytes: Uint8Array): RawMessage[] {
  const lines = gunzipSync(bytes).toString()
  if (lines === '') return []
  return lines.split('\n').map((line) => {
    const { topic, client, receivedAt, text, data } = JSON.parse(line) as Line
    return { topic, client, receivedAt, payload: text === undefined ? Buffer.from(data ?? '', 'base64') : Buffer.from(text) } // prettier-ignore
  })
}

/** The same message in the lane of buffered history, where it raises nothing; null for what is no telemetry. */
export function asHistory(message: RawMessage): RawMessage | null {
  const topic = message.topic.replace(/^(dt\/[^/]+\/[^/]+)\/telemetry(\/|$)/, '$1/backfill$2')
  return /^dt\/[^/]+\/[^/]+\/backfill(\/|$)/.test(topic) ? { ...message, topic, replayOf: ARCHIVED } : null
}
