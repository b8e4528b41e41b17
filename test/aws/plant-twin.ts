import type { KinesisStreamEvent, KinesisStreamBatchResponse } from 'aws-lambda'
import { pipelineHandler } from '../../lambdas/middleware/pipeline.ts'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoQuarantineWriter } from '../../src/adapters/aws/dynamo/dynamo-quarantine.ts'
import { dynamoStateStore } from '../../src/adapters/aws/dynamo/dynamo-state-store.ts'
import { effectsOf, kinesisOutput } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { openTail } from '../../src/adapters/local/tail/schema.ts'
import { createTailOutput } from '../../src/adapters/local/tail/tail-output.ts'
import { createTailReader } from '../../src/adapters/local/tail/tail-reader.ts'
import { createTailWriter } from '../../src/adapters/local/tail/tail-writer.ts'
import type { Change } from '../../src/core/device/profile.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import { dynamoDouble } from './dynamo-double.ts'
import { kinesisDouble } from './kinesis-double.ts'
import { contextOf, FIRST_SEQUENCE } from './kinesis-event.ts'
import type { Item } from '../../src/adapters/aws/dynamo/item.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'

const pipelines = tradePipelines()

/** The box's tail numbers records with integers of its own; Kinesis needs 186 bits. */
const withSmallPosition = (effect: DataEffect): DataEffect =>
  effect.kind === 'readings'
    ? { ...effect, batch: { ...effect.batch, position: effect.batch.position - FIRST_SEQUENCE } }
    : effect

/** Whether an event still waits to be told is compared by itself. */
const withoutTelling = (item: Item): Item => {
  if (!item['entry']?.S?.startsWith('event#')) return item
  const { state: _, transition: __, ...event } = item
  return event
}

/** Asked before every effect of an invocation; it may wait, or never come back. */
export type Gate = (effect: string) => Promise<void>
export const open: Gate = async () => {}

/** The plant function over stores in memory that outlive its invocations, each of which is a process of its own. */
export function plantTwin(changes: readonly Change[], now: () => number, sliceSize = 500) {
  let gate: Gate = open
  const pass = async (name: string): Promise<void> => gate(name)
  const double = dynamoDouble({ pageSize: 100 })
  const stream = kinesisDouble()
  const told: string[] = []

  /** `given` is the configuration that this invocation knows, if not the one of the others. */
  function invoke(
    event: KinesisStreamEvent,
    own: Gate = open,
    given = changes,
  ): Promise<KinesisStreamBatchResponse> {
    const dynamo = { send: async (command: { constructor: { name: string } }) => (await own(command.constructor.name), await pass(''), double.client.send(command as never)) } as unknown as typeof double.client // prettier-ignore
    const kinesis = { send: async (command: unknown) => (await own('PutRecords'), stream.client.send(command as never)) } as unknown as typeof stream.client // prettier-ignore
    const handler = pipelineHandler({
      pipelines,
      configuration: async () => configuration(given),
      states: dynamoStateStore({ dynamo, stateTable: 'State', birthsTable: 'Births', layouts: [pipelines.plant.layout], fresh: pipelines.plant.layout }), // prettier-ignore
      output: kinesisOutput(kinesis, 'out', dynamoQuarantineWriter(dynamo, 'Quarantine', 90)),
      alarmBook: dynamoAlarmBook(dynamo, 'AlarmBook'),
      notifier: () => ({ notify: async ({ id }) => (await own('notify'), void told.push(id)) }),
      commands: () => ({ accept: async () => {} }),
      requests: () => ({ answer: async () => {} }),
      publish: async () => {},
      passed: async () => {},
      trade: 'plant',
      hotMs: 30 * 86_400_000,
      sliceSize,
      clock: { now, elapsed: now },
      count: () => {},
      warn: () => {},
    })
    return handler(event, contextOf())
  }

  /** What the stores end up with: the effects go through the box's own tail. */
  function stored(things: readonly string[]) {
    const db = openTail(':memory:')
    const writer = createTailWriter(db)
    const output = createTailOutput(async (batch) => {
      writer.apply(batch)
      writer.commit(false)
    }, [])
    for (const { data } of stream.puts) void output.write(effectsOf(data).map(withSmallPosition))
    const reader = createTailReader(db)
    const all = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 100_000 }
    const result = {
      readings: things.map((thing) => reader.readings({ thing, ...all })),
      windows: things.map((thing) => reader.windows({ thing, ...all })),
      anomalies: things.map((thing) => reader.anomalies({ thing, ...all })),
      book: double.items('AlarmBook').map((item) => JSON.stringify({ ...withoutTelling(item), revision: null })).sort(), // prettier-ignore
      quarantine: double.items('Quarantine').map((item) => item['id']?.S).sort(), // prettier-ignore
      states: double.items('State').map((item) => [item['thing']?.S, Buffer.from(item['b']?.B ?? item['z']?.B ?? []).toString('hex')]).sort(), // prettier-ignore
    }
    db.close()
    return result
  }

  return {
    invoke,
    stored,
    told,
    double,
    setGate: (next: Gate) => void (gate = next),
    book: dynamoAlarmBook(double.client, 'AlarmBook'),
  }
}
