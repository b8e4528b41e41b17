import { describe, expect, it } from 'vitest'
import { addSeries, emptyState, setReceipt } from '../../src/core/telemetry/device-state.ts'
import { layoutOf } from '../../src/core/telemetry/layout.ts'
import type { BoundStage } from '../../src/core/telemetry/stage.ts'
import { momentsOf } from '../../src/core/window/window.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { writeSparkplugPayload } from '../../src/pipeline/decode/sparkplug-payload.ts'
import { createFold, nothingFolded } from '../../src/pipeline/fold.ts'
import { latestOf } from '../../src/pipeline/latest.ts'
import { tickMessage } from '../../src/ports/raw-record.ts'
import { createHarness, deviceType, plantDevice, T0 } from '../support/harness.ts'

const changes = [
  plantDevice('p1'),
  plantDevice('gw', { type: 'gateway' }),
  plantDevice('child', { gateway: 'gw' }),
  plantDevice('asleep', { status: 'suspended' }),
  deviceType({
    temperature: { unit: 'Cel' },
    energy: { kind: 'counter', unit: 'kW.h' },
    mode: { kind: 'state' },
  }),
]
const say = (topic: string, payload: object | string, at = T0) => ({ topic, payload, at })

async function reasonFor(topic: string, payload: object | string) {
  const harness = createHarness(changes)
  await harness.send(say('dt/plant/p1/telemetry', { at: T0, measures: { temperature: 1 } }))
  await harness.send(
    say(topic, payload),
    say('dt/plant/p1/telemetry', { at: T0 + 1, measures: { temperature: 2 } }),
  )
  expect(
    harness.readings('p1').map((r) => r.value),
    'the neighbours are stored',
  ).toEqual([1, 2])
  return harness.quarantine().map((q) => q.reason)
}

describe('who may speak', () => {
  it.each([
    ['dt/plant/stranger/telemetry', 'unknown_device'],
    ['dt/fleet/p1/telemetry', 'unknown_device'],
    ['dt/plant/asleep/telemetry', 'device_suspended'],
    ['dt/plant/child/telemetry', 'not_its_gateway'],
    ['dt/plant/p1/telemetry/child', 'not_its_gateway'],
    ['dt/plant/gw/telemetry/stranger', 'unknown_device'],
    ['nonsense', 'bad_topic'],
  ])('sets %s aside as %s', async (topic, reason) => {
    expect(await reasonFor(topic, { at: T0, measures: { temperature: 1 } })).toEqual([reason])
  })

  it('keeps nothing of the children that a gateway invents', async () => {
    const harness = createHarness(changes)
    const measures = { temperature: 1 }
    await harness.send(
      ...Array.from({ length: 50 }, (_, i) => say(`dt/plant/gw/telemetry/c${i}`, { at: T0, measures })),
      say('dt/plant/gw/telemetry/child', { at: T0, measures }),
    )
    expect([...harness.states.all()].map(({ thing }) => thing)).toEqual(['child'])
    expect(harness.quarantine()).toHaveLength(50)
  })

  it('lets a gateway speak for its child, in the child’s own name', async () => {
    const harness = createHarness(changes)
    await harness.send(say('dt/plant/gw/telemetry/child', { at: T0, measures: { temperature: 3 } }))
    expect(harness.readings('child').map((r) => r.value)).toEqual([3])
    expect(harness.readings('gw')).toEqual([])
  })
})

describe('a bad record', () => {
  it.each([
    ['{"at":', 'bad_json'],
    [{ at: T0, measures: { temperature: 1 }, units: { temperature: 'kg' } }, 'bad_unit'],
    [{ at: T0, measures: { __proto__x: 1, 'a b': 2 } }, 'bad_name'],
  ])('%j is set aside alone, as %s', async (payload, reason) => {
    expect(await reasonFor('dt/plant/p1/telemetry', payload)).toEqual([reason])
  })

  it('leaves no trace in the state', async () => {
    const harness = createHarness(changes)
    await harness.send(say('dt/plant/p1/telemetry', { at: T0, measures: { temperature: 1 } }))
    const before = harness.states.get('p1')!.bytes.slice()
    await harness.send(
      say('dt/plant/p1/telemetry', {
        at: T0 + 9,
        measures: { fresh: 1, temperature: 2 },
        units: { temperature: 'kg' },
      }),
    )
    expect(harness.states.get('p1')!.bytes).toEqual(before)
    expect(harness.states.get('p1')!.measures).toEqual(['temperature'])
  })
})

describe('a stage that throws on a tick', () => {
  it('leaves no trace in that device’s state, and time passes for the others', () => {
    const layout = layoutOf(200, [])
    const rogue: BoundStage = {
      name: 'rogue',
      step: () => [],
      tick: (state, now) => {
        addSeries(state, 'half-done')
        setReceipt(state, now)
        if (state.thing === 'p1') throw new Error('on the way')
        const window = {
          ...momentsOf(1),
          thing: state.thing,
          measure: 'm',
          minute: 1,
          version: 1,
          repaired: false,
        }
        return [{ kind: 'window', window }]
      },
    }
    const fold = createFold({
      stages: { plant: [rogue], fleet: [], building: [] },
      configuration: configuration([plantDevice('p1'), plantDevice('p2')]),
    })
    const states = new Map(['p1', 'p2'].map((thing) => [thing, emptyState(thing, layout)]))
    const before = states.get('p1')!.bytes.slice()
    const out = nothingFolded()
    fold(
      { ...tickMessage(T0), position: 5n },
      { get: (thing) => states.get(thing)!, all: () => states.values(), births: new Map() },
      out,
    )
    expect(states.get('p1')).toMatchObject({ bytes: before, measures: [], outbox: [] })
    expect(out.quarantined.map(({ reason, detail }) => `${reason} ${detail.slice(0, 21)}`)).toEqual([
      'stage_failed p1: Error: on the way',
    ])
    expect([...out.touched].map(({ thing }) => thing)).toEqual(['p2'])
    expect(out.effects).toHaveLength(1)
  })
})

