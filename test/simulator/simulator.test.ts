import { readdirSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { disordered, noTally, type Disorder } from '../../simulator/disorder.ts'
import type { SimulatedEvent, SimulatedMessage } from '../../simulator/message.ts'
import { machineKinds } from '../../simulator/plant/kinds.ts'
import { plantMessages } from '../../simulator/plant/plant.ts'
import { createRandom } from '../../simulator/random.ts'
import { parseBuildingScenario } from '../../simulator/building/building-scenario.ts'
import { parseFleetScenario } from '../../simulator/fleet/scenario.ts'
import { parseScenario, type Scenario } from '../../simulator/scenario.ts'
import { scoreFindings } from '../../simulator/score.ts'
import { severityAt, truthOf } from '../../simulator/truth.ts'
import { decodeNativeMessage } from '../../src/core/telemetry/native-message.ts'

const START = Date.UTC(2026, 0, 1)
const examples = new URL('../../examples/', import.meta.url)
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, examples), 'utf8'))

const scenarioOf = (over: object = {}): Scenario =>
  parseScenario({
    name: 'test',
    seed: 5,
    sampleMs: 500,
    messageMs: 1000,
    machines: [
      { prefix: 'motor-', count: 10, kind: 'motor' },
      { thing: 'pump-1', kind: 'pump' },
      { thing: 'air-1', kind: 'compressor' },
    ],
    ...over,
  })

function take<T>(stream: Iterable<T>, count: number): T[] {
  const taken: T[] = []
  for (const item of stream) {
    taken.push(item)
    if (taken.length === count) break
  }
  return taken
}

const messagesOf = (scenario: Scenario, count: number): SimulatedMessage[] =>
  take(plantMessages(scenario, START), count)

describe('createRandom', () => {
  it('gives uniform and normal numbers with the moments they should have', () => {
    const random = createRandom('moments')
    const n = 50_000
    const uniform = Array.from({ length: n }, random.uniform)
    const normal = Array.from({ length: n }, random.normal)
    const average = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length
    expect(average(uniform)).toBeCloseTo(0.5, 2)
    expect(average(normal)).toBeCloseTo(0, 1)
    expect(average(normal.map((x) => x * x))).toBeCloseTo(1, 1)
    expect(uniform.every((x) => x >= 0 && x < 1)).toBe(true)
  })

  it('forks into sources that do not depend on what was drawn before', () => {
    const fresh = createRandom('x').fork('a').uniform()
    const used = createRandom('x')
    used.uniform()
    expect(used.fork('a').uniform()).toBe(fresh)
    expect(createRandom('x').fork('b').uniform()).not.toBe(fresh)
  })
})

