import type { Position } from '../../../core/telemetry/reading.ts'
import type { RawMessage } from '../../../ports/raw-record.ts'
import { envelopeBytes, partitionKeyOf } from './raw-envelope.ts'
import { putInOrder, type Kinesis } from './put-in-order.ts'

/** Puts messages into a trade's stream as if they had been received, each device's in their order. */
export const rawStream =
  (kinesis: Kinesis, stream: string) =>
  async (messages: readonly RawMessage[], keyOf?: (message: RawMessage) => string): Promise<Position[]> => {
    const entries = messages.map((message) => ({
      key: keyOf?.(message) ?? partitionKeyOf(message.topic),
      data: envelopeBytes(message),
    }))
    return (await putInOrder(kinesis, stream, entries)).map(BigInt)
  }
