import { describe, expect, it } from 'vitest'
import { foldedUntil, storeCaughtUp } from '../../lambdas/jobs/store-passed.ts'
import { runMinute } from '../../lambdas/jobs/run-minute.ts'
import { pipelineHandler } from '../../lambdas/middleware/pipeline.ts'
import { STORE, storeHandler } from '../../lambdas/store/store-effects.ts'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { dynamoMarkBook } from '../../src/adapters/aws/dynamo/dynamo-mark-book.ts'
import { dynamoRepairBound } from '../../src/adapters/aws/dynamo/dynamo-repair-bound.ts'
import { dynamoStateStore } from '../../src/adapters/aws/dynamo/dynamo-state-store.ts'
import { BARRIERS_A_LANE, putBarriers } from '../../src/adapters/aws/kinesis/barrier.ts'
import { barrierTime, passedBarriers } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import { effectsOf, kinesisOutput } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { dynamoJobLedger } from '../../src/adapters/aws/trades/dynamo-job-ledger.ts'
import { dynamoWorkOrders } from '../../src/adapters/aws/trades/dynamo-work-orders.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import type { Reading } from '../../src/ports/telemetry-reader.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'
import { contextOf, kinesisRecord } from '../aws/kinesis-event.ts'
import { shardedStream } from '../aws/sharded-stream.ts'
import { deviceType, plantDevice, T0 } from '../support/harness.ts'

const MINUTE = 60_000

/** The streams, tables and functions that jobs depend on, over doubles: mappings run when the test says so. */
function deployment() {
  const dynamo = dynamoDouble({ pageSize: 100 })
  const [telemetry, output] = [shardedStream('telemetry', 2), shardedStream('output', 2)]
  const passed = passedBarriers(dynamo.client, 'Progress')
  let now = T0
  const clock = { now: () => now, elapsed: () => now }
  const stored: DataEffect[] = []
  const { layout } = tradePipelines().plant
  const pipeline = pipelineHandler({
    pipelines: tradePipelines(),
    configuration: async () => configuration([plantDevice('pump-1'), deviceType({ temperature: {} })]),
    states: dynamoStateStore({ dynamo: dynamo.client, stateTable: 'State', birthsTable: 'Births', layouts: [layout], fresh: layout }), // prettier-ignore
    output: kinesisOutput(output.client, 'output', () => {}),
    alarmBook: dynamoAlarmBook(dynamo.client, 'AlarmBook'),
    notifier: () => ({ notify: async () => {} }),
    commands: () => ({ accept: async () => {} }),
    requests: () => ({ answer: async () => {} }),
    publish: async () => {},
    passed: passed.note,
    trade: 'plant',
    hotMs: 30 * 86_400_000,
    clock,
    count: () => {},
    warn: () => {},
  })
  const store = storeHandler({
    store: {
      write: async (effects) => void stored.push(...effects.filter((e) => e.kind !== 'window')),
      writeWindows: async (windows) => {
        stored.push(...windows.map((window) => ({ kind: 'window', window }) as const))
        return []
      },
    },
    bound: dynamoRepairBound(dynamo.client, 'Progress'),
    facts: dynamoFacts(dynamo.client, 'Facts'),
    marks: dynamoMarkBook(dynamo.client, 'Marks'),
    passed: passed.note,
    clock,
    onFailure: () => {},
  })
  const parts = {
    kinesis: telemetry.client,
    passed,
    tradeStreams: new Map([['plant', 'telemetry']]),
    outputStream: 'output',
    parallelization: 1,
    now: clock.now,
    patienceMs: 0,
  }
  return {
    dynamo,
    telemetry,
    output,
    stored,
    passed,
    clock,
    parts,
    at: (time: number) => void (now = time),
    runPipeline: () => telemetry.drain(async (event) => pipeline(event, contextOf())),
    runStore: () => output.drain(async (event) => store(event, contextOf())),
  }
}

describe('foldedUntil', () => {
  it('is the oldest barrier that every lane of every open shard has passed', async () => {
    const d = deployment()
    expect(await foldedUntil(d.parts)).toBe(-Infinity)
    await putBarriers(d.telemetry.client, 'telemetry', T0, BARRIERS_A_LANE)
    expect(await foldedUntil(d.parts)).toBe(-Infinity)
    await d.runPipeline()
    expect(await foldedUntil(d.parts)).toBe(T0)
    await putBarriers(d.telemetry.client, 'telemetry', T0 + MINUTE, BARRIERS_A_LANE)
    d.telemetry.hold(1) // one shard is behind
    await d.runPipeline()
    expect(await foldedUntil(d.parts)).toBe(T0)
    d.telemetry.hold(null)
    await d.runPipeline()
    expect(await foldedUntil(d.parts)).toBe(T0 + MINUTE)
  })

  it('asks nothing of shards that are closed, and waits for those that they became', async () => {
    const d = deployment()
    await putBarriers(d.telemetry.client, 'telemetry', T0, BARRIERS_A_LANE)
    await d.runPipeline()
    d.telemetry.split(0)
    expect(await foldedUntil(d.parts)).toBe(-Infinity)
    await putBarriers(d.telemetry.client, 'telemetry', T0 + MINUTE, BARRIERS_A_LANE)
    await d.runPipeline()
    expect(await foldedUntil(d.parts)).toBe(T0 + MINUTE)
  })
})

