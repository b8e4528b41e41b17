import { measures, seeded } from '../load/messages.ts'

export const DEVICES = 500
/** Lately, so that the store takes it for the live stream. */
const START = Date.now() - 400_000
const ROUND_MS = 5000

/** Types and devices as the configuration table has them. */
export const changesFor = (trade: string): object[] => [
  {
    kind: 'type',
    key: 'bench',
    effectiveFrom: 0,
    value: {
      name: 'bench',
      trade,
      version: 1,
      measures: Object.fromEntries(
        measures.map((m) => [m, { low: -1000, high: 1000, ratePerSecond: 1e6, stuckAfter: 1000 }]),
      ),
    },
  },
  ...Array.from({ length: DEVICES }, (_, d) => ({
    kind: 'device',
    key: `d${d}`,
    effectiveFrom: 0,
    value: { thing: `d${d}`, trade, type: 'bench', status: 'active', attributes: {} },
  })),
]

/** An event of one pack of fifty readings (five measures, ten samples) a device: base64 twice, as Kinesis hands it over. */
export function packEvent(trade: string, round: number, sequence: bigint): { Records: object[] } {
  const random = seeded(round + 1)
  const at = START + round * ROUND_MS
  const some = round % 2 === 0 ? measures.slice(0, 5) : measures.slice(5, 10)
  return {
    Records: Array.from({ length: DEVICES }, (_, d) => {
      const payload = JSON.stringify({
        at,
        step: ROUND_MS / 10,
        measures: Object.fromEntries(
          some.map((m) => [
            m,
            Array.from({ length: 10 }, () => Math.round((20 + random() * 60) * 100) / 100),
          ]),
        ),
      })
      const envelope = JSON.stringify({
        data: Buffer.from(payload).toString('base64'),
        topic: `dt/${trade}/d${d}/telemetry`,
        client: `d${d}`,
        receivedAt: at + ROUND_MS,
      })
      return record(Buffer.from(envelope), `d${d}`, sequence + BigInt(d), at + ROUND_MS)
    }),
  }
}

export const record = (
  data: Uint8Array,
  partitionKey: string,
  sequence: bigint,
  arrivedAt: number,
): object => ({
  eventSource: 'aws:kinesis',
  eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/bench',
  kinesis: {
    data: Buffer.from(data).toString('base64'),
    sequenceNumber: String(sequence),
    partitionKey,
    approximateArrivalTimestamp: arrivedAt / 1000,
  },
})
