import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { plantMessages } from '../../simulator/plant/plant.ts'
import { parseScenario, type Scenario } from '../../simulator/scenario.ts'
import { truthOf } from '../../simulator/truth.ts'
import type { MeasureType } from '../../src/core/device/profile.ts'
import { learnSeries } from '../../src/core/detect/learn.ts'
import { merge, momentsOf, type WindowRow } from '../../src/core/window/window.ts'
import { detectDefaults } from '../../src/pipeline/stages/detect.ts'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const examples = new URL('../../examples/', import.meta.url)
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, examples), 'utf8'))

const types = new Map(
  ['motor', 'pump', 'compressor'].map((kind) => [
    kind,
    (json(`types/${kind}.json`) as { measures: Record<string, MeasureType> }).measures,
  ]),
)

/** The values of some machines, sampled every half minute, up to a time. */
function* valuesOf(scenario: Scenario, things: ReadonlySet<string>, until: number) {
  const machines = scenario.machines.filter(({ thing }) => things.has(thing))
  for (const { thing, message } of plantMessages(
    { ...scenario, machines, sampleMs: 30_000, messageMs: 30_000 },
    START,
  )) {
    if (message.at > until) return
    for (const [measure, [value]] of Object.entries(message.measures))
      if (typeof value === 'number') yield { thing, measure, at: message.at, value }
  }
}

/** What each series of these machines learns in five hours without a fault. */
function learned(scenario: Scenario, things: ReadonlySet<string>) {
  const windows = new Map<string, WindowRow>()
  for (const { thing, measure, at, value } of valuesOf(
    { ...scenario, faults: [] },
    things,
    START + 300 * MINUTE,
  )) {
    const minute = Math.floor(at / MINUTE)
    const key = `${thing} ${measure} ${minute}`
    const before = windows.get(key)
    const moments = before ? merge(before, momentsOf(value)) : momentsOf(value)
    windows.set(key, { ...moments, thing, measure, minute, version: at, repaired: false })
  }
  const byThing = Map.groupBy(windows.values(), ({ thing }) => thing)
  return new Map([...byThing].map(([thing, rows]) => [thing, learnSeries(rows)]))
}

describe('the faults of examples/scenarios/faults.json', () => {
  it('each pass a limit, stand still, or leave what their machine has learned to be usual', () => {
    const scenario = parseScenario(json('scenarios/faults.json'))
    const end = START + 90 * MINUTE
    const labels = truthOf(scenario, START, end)
    const things = new Set(labels.map(({ thing }) => thing))
    const usual = learned(scenario, things)
    const limits = new Map(scenario.machines.map(({ thing, kind }) => [thing, types.get(kind)!]))
    const seen = new Set(labels.filter(({ mode }) => mode === 'stuckSensor'))
    for (const { thing, measure, at, value } of valuesOf(scenario, things, end))
      for (const label of labels) {
        if (
          label.thing !== thing ||
          at < label.from ||
          at >= label.until ||
          !label.measures.includes(measure)
        )
          continue
        const { low = -Infinity, high = Infinity } = limits.get(thing)![measure]!
        const { median, spread } = usual.get(thing)![measure]!
        if (value < low || value > high || Math.abs(value - median) > detectDefaults.zLimit * spread)
          seen.add(label)
      }
    expect(labels.filter((label) => !seen.has(label)).map(({ thing, mode }) => `${thing} ${mode}`)).toEqual(
      [],
    )
  })
})