describe('storeCaughtUp', () => {
  it('is true only once the store has handled what was written before', async () => {
    const d = deployment()
    const parts = { ...d.parts, kinesis: d.output.client }
    expect(await storeCaughtUp(parts, STORE)).toBe(false)
    await d.runStore()
    d.at(T0 + 1)
    expect(await storeCaughtUp({ ...parts, passed: { newest: async (name) => (await d.runStore(), d.passed.newest(name)) } }, STORE)).toBe(true) // prettier-ignore
  })
})

describe('barriers', () => {
  it('leave no trace in states, quarantine or output', async () => {
    const d = deployment()
    await putBarriers(d.telemetry.client, 'telemetry', T0, BARRIERS_A_LANE)
    await d.runPipeline()
    expect(d.dynamo.items('Quarantine')).toEqual([])
    expect(d.dynamo.items('State')).toEqual([])
    expect(d.output.puts).toEqual([])
  })

  it('cannot be forged by a device, whose messages carry their own topic', () => {
    const forged = { topic: 'dt/plant/barrier-0/telemetry', client: 'barrier-0', receivedAt: T0, data: '' }
    const record = kinesisRecord(Buffer.from(JSON.stringify(forged)), 1n, 'barrier-0')
    expect(barrierTime(record)).toBeNull()
  })
})

describe('runMinute', () => {
  const minute = Math.floor(T0 / MINUTE)
  const reading = (at: number, value: number): Reading => ({ measure: 'temperature', at, value, text: null, quality: 'good', receivedAt: T0 }) // prettier-ignore

  async function run(d: ReturnType<typeof deployment>, stored: boolean, folded: number) {
    const warned: string[] = []
    const readings = [reading(minute * MINUTE, 20), reading(minute * MINUTE + 1000, 22)]
    const done = await runMinute({
      sources: {
        reader: {
          readings: async () => readings,
          windows: async () => d.stored.flatMap((e) => (e.kind === 'window' ? [e.window] : [])),
          anomalies: async () => [],
          facts: dynamoFacts(d.dynamo.client, 'Facts').facts,
        },
        alarms: dynamoAlarmBook(d.dynamo.client, 'AlarmBook'),
        configuration: configuration([plantDevice('pump-1'), deviceType({ temperature: {} })]),
        orders: dynamoWorkOrders(d.dynamo.client, 'WorkOrders'),
        weather: { forecast: async () => ({ source: 'none', stale: false, hours: [] }) },
        models: { score: async () => null },
        machines: { look: async () => null },
      },
      ledger: dynamoJobLedger(d.dynamo.client, 'Progress'),
      marks: dynamoMarkBook(d.dynamo.client, 'Marks'),
      bound: dynamoRepairBound(d.dynamo.client, 'Progress'),
      output: kinesisOutput(d.output.client, 'output', () => {}),
      facts: dynamoFacts(d.dynamo.client, 'Facts'),
      alarmBook: dynamoAlarmBook(d.dynamo.client, 'AlarmBook'),
      notifier: { notify: async () => {} },
      commands: { accept: async () => {} },
      setPoints: { apply: async () => {}, standing: async () => ({ desired: null, reported: null }) },
      config: dynamoConfigStore(d.dynamo.client, 'Config', d.clock),
      clock: d.clock,
      foldedUntil: async () => folded,
      storeCaughtUp: async () => stored,
      afterRepair: async () => {},
      warn: (message) => void warned.push(message),
    })
    return { done, warned }
  }

  it('repairs what is dirty from what is stored, and writes through the output', async () => {
    const d = deployment()
    d.at((minute + 10) * MINUTE)
    const marks = dynamoMarkBook(d.dynamo.client, 'Marks')
    await marks.put([{ thing: 'pump-1', minute, stamp: 'a' }])
    const { done } = await run(d, true, Infinity)
    expect(done).toMatchObject({ repaired: 1, failed: [], stored: true })
    const [effect] = d.output.puts.flatMap(({ data }) => effectsOf(data))
    expect(effect).toMatchObject({
      kind: 'window',
      window: { thing: 'pump-1', minute, n: 2, sum: 42, repaired: true },
    })
    expect(await marks.of('pump-1', 0, minute + 1)).toEqual([])
  })

  it('runs every job that is due once a minute is folded and stored, and then no job twice', async () => {
    const d = deployment()
    d.at((minute + 10) * MINUTE)
    await run(d, true, Infinity)
    const finished = () => d.dynamo.items('Progress').filter((i) => i['name']?.S?.startsWith('job/')).map((i) => [i['name']?.S, i['value']?.N]).sort() // prettier-ignore
    const first = finished()
    expect(first.map(([name]) => name)).toEqual(['job/critical-maintenance', 'job/energy', 'job/hvac', 'job/learn', 'job/maintenance', 'job/rules', 'job/zone-learning', 'job/zones']) // prettier-ignore
    await run(d, true, Infinity)
    expect(finished()).toEqual(first)
  })

  it('lets jobs wait while pipelines or the store are behind, and repairs nothing from half of it', async () => {
    const d = deployment()
    d.at((minute + 10) * MINUTE)
    await dynamoMarkBook(d.dynamo.client, 'Marks').put([{ thing: 'pump-1', minute, stamp: 'a' }])
    expect((await run(d, false, Infinity)).done).toMatchObject({ repaired: 0, stored: false })
    await run(d, true, minute * MINUTE)
    expect(d.dynamo.items('Progress').filter((i) => i['name']?.S?.startsWith('job/'))).toEqual([])
  })
})
