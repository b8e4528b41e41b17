import { describe, expect, it } from 'vitest'
import { openTail } from '../../src/adapters/local/tail/schema.ts'
import { createTailOutput } from '../../src/adapters/local/tail/tail-output.ts'
import { createTailReader } from '../../src/adapters/local/tail/tail-reader.ts'
import { createTailWriter } from '../../src/adapters/local/tail/tail-writer.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { createFold } from '../../src/pipeline/fold.ts'
import { createRunner } from '../../src/pipeline/runner.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import type { Output } from '../../src/ports/output.ts'
import type { RawRecord } from '../../src/ports/raw-record.ts'
import { createBoxStates } from '../../local/box-states.ts'
import { createStoreGate, StoreBehind } from '../../local/store-gate.ts'
import { deviceType, plantDevice, T0 } from '../support/harness.ts'

/** A box's pipeline whose store can be stopped, with the journal as a list. */
function boxWithStoppableStore(mostBytes: number) {
  const db = openTail(':memory:')
  const writer = createTailWriter(db)
  const pipelines = tradePipelines()
  const config = configuration([plantDevice('p1'), deviceType({ m: { high: 1e6 } })])
  const journal: RawRecord[] = []
  const alarms: string[] = []
  const caughtUp: number[] = []
  let stopped = false
  let waiting: (() => void)[] = []
  const output = createTailOutput(async (batch) => {
    if (stopped) await new Promise<void>((resolve) => waiting.push(resolve))
    writer.apply(batch)
    writer.commit(batch.checkpoint !== null)
  }, [])
  const fold = createFold({
    stages: {
      plant: pipelines.plant.stages,
      fleet: pipelines.fleet.stages,
      building: pipelines.building.stages,
    },
    configuration: config,
  })
  const layouts = Object.values(pipelines).map((p) => p.layout)
  const runnerOver = (states: ReturnType<typeof createBoxStates>, out: Output, heard: string[]) =>
    createRunner({
      fold,
      states,
      output: out,
      deliver: async (entries) =>
        void heard.push(...entries.flatMap((e) => (e.kind === 'transition' ? [e.transition.id] : []))),
      requestRebirth: () => {},
    })
  const states = createBoxStates(layouts, () => pipelines.plant.layout, [], [])
  const gate = createStoreGate({
    output,
    mostBytes,
    recover: async () => writer.recover(),
    readJournal: async (from) => journal.slice(from - 1, from + 9),
    silentRunner: (c, out) =>
      runnerOver(
        createBoxStates(layouts, () => pipelines.plant.layout, c.states, c.births),
        out,
        [],
      ),
    head: () => journal.length,
    pause: async () => () => {},
    caughtUp: () => void caughtUp.push(journal.length),
    log: () => {},
  })
  const runner = runnerOver(states, gate, alarms)
  return {
    gate,
    alarms,
    caughtUp,
    send: async (value: number) => {
      const at = T0 + journal.length * 1000
      const record: RawRecord = {
        topic: 'dt/plant/p1/telemetry',
        client: 'p1',
        receivedAt: at,
        position: BigInt(journal.length + 1),
        payload: Buffer.from(JSON.stringify({ at, measures: { m: value } })),
      }
      journal.push(record)
      await runner.run([record])
    },
    checkpoint: () => output.checkpoint({ position: journal.length, ...states.takeChanged() }),
    stop: () => void (stopped = true),
    go: async () => {
      stopped = false
      for (const resume of waiting.splice(0)) resume()
      await new Promise((resolve) => setImmediate(resolve))
    },
    facts: () => createTailReader(db).facts({ type: 'zone', from: 0, to: 9e12, limit: 10 }),
    stored: () =>
      createTailReader(db)
        .readings({ thing: 'p1', from: 0, to: 9e12, limit: 1e6 })
        .map((r) => r.value),
  }
}

describe('a store that stands still', () => {
  it('is left behind without stopping alarms, and misses nothing in the end', async () => {
    const box = boxWithStoppableStore(2000)
    for (let i = 0; i < 5; i++) await box.send(i)
    await box.checkpoint()
    box.stop()
    for (let i = 5; i < 60; i++) await box.send(i)
    await box.send(2e6)
    expect(box.alarms).toHaveLength(1)
    expect(box.gate.detached()).toBe(true)
    expect(box.stored()).toHaveLength(5)
    await box.gate.mend()
    expect(box.gate.detached()).toBe(true)

    await box.go()
    await box.gate.mend()
    expect(box.gate.detached()).toBe(false)
    await box.send(61)
    await box.checkpoint()
    expect(box.stored()).toEqual([...Array.from({ length: 60 }, (_, i) => i), 2e6, 61])
    expect(box.alarms).toHaveLength(2)
  })

  it('is handed nothing meanwhile that no journal can repeat', async () => {
    const box = boxWithStoppableStore(2000)
    const fact = { type: 'zone', thing: 'p1', key: 'k', at: T0, until: T0, version: T0, value: {} }
    await box.gate.settle([{ kind: 'fact', fact }])
    expect(box.facts()).toEqual([{ ...fact }])
    box.stop()
    for (let i = 0; i < 60; i++) await box.send(i)
    await expect(box.gate.settle([{ kind: 'fact', fact: { ...fact, key: 'later' } }])).rejects.toThrow(
      StoreBehind,
    )
    await box.go()
    await box.gate.mend()
    expect(box.facts()).toHaveLength(1)
    expect(box.caughtUp).toEqual([60])
    await box.gate.settle([{ kind: 'fact', fact: { ...fact, key: 'later' } }])
    expect(box.facts()).toHaveLength(2)
  })
})
