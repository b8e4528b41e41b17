import type { EpochMs, Position } from '../core/telemetry/reading.ts'

/**
 * The envelope of everything that happens: a device's message untouched, or the platform's own tick or change
 * (topics `$tick` and `$change`). `client` is the identity that the transport proved, empty for the platform itself.
 */
export interface RawMessage {
  topic: string
  client: string
  receivedAt: EpochMs
  payload: Uint8Array
  /** Where it is a replay: position and receipt of the record that this one repeats, as `4711@1763806800000`. */
  replayOf?: string
}

/** Begins `replayOf` of a message that the raw archive holds, and that is sent again from there. */
export const ARCHIVED = 'archive/'

export interface RawRecord extends RawMessage {
  position: Position
}

export const TICK_TOPIC = '$tick'
export const CHANGE_TOPIC = '$change'

/** Time has passed, for every device. */
export const tickMessage = (receivedAt: EpochMs): RawMessage => ({
  topic: TICK_TOPIC,
  client: '',
  receivedAt,
  payload: new Uint8Array([0x7b, 0x7d]), // {}
})

/** Whether a message is of a device or about it: the client's name, a level of the topic, or a JSON text of the payload. */
export const mentions = (
  { topic, client, payload }: Pick<RawMessage, 'topic' | 'client' | 'payload'>,
  thing: string,
): boolean =>
  client === thing || topic.split('/').includes(thing) || Buffer.from(payload).includes(`"${thing}"`)
