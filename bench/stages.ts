import { emptyState } from '../src/core/telemetry/device-state.ts'
import { column, type ReadingBatch } from '../src/core/telemetry/reading.ts'
import type { Context } from '../src/core/telemetry/stage.ts'
import type { DeviceProfile, MeasureType } from '../src/core/device/profile.ts'
import { decodeMessage } from '../src/pipeline/decode/decode.ts'
import { tradePipelines } from '../src/pipeline/trades.ts'
import { measures, seeded } from './load/messages.ts'

const DEVICES = 1000
const SAMPLES = 10
const ROUNDS = 200

const detectors: MeasureType = { low: -1000, high: 1000, ratePerSecond: 1e6, stuckAfter: 1000 }
const profile: DeviceProfile = {
  version: 1,
  device: { thing: 'x', trade: 'plant', type: 'bench', status: 'active', attributes: {} },
  type: {
    name: 'bench',
    trade: 'plant',
    version: 1,
    measures: Object.fromEntries(measures.map((m) => [m, detectors])),
  },
  learned: Object.fromEntries(measures.map((m) => [m, { median: 50, spread: 40 }])),
}

/** Readings a second that one core takes through decoding, each stage, all of them, and the bare arithmetic of windows. */
export async function stages(): Promise<Record<string, unknown>> {
  const seconds = new Map<string, number>()
  const timed = <T>(name: string, work: () => T): T => {
    const start = performance.now()
    const value = work()
    seconds.set(name, (seconds.get(name) ?? 0) + (performance.now() - start) / 1000)
    return value
  }
  const random = seeded(3)
  const { layout, stages: list } = tradePipelines().plant
  const states = Array.from({ length: DEVICES }, (_, i) => emptyState(`d${i}`, layout))
  const values = Array.from({ length: 64 }, () =>
    Float64Array.from({ length: SAMPLES }, () => 20 + random() * 60),
  )
  const payloads = values.map((v, k) => {
    const some = k % 2 === 0 ? measures.slice(0, 5) : measures.slice(5)
    return Buffer.from(JSON.stringify({ at: 1763812800000, step: 1, measures: Object.fromEntries(some.map((m) => [m, [...v].map((x) => Math.round(x * 100) / 100)])) })) // prettier-ignore
  })
  let readings = 0
  for (let round = 0; round < ROUNDS; round++) {
    const at = Float64Array.from({ length: SAMPLES }, (_, i) => 1_763_812_800_000 + round * 1000 + i * 100)
    const batches = states.map((state, d): ReadingBatch => ({
      thing: state.thing,
      lane: 'telemetry',
      receivedAt: at.at(-1)!,
      position: BigInt(round + 1),
      columns: (d % 2 === 0 ? measures.slice(0, 5) : measures.slice(5)).map((m, k) =>
        column(m, at, values[(d + k + round) % 64]!),
      ),
    }))
    const contexts = batches.map((b): Context => ({
      receivedAt: b.receivedAt,
      position: b.position,
      profile,
      dirty: new Set(),
    }))
    timed('decode', () => {
      for (let d = 0; d < DEVICES; d++) decodeMessage(payloads[d % 64]!, at[0]!)
    })
    for (const stage of list)
      timed(stage.name, () => {
        for (let d = 0; d < DEVICES; d++) stage.step(states[d]!, batches[d]!, contexts[d]!)
      })
    readings += DEVICES * 5 * SAMPLES
  }
  const window = seconds.get('aggregate')!
  const floor = bareWindows(readings)
  const perSecond = (name: string): number => Math.round(readings / seconds.get(name)!)
  const all = [...seconds.values()].reduce((a, b) => a + b, 0)
  return {
    bench: 'stages',
    readings,
    ...Object.fromEntries([...seconds.keys()].map((name) => [`${name}PerSecond`, perSecond(name)])),
    allPerSecond: Math.round(readings / all),
    windowFloorPerSecond: Math.round(readings / floor),
    windowRatio: Math.round((floor / window) * 1000) / 1000,
    stateBytesOfTenMeasures: layout.headerBytes + 10 * layout.seriesBytes,
  }
}

/** The same windows as a loop over typed arrays with integer series ids and nothing else. */
function bareWindows(readings: number): number {
  const series = DEVICES * measures.length
  const n = new Uint32Array(series)
  const sum = new Float64Array(series)
  const m2 = new Float64Array(series)
  const min = new Float64Array(series)
  const max = new Float64Array(series)
  const minute = new Float64Array(series)
  const random = seeded(5)
  const values = Float64Array.from({ length: 4096 }, () => random() * 100)
  const start = performance.now()
  let windows = 0
  for (let i = 0; i < readings; i++) {
    const id = Math.floor(i / SAMPLES) % series
    const x = values[i & 4095]!
    const m = Math.floor(
      (1_763_812_800_000 + Math.floor(i / (series * SAMPLES)) * 1000 + (i % SAMPLES) * 100) / 60_000,
    )
    if (minute[id] !== m) {
      if (n[id]! > 0) windows++
      minute[id] = m
      n[id] = 1
      sum[id] = min[id] = max[id] = x
      m2[id] = 0
    } else {
      const before = x - sum[id]! / n[id]!
      n[id]!++
      sum[id]! += x
      m2[id]! += before * (x - sum[id]! / n[id]!)
      if (x < min[id]!) min[id] = x
      if (x > max[id]!) max[id] = x
    }
  }
  if (windows < 0) throw new Error('unreachable')
  return (performance.now() - start) / 1000
}
