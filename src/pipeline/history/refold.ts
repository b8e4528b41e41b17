import type { BirthTable } from '../../core/telemetry/birth-table.ts'
import { BadRecord } from '../../core/telemetry/errors.ts'
import type { Column } from '../../core/telemetry/reading.ts'
import { parseTopic } from '../../core/telemetry/topic.ts'
import { ARCHIVED, type RawMessage, type RawRecord } from '../../ports/raw-record.ts'
import { decodeRecord } from '../decode/decode.ts'

export interface Refold {
  /** What to send again for an archived record: nothing where it held no telemetry, or where it was refused then too. */
  messages(record: RawRecord): RawMessage[]
}

/**
 * Turns archived records into messages of the backfill lane with the receipt that they had: what was lost is stored
 * again, what is there stays, and nothing is raised. Sparkplug is decoded here, by the births that were archived
 * before it: sent as it was, it would meet the aliases of today, and its births would replace them.
 */
export function createRefold(): Refold {
  const births = new Map<string, BirthTable>()

  function sparkplug(record: RawRecord): RawMessage[] {
    try {
      const decoded = decodeRecord(record, (thing) => births.get(thing))
      if (decoded.births) births.set(decoded.topic.thing, decoded.births)
      const { trade, thing } = decoded.topic
      return decoded.batches.flatMap(({ child, columns }) =>
        columns.map((column) => ({
          topic: backfillTopic(trade, thing, child),
          client: record.client,
          receivedAt: record.receivedAt,
          payload: Buffer.from(JSON.stringify(nativeMessage(column))),
          replayOf: archived(record),
        })),
      )
    } catch (error) {
      if (error instanceof BadRecord) return []
      throw error
    }
  }

  return {
    messages: (record) => {
      const topic = parseTopic(record.topic)
      if (topic?.format === 'sparkplug') return sparkplug(record)
      if (topic?.format !== 'message') return []
      const { client, receivedAt, payload } = record
      return [
        {
          topic: backfillTopic(topic.trade, topic.thing, topic.child),
          client,
          receivedAt,
          payload: payload.slice(),
          replayOf: archived(record),
        },
      ]
    },
  }
}

/** Marks a message as one that the archive holds already. */
const archived = ({ position }: RawRecord): string => `${ARCHIVED}${position}`

const backfillTopic = (trade: string, thing: string, child: string | null): string =>
  `dt/${trade}/${thing}/backfill${child === null ? '' : `/${child}`}`

function nativeMessage({ measure, unit, at, value, text }: Column): object {
  const [first = 0] = at
  return {
    at: first,
    offsets: Array.from(at, (t) => t - first),
    measures: { [measure]: Array.from(value, (v, i) => text?.[i] ?? (Number.isNaN(v) ? null : v)) },
    ...(unit !== null && { units: { [measure]: unit } }),
  }
}