describe('plantMessages', () => {
  const digest = (scenario: Scenario): string =>
    createHash('sha256')
      .update(JSON.stringify(messagesOf(scenario, 2000)))
      .digest('hex')

  it('gives the same bytes for the same seed, others for another', () => {
    expect(digest(scenarioOf())).toBe(digest(scenarioOf()))
    expect(digest(scenarioOf({ seed: 6 }))).not.toBe(digest(scenarioOf()))
  })

  it('gives a machine the same numbers whatever stands beside it', () => {
    const alone = scenarioOf({ machines: [{ thing: 'pump-1', kind: 'pump' }] })
    const beside = messagesOf(scenarioOf(), 600).filter((m) => m.thing === 'pump-1')
    expect(beside.slice(0, 40)).toEqual(messagesOf(alone, 40))
  })

  it('ascends in time and sends messages that the wire takes', () => {
    const messages = messagesOf(scenarioOf(), 500)
    for (const [i, { message, sendAt }] of messages.entries()) {
      expect(sendAt).toBeGreaterThanOrEqual(messages[i - 1]?.sendAt ?? 0)
      expect(decodeNativeMessage(message).every(({ at }) => at.length === 2)).toBe(true)
    }
  })

  it('lets sound machines stay within the limits of their types, under any load and wear', () => {
    for (const [kind, { measures }] of Object.entries(machineKinds)) {
      const type = json(`types/${kind}.json`) as { measures: Record<string, { low: number; high: number }> }
      expect(Object.keys(type.measures)).toEqual(measures)
      const machines = [0.5, 0.7, 0.85].map((load, i) => ({ thing: `m-${i}`, kind, load, wear: i / 4 }))
      for (const { message } of messagesOf(scenarioOf({ sampleMs: 5000, messageMs: 60_000, machines }), 720))
        for (const [measure, values] of Object.entries(message.measures))
          for (const value of values) {
            expect(value, `${kind} ${measure}`).toBeGreaterThan(type.measures[measure]!.low)
            expect(value, `${kind} ${measure}`).toBeLessThan(type.measures[measure]!.high)
          }
    }
  })

  it('shows every failure in every measure that its label names, and in no other', () => {
    for (const [kind, { modes, measures }] of Object.entries(machineKinds))
      for (const [mode, { shows }] of Object.entries(modes)) {
        const machines = [{ thing: 'm', kind }]
        const run = (faults: object[]) =>
          messagesOf(scenarioOf({ sampleMs: 5000, messageMs: 5000, machines, faults }), 720)
        const sound = run([])
        const failed = run([{ thing: 'm', mode, afterS: 300, growS: 60, lastsS: 9000 }])
        for (const measure of measures) {
          const difference = failed.map(({ message }, i) =>
            Math.abs(message.measures[measure]![0]! - sound[i]!.message.measures[measure]![0]!),
          )
          expect(Math.max(...difference.slice(0, 55)), `${kind} ${mode} ${measure} before`).toBe(0)
          const usual = sound.slice(-300).map(({ message }) => message.measures[measure]![0]!)
          const middle = usual.reduce((a, b) => a + b) / usual.length
          const spread = Math.sqrt(usual.reduce((a, b) => a + (b - middle) ** 2, 0) / usual.length)
          const late = difference.slice(-300).reduce((a, b) => a + b) / 300
          if (shows.includes(measure))
            expect(late, `${kind} ${mode} ${measure} after`).toBeGreaterThan(spread)
          else expect(late, `${kind} ${mode} ${measure} after`).toBeLessThanOrEqual(spread)
        }
      }
  })

  it('breaks sensors as their labels say', () => {
    const machines = [{ thing: 'm', kind: 'motor' }]
    const run = (mode: string) =>
      messagesOf(
        scenarioOf({ machines, faults: [{ thing: 'm', mode, measure: 'rpm', afterS: 20, lastsS: 20 }] }),
        60,
      )
        .filter(({ message }) => message.at >= START + 21_000 && message.at < START + 39_000)
        .flatMap(({ message }) => message.measures['rpm']!)
    expect(new Set(run('stuckSensor')).size).toBe(1)
    expect(new Set(run('sensorDropout'))).toEqual(new Set([null]))
    expect(Math.min(...run('sensorDrift').map(Number))).toBeGreaterThan(2000)
  })
})

describe('disordered', () => {
  const count = 6000
  const run = (disorder: Disorder) => {
    const tally = noTally()
    const clean = messagesOf(scenarioOf(), count)
    const events = [...disordered(clean, disorder, createRandom('disorder'), START, tally)]
    const messages = events.filter((e): e is SimulatedMessage => e.kind === 'message')
    return { tally, clean, events, messages }
  }
  const keyOf = ({ thing, sequence }: SimulatedMessage): string => `${thing}/${sequence}`

  it('leaves a stream alone where nothing is declared', () => {
    const { clean, events, tally } = run({})
    expect(events).toEqual(clean)
    expect(tally).toEqual({ ...noTally(), messages: count })
  })

  it('does what is declared, counts exactly what it did, and keeps the order of time', () => {
    const { tally, clean, events, messages } = run({
      loss: 0.05,
      duplicates: 0.1,
      late: { share: 0.2, byS: 30 },
      skew: { share: 0.5, byS: 40 },
    })
    const seen = new Map<string, number>()
    for (const message of messages) seen.set(keyOf(message), (seen.get(keyOf(message)) ?? 0) + 1)
    expect(clean.filter((m) => !seen.has(keyOf(m)))).toHaveLength(tally.lost)
    expect([...seen.values()].filter((n) => n === 2)).toHaveLength(tally.duplicated)
    expect(messages.filter((m) => m.disorder.includes('duplicate'))).toHaveLength(tally.duplicated)
    const original = messages.filter((m) => !m.disorder.includes('duplicate'))
    expect(original.filter((m) => m.disorder.includes('late'))).toHaveLength(tally.late)
    // Declared shares, within five standard deviations of a binomial.
    for (const [found, share] of [
      [tally.lost, 0.05],
      [tally.late, 0.2 * 0.95],
      [tally.duplicated, 0.1 * 0.95],
    ] as const)
      // prettier-ignore
      expect(Math.abs(found - share * count)).toBeLessThan(5 * Math.sqrt(count * share * (1 - share)))
    const planned = new Map(clean.map((m) => [keyOf(m), m]))
    for (const m of messages) {
      const skew = m.message.at - planned.get(keyOf(m))!.message.at
      expect(skew !== 0).toBe(m.disorder.includes('skewed'))
      expect(Math.abs(skew)).toBeLessThanOrEqual(40_000)
      expect(m.sendAt - planned.get(keyOf(m))!.sendAt).toBeLessThanOrEqual(32_001)
    }
    expect(ascends(events)).toBe(true)
  })

  it('cuts every device in a storm, and sends what was buffered when it is over', () => {
    const { tally, events, messages, clean } = run({ reconnectStorms: { everyS: 120, lastsS: 10 } })
    expect(tally.disconnects).toBe(12 * Math.floor(count / 12 / 120))
    expect(messages.map(keyOf).sort()).toEqual(clean.map(keyOf).sort())
    const storm = (at: number): boolean => at - START >= 120_000 && (at - START) % 120_000 < 10_000
    expect(messages.filter((m) => storm(m.sendAt))).toEqual([])
    for (const event of events)
      if (event.kind === 'disconnect') expect((event.until - START) % 120_000).toBe(10_000)
    expect(ascends(events)).toBe(true)
  })

  const ascends = (events: readonly SimulatedEvent[]): boolean =>
    events.every(({ sendAt }, i) => i === 0 || sendAt >= events[i - 1]!.sendAt)
})