describe('normalize', () => {
  it('converts to the canonical unit', async () => {
    const harness = createHarness(changes)
    await harness.send(
      say('dt/plant/p1/telemetry', { at: T0, measures: { temperature: 72 }, units: { temperature: 'degF' } }),
    )
    expect(harness.readings('p1')[0]!.value).toBeCloseTo(22.2222222222, 9)
  })

  it('looks up units that no table holds', async () => {
    const harness = createHarness([...changes, deviceType({ flow: { unit: 'L/min' } }, 'pump')])
    await harness.send(
      say('dt/plant/p1/telemetry', { at: T0, measures: { flow: 1 }, units: { flow: '[gal_us]/h' } }),
    )
    expect(harness.readings('p1')[0]!.value).toBeCloseTo(3.785411784 / 60, 9)
  })

  it('gives a slope per minute, and starts afresh when a counter is reset', async () => {
    const harness = createHarness(changes)
    const rising = Array.from({ length: 60 }, (_, i) => 100 + i * 0.5)
    await harness.send(
      say('dt/plant/p1/telemetry', { at: T0, step: 1000, measures: { temperature: rising, energy: rising } }),
    )
    const trend = () => latestOf(harness.states.get('p1')!).map((v) => v.trendPerMinute)
    expect(trend()[0]).toBeCloseTo(30, 3)
    await harness.send(
      say('dt/plant/p1/telemetry', { at: T0 + 60_000, measures: { energy: 0 } }, T0 + 60_000),
    )
    expect(trend()[1]).toBeNull()
  })

  it('has no newest value of a series that only history, or readings ahead of their time, have filled', async () => {
    const harness = createHarness(changes)
    await harness.send(say('dt/plant/p1/backfill', { at: T0 - 9_000_000, measures: { temperature: 1 } }))
    await harness.send(say('dt/plant/p1/telemetry', { at: T0 + 9_000_000, measures: { energy: 1 } }))
    expect(latestOf(harness.states.get('p1')!)).toEqual([])
    await harness.send(say('dt/plant/p1/telemetry', { at: T0, measures: { energy: 2 } }))
    expect(latestOf(harness.states.get('p1')!)).toMatchObject([{ measure: 'energy', at: T0, value: 2 }])
  })

  it('keeps texts beside numbers', async () => {
    const harness = createHarness(changes)
    await harness.send(say('dt/plant/p1/telemetry', { at: T0, measures: { mode: 'auto', temperature: 1 } }))
    await harness.send(
      say('dt/plant/p1/telemetry', { at: T0 + 1000, measures: { mode: 'manual', temperature: 2 } }),
    )
    const texts = harness.readings('p1').filter((r) => r.measure === 'mode')
    expect(texts.map(({ text, value, quality }) => ({ text, value, quality }))).toEqual([
      { text: 'auto', value: null, quality: 'good' },
      { text: 'manual', value: null, quality: 'good' },
    ])
  })
})

describe('a change of configuration', () => {
  it('holds from its moment on, and not for a record received before', async () => {
    const harness = createHarness(changes)
    const change = {
      kind: 'device',
      key: 'new',
      effectiveFrom: T0 + 100,
      value: { ...changes[0]!.value, thing: 'new' },
    }
    const message = (at: number) => say('dt/plant/new/telemetry', { at, measures: { temperature: 1 } }, at)
    await harness.send(say('$change', change, T0), message(T0 + 99), message(T0 + 100))
    expect(harness.readings('new').map((r) => r.at - T0)).toEqual([100])
    expect(harness.quarantine().map((q) => q.reason)).toEqual(['unknown_device'])
  })
})

describe('Sparkplug', () => {
  it('stores history within a live message, and lets it move nothing', async () => {
    const harness = createHarness(changes)
    const value = (v: number) => ({ field: 'double', value: v }) as const
    const metric = { name: 'temperature', alias: null, datatype: 10, timestamp: T0 }
    const metrics = [
      { ...metric, value: value(20) },
      { ...metric, timestamp: T0 + 10, value: value(99), historical: true as const },
    ]
    const payload = writeSparkplugPayload({ timestamp: T0, seq: 0, metrics })
    await harness.send({ topic: 'spBv1.0/plant/NBIRTH/p1', payload, at: T0 })
    expect(harness.readings('p1').map(({ value, quality }) => [value, quality])).toEqual([
      [20, 'good'],
      [99, 'backfilled'],
    ])
    expect(latestOf(harness.states.get('p1')!)).toMatchObject([{ at: T0, value: 20 }])
  })

  it('asks for a rebirth when an alias is unknown', async () => {
    const harness = createHarness(changes)
    const data = writeSparkplugPayload({
      timestamp: T0,
      seq: 1,
      metrics: [
        { name: null, alias: '7', timestamp: T0, datatype: null, value: { field: 'double', value: 1 } },
      ],
    })
    await harness.send({ topic: 'spBv1.0/plant/NDATA/p1', payload: data, at: T0 })
    expect(harness.rebirths).toEqual(['p1'])
    expect(harness.quarantine().map((q) => q.reason)).toEqual(['unknown_alias'])
  })
})
