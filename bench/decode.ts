import { decodeRecord } from '../src/pipeline/decode/decode.ts'

const topic = 'dt/plant/pump-1/telemetry'
const at = 1_763_806_800_000
const values = Array.from({ length: 50 }, (_, i) => Math.round(7000 + 200 * Math.sin(i)) / 100)

const messages = {
  single: { at, measures: { temperature: 70.1 } },
  pack50: { at, step: 1000, measures: { temperature: values } },
  offsets50: { at, offsets: values.map((_, i) => i * 1000 + (i % 7)), measures: { temperature: values } },
  senml50: values.map((v, i) => ({
    ...(i === 0 && { bn: 'urn:dev:ow:10e2073a01080063:', bt: at / 1000 }),
    n: 'temperature',
    v,
    t: i,
  })),
}

/** Readings decoded per second from each kind of payload, over about `seconds` for each, after a warm-up. */
export function decodeBench(seconds = 1): Record<keyof typeof messages, number> {
  const rate = (message: unknown): number => {
    const payload = new TextEncoder().encode(JSON.stringify(message))
    measure(payload, seconds / 4)
    return Math.round(measure(payload, seconds))
  }
  return {
    single: rate(messages.single),
    pack50: rate(messages.pack50),
    offsets50: rate(messages.offsets50),
    senml50: rate(messages.senml50),
  }
}

function measure(payload: Uint8Array, seconds: number): number {
  const record = { topic, payload, receivedAt: at }
  const start = performance.now()
  let readings = 0
  let elapsedMs = 0
  while (elapsedMs < seconds * 1000) {
    for (let i = 0; i < 500; i++)
      for (const { columns } of decodeRecord(record, () => undefined).batches)
        for (const { at } of columns) readings += at.length
    elapsedMs = performance.now() - start
  }
  return (readings / elapsedMs) * 1000
}