describe('parseScenario', () => {
  it('accepts every example', () => {
    const parsers = { plant: parseScenario, fleet: parseFleetScenario, building: parseBuildingScenario }
    for (const name of readdirSync(new URL('scenarios/', examples))) {
      const scenario = json(`scenarios/${name}`) as { trade?: keyof typeof parsers }
      expect(parsers[scenario.trade ?? 'plant'](scenario).machines.length, name).toBeGreaterThan(0)
    }
  })

  it('says what is wrong and where', () => {
    const wrong: [object, string][] = [
      [{ machines: [] }, 'at least one'],
      [{ machines: [{ thing: 'a', kind: 'fan' }] }, 'machines[0].kind is fan'],
      [{ faults: [{ thing: 'x', mode: 'imbalance', afterS: 0, lastsS: 1 }] }, 'none of the machines'],
      [{ faults: [{ thing: 'pump-1', mode: 'imbalance', afterS: 0, lastsS: 1 }] }, 'a pump knows'],
      [{ faults: [{ thing: 'pump-1', mode: 'stuckSensor', afterS: 0, lastsS: 1 }] }, 'which sensor'],
      [{ disorder: { loss: 2 } }, 'disorder.loss is 2'],
      [{ speed: 3 }, '"speed"'],
    ]
    for (const [over, message] of wrong) expect(() => scenarioOf(over)).toThrow(message)
  })
})

describe('truthOf', () => {
  const faults = [
    { thing: 'pump-1', mode: 'cavitation', afterS: 60, growS: 30, lastsS: 100, repeatEveryS: 500 },
  ]

  it('labels every occurrence within the run', () => {
    const labels = truthOf(scenarioOf({ faults }), START, START + 700_000)
    expect(labels.map(({ from, until }) => [(from - START) / 1000, (until - START) / 1000])).toEqual([
      [60, 160],
      [560, 660],
    ])
    expect(labels[0]!.measures).toContain('vibration')
  })

  it('is above zero exactly where severity is', () => {
    const scenario = scenarioOf({ faults })
    const labels = truthOf(scenario, START, START + 1_200_000)
    for (let at = START; at < START + 1_200_000; at += 1000) {
      const labelled = labels.some(({ from, until }) => at >= from && at < until)
      expect(severityAt(scenario.faults[0]!, START, at) > 0).toBe(labelled)
    }
  })
})

describe('scoreFindings', () => {
  const label = { thing: 'a', mode: 'm', measures: ['v'], from: 1000, until: 5000 }

  it('counts faults that were found, findings on nothing, and the delay', () => {
    const truth = [label, { ...label, from: 9000, until: 9500 }, { ...label, thing: 'b' }]
    const findings = [{ thing: 'a', at: 3000 }, { thing: 'a', at: 2000 }, { thing: 'a', at: 7000 }, { thing: 'b', at: 5400 }] // prettier-ignore
    expect(scoreFindings(truth, findings, 500)).toMatchObject({
      faults: 3,
      found: 2,
      falseFindings: 1,
      precision: 0.75,
      recall: 2 / 3,
      medianDelayS: 2.7,
      f1: (2 * 0.75 * (2 / 3)) / (0.75 + 2 / 3),
    })
  })

  it('takes a finding for a fault only in a measure in which the fault shows', () => {
    const found = [
      { thing: 'a', at: 2000, measure: 'v' },
      { thing: 'a', at: 2000, measure: 'other' },
    ]
    expect(scoreFindings([label], found, 0)).toMatchObject({ found: 1, falseFindings: 1 })
    expect(scoreFindings([label], found.slice(1), 0)).toMatchObject({ found: 0, f1: 0 })
  })

  it('says nothing where there is nothing to say', () => {
    expect(scoreFindings([], [], 0)).toMatchObject({
      precision: null,
      recall: null,
      medianDelayS: null,
      f1: null,
    })
  })
})
