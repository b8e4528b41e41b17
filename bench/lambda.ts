import { bundle, coldImportMs, handlerNames, type Bundle } from './lambda/bundle.ts'
import { env } from './lambda/environment.ts'
import { memoryCloud, replaceSdk } from './lambda/sdk-doubles.ts'
import { changesFor, DEVICES, packEvent, record } from './lambda/traffic.ts'

const READINGS_A_PACK = 50
const WARM_ROUNDS = 10
const ROUNDS = 60

type Handler = (event: unknown, context: object) => Promise<{ batchItemFailures?: unknown[] }>
const context = { getRemainingTimeInMillis: () => 900_000, awsRequestId: 'r', functionName: 'bench' }

/**
 * Each handler, bundled as it is deployed, driven with events as Kinesis hands them over. Readings a CPU second of the
 * whole process; the SDK's clients are replaced by memory, so neither its work nor the network's is in the figure.
 */
export async function lambda(): Promise<Record<string, unknown>> {
  Object.assign(process.env, env)
  const bundles = new Map<string, Bundle>()
  for (const name of handlerNames) bundles.set(name, await bundle(name))
  const handlers: Record<
    string,
    { bundleBytes: number; coldImportMs: number; readingsPerSecond: number | null }
  > = {}
  for (const [name, { file, bundleBytes }] of bundles)
    handlers[name] = { bundleBytes, coldImportMs: coldImportMs(file, env), readingsPerSecond: null }

  let cloud = memoryCloud([])
  await replaceSdk([...new Set([...bundles.values()].flatMap((b) => b.packages))], (command) =>
    cloud.send(command),
  )
  globalThis.fetch = async () => new Response('{"results":[]}')
  const load = async (name: string): Promise<Handler> =>
    ((await import(bundles.get(name)!.file)) as { handler: Handler }).handler

  let commitsPerBatch = 0
  let stateBytes = 0
  let outputs: Uint8Array[] = []
  for (const trade of ['plant', 'fleet', 'building']) {
    cloud = memoryCloud(changesFor(trade))
    const events = Array.from({ length: WARM_ROUNDS + ROUNDS }, (_, i) =>
      packEvent(trade, i, 10n ** 55n + BigInt(i * 1000)),
    )
    handlers[trade]!.readingsPerSecond = await drive(await load(trade), events, DEVICES * READINGS_A_PACK)
    if (trade !== 'plant') continue
    const raw = events.slice(0, 12).map((event) => ({
      Records: event.Records.map((r) => ({
        ...r,
        eventSourceARN: 'arn:aws:kinesis:eu-central-1:1:stream/p',
      })),
    }))
    handlers['raw']!.readingsPerSecond = await drive(await load('raw'), raw, DEVICES * READINGS_A_PACK, 2)
    const failed = raw.map((event, i): [string, Uint8Array] => [
      `aws/lambda/${i}`,
      Buffer.from(JSON.stringify({ payload: JSON.stringify(event) })),
    ])
    for (const [key, body] of failed) cloud.objects.set(key, body)
    handlers['redrive']!.readingsPerSecond = await drive(
      await load('redrive'),
      [{ prefix: 'aws/lambda/' }],
      failed.length * DEVICES * READINGS_A_PACK,
      0,
    )
    const messages = (raw as unknown as { Records: { kinesis: { data: string } }[] }[])[0]!.Records.map(
      ({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as object,
    )
    handlers['put-record']!.readingsPerSecond = await drive(
      await load('put-record'),
      messages,
      READINGS_A_PACK,
      100,
    )
    commitsPerBatch = cloud.counts.stateWrites / ((WARM_ROUNDS + ROUNDS) * DEVICES)
    stateBytes = cloud.counts.stateBytes
    outputs = cloud.outputs
  }
  for (const name of ['store', 'archive']) {
    const size = Math.floor(outputs.length / 12)
    const events = Array.from({ length: 12 }, (_, i) => ({
      Records: outputs
        .slice(i * size, (i + 1) * size)
        .map((data, n) => record(data, 'k', BigInt(i * size + n + 1), Date.now())),
    }))
    const readings = outputs.slice(0, size * 12).reduce((sum, data) => sum + readingsIn(data), 0) / 12
    cloud.objects.clear()
    handlers[name]!.readingsPerSecond = await drive(await load(name), events, readings, 2)
    if (name !== 'archive') continue
    // What has just landed, its day being long over.
    const scheduledAt = new Date(Date.now() + 3 * 86_400_000).toISOString()
    const landed = outputs.slice(0, size * 12).reduce((sum, data) => sum + readingsIn(data), 0)
    const plan = await load('compact')
    await plan({ scheduledAt }, context)
    const due = cloud.messages.map((body) => ({ Records: [{ body }] }))
    handlers['publish']!.readingsPerSecond = await drive(await load('publish'), due, landed / due.length, 0)
  }
  return {
    bench: 'lambda',
    handlers,
    largestBundleBytes: Math.max(...Object.values(handlers).map((h) => h.bundleBytes)),
    plantReadingsPerSecond: handlers['plant']!.readingsPerSecond,
    stateBytes,
    commitsPerBatch,
  }
}

async function drive(
  handler: Handler,
  events: readonly object[],
  readingsAnEvent: number,
  warm = WARM_ROUNDS,
): Promise<number> {
  for (const event of events.slice(0, warm)) await handler(event, context)
  const start = process.cpuUsage()
  for (const event of events.slice(warm)) {
    const answer = await handler(event, context)
    if ((answer?.batchItemFailures?.length ?? 0) > 0) throw new Error('the handler gave records back')
  }
  const { user, system } = process.cpuUsage(start)
  return Math.round((readingsAnEvent * (events.length - warm)) / ((user + system) / 1e6))
}

/** Values in a record of the output stream. */
function readingsIn(data: Uint8Array): number {
  return Buffer.from(data)
    .toString()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; columns?: { v: unknown[] }[] })
    .reduce((sum, { columns = [] }) => sum + columns.reduce((n, { v }) => n + v.length, 0), 0)
}
