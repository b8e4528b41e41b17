import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { Place } from '../../src/adapters/aws/lake/landing.ts'

/** AWS: the most messages of one call. */
const MESSAGES_AT_ONCE = 10

/**
 * Puts one message a place into a FIFO queue, in a group of its own: AWS hands out no second message of a group while
 * one is in flight, so two runs on one place never meet. A place that is asked for again meanwhile finds nothing to do.
 */
export async function enqueue(
  sqs: Pick<SQSClient, 'send'>,
  queue: string,
  places: readonly Place[],
  run: string,
  more: { erase?: string; rebuild?: true } = {},
): Promise<void> {
  for (let i = 0; i < places.length; i += MESSAGES_AT_ONCE) {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queue,
        Entries: places.slice(i, i + MESSAGES_AT_ONCE).map((place, n) => {
          const group = `${place.table}-${place.day}-${place.bucket}`
          return {
            Id: String(n),
            MessageGroupId: group,
            MessageDeduplicationId: `${group}-${run.replaceAll(/[^\w]/g, '')}`,
            MessageBody: JSON.stringify({ ...place, ...more }),
          }
        }),
      }),
    )
    if (Failed.length > 0)
      throw new Error(`the queue refused ${Failed.length} messages: ${Failed[0]?.Message}`)
  }
}
