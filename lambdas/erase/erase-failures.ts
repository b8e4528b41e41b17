import { rawRecordOf } from '../../src/adapters/aws/kinesis/raw-envelope.ts'
import { withoutThing } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { mentions } from '../../src/ports/raw-record.ts'

interface Failed {
  kinesis: { data: string; sequenceNumber: string; approximateArrivalTimestamp: number; partitionKey: string }
  eventSourceARN: string
}

/**
 * What lies in the failure bucket without what is of a device: a lost message goes whole, a batch that failed loses the
 * device's records. Undefined where nothing of it is there, null where nothing is left.
 */
export function withoutDevice(text: string, thing: string, outputStream: string): string | null | undefined {
  const value = objectOf(text)
  const payload = value?.['payload']
  const event = (typeof payload === 'string' ? objectOf(payload) : payload) as
    { Records?: Failed[] } | null | undefined
  if (!Array.isArray(event?.Records)) return isOf(value, text, thing) ? null : undefined
  let changed = false
  const Records = event.Records.flatMap((record): Failed[] => {
    const { data } = record.kinesis
    const isOutput = record.eventSourceARN.split(':stream/')[1]?.split('/')[0] === outputStream
    if (!isOutput) {
      if (!mentions(rawRecordOf(record), thing)) return [record]
      changed = true
      return []
    }
    const kept = withoutThing(Buffer.from(data, 'base64'), thing)
    if (kept === undefined) return [record]
    changed = true
    return kept === null ? [] : [{ ...record, kinesis: { ...record.kinesis, data: Buffer.from(kept).toString('base64') } }] // prettier-ignore
  })
  if (!changed) return undefined
  if (Records.length === 0) return null
  const kept = { ...event, Records }
  return JSON.stringify({ ...value, payload: typeof payload === 'string' ? JSON.stringify(kept) : kept })
}

/** A message that a rule lost, with its payload in base64; or whatever else names the device. */
function isOf(value: Readonly<Record<string, unknown>> | null, text: string, thing: string): boolean {
  const { topic, clientId, base64OriginalPayload: data } = value ?? {}
  if (typeof data !== 'string') return text.includes(`"${thing}"`)
  const textOf = (field: unknown): string => (typeof field === 'string' ? field : '')
  return mentions(
    { topic: textOf(topic), client: textOf(clientId), payload: Buffer.from(data, 'base64') },
    thing,
  )
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
