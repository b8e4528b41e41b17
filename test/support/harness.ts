import { sqliteAlarmBook } from '../../src/adapters/local/book/sqlite-alarm-book.ts'
import { openBook } from '../../src/adapters/local/book/schema.ts'
import { openTail } from '../../src/adapters/local/tail/schema.ts'
import { createTailOutput } from '../../src/adapters/local/tail/tail-output.ts'
import { createTailReader } from '../../src/adapters/local/tail/tail-reader.ts'
import { createTailWriter } from '../../src/adapters/local/tail/tail-writer.ts'
import type { Change, DeviceType, Learned } from '../../src/core/device/profile.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { createDelivery } from '../../src/pipeline/delivery.ts'
import { createFold } from '../../src/pipeline/fold.ts'
import { createRunner } from '../../src/pipeline/runner.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import { createBoxStates } from '../../local/box-states.ts'
import type { Command, DeviceRequest, Transition } from '../../src/core/alarm/transition.ts'
import type { RawRecord } from '../../src/ports/raw-record.ts'

/** Noon of some day: test times are given relative to it. */
export const T0 = 1_763_812_800_000

export function plantDevice(
  thing: string,
  over: Partial<Extract<Change, { kind: 'device' }>['value'] & object> = {},
): Change {
  return {
    kind: 'device',
    key: thing,
    effectiveFrom: 0,
    value: { thing, trade: 'plant', type: 'pump', status: 'active', attributes: {}, ...over },
  }
}

export const deviceType = (measures: DeviceType['measures'], name = 'pump'): Change => ({
  kind: 'type',
  key: name,
  effectiveFrom: 0,
  value: { name, trade: 'plant', version: 1, measures },
})

export const learned = (thing: string, value: Record<string, Learned>): Change => ({
  kind: 'learned',
  key: thing,
  effectiveFrom: 0,
  value,
})

/** The whole pipeline of the box on one thread with its real stores in memory: records in, questions out. */
export function createHarness(changes: readonly Change[]) {
  const tailDb = openTail(':memory:')
  const writer = createTailWriter(tailDb)
  const reader = createTailReader(tailDb)
  const alarmBook = sqliteAlarmBook(openBook(':memory:'))
  const pipelines = tradePipelines()
  const config = configuration(changes)
  const told: Transition[] = []
  const commands: Command[] = []
  const requests: DeviceRequest[] = []
  const states = createBoxStates(
    Object.values(pipelines).map((p) => p.layout),
    (thing) => pipelines[config.profile(thing, Number.MAX_SAFE_INTEGER)?.device.trade ?? 'plant'].layout,
    [],
    [],
  )
  const output = createTailOutput(async (batch) => {
    writer.apply(batch)
    writer.commit(false)
  }, [])
  const rebirths: string[] = []
  let clock = T0
  const runner = createRunner({
    fold: createFold({
      stages: {
        plant: pipelines.plant.stages,
        fleet: pipelines.fleet.stages,
        building: pipelines.building.stages,
      },
      configuration: config,
    }),
    states,
    output,
    deliver: createDelivery({
      alarmBook,
      clock: { now: () => clock, elapsed: () => clock },
      tells: (t) => t.severity === 'critical',
      tell: (list) => void told.push(...list),
      commands: { accept: async (list) => void commands.push(...list) },
      requests: { answer: async (list) => void requests.push(...list) },
    }),
    requestRebirth: ({ thing }) => void rebirths.push(thing),
  })
  let position = 0n

  /** Gives messages positions and receipts and runs them as one batch. */
  async function send(
    ...messages: { topic: string; payload: object | string | Uint8Array; at?: number; client?: string }[]
  ) {
    const records = messages.map(({ topic, payload, at, client }): RawRecord => {
      clock = at ?? clock
      return {
        topic,
        client: client ?? topic.split('/')[2] ?? '',
        receivedAt: clock,
        payload:
          payload instanceof Uint8Array
            ? payload
            : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
        position: ++position,
      }
    })
    await run(records)
    return records
  }

  const run = (records: readonly RawRecord[]) => runner.run(records)
  const tick = (at: number) => send({ topic: '$tick', payload: {}, at })
  /** Time passes, windows close, repair catches up. */
  async function rest(at: number) {
    await tick(at)
    while (writer.repair(at, 1000) > 0);
    writer.commit(false)
  }
  const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 1_000_000 }

  return {
    send,
    run,
    tick,
    rest,
    states,
    told,
    commands,
    requests,
    output,
    reader,
    config,
    rebirths,
    alarmBook,
    writer,
    readings: (thing: string) => reader.readings({ thing, ...everything }),
    windows: (thing: string) => reader.windows({ thing, ...everything }),
    anomalies: (thing: string) => reader.anomalies({ thing, ...everything }),
    facts: (type: string, thing?: string) =>
      reader.facts({ type, ...(thing === undefined ? {} : { thing }), ...everything }),
    quarantine: () => reader.quarantine.list({ limit: 1000 }),
    dirty: () => tailDb.prepare('SELECT minute FROM dirty').all().length,
  }
}

export type Harness = ReturnType<typeof createHarness>
