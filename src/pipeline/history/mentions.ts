import type { RawMessage } from '../../ports/raw-record.ts'

/** Whether a message is of a device or about it: the client's name, a level of the topic, or a JSON text of the payload. */
export const mentions = ({ topic, client, payload }: Pick<RawMessage, 'topic' | 'client' | 'payload'>, thing: string): boolean =>
  client === thing || topic.split('/').includes(thing) || Buffer.from(payload).includes(`"${thing}"`) // prettier-ignore
