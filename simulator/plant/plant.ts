import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { SimulatedMessage } from '../message.ts'
import { constant, cycle, sum, wander, type Process } from '../process.ts'
import { createRandom, type Random } from '../random.ts'
import type { PlannedFault, Scenario, SimulatedMachine } from '../scenario.ts'
import { severityAt } from '../truth.ts'
import { machineKinds } from './kinds.ts'
import { isSensorMode, sensorModes, type SensorMode } from './sensor-faults.ts'

const DAY_S = 86_400
/** Hottest in the early afternoon. */
const PEAK_S = 14 * 3600

/** The messages of every machine from `start` on, ascending by `sendAt`, without end. */
export function* plantMessages(scenario: Scenario, start: EpochMs): Generator<SimulatedMessage> {
  const { messageMs, machines } = scenario
  const random = createRandom(`${scenario.name}/${scenario.seed}`)
  const senders = machines
    .map((machine) => {
      const own = random.fork(machine.thing)
      // Devices do not send in step: each has its own place within the period.
      const phaseMs = Math.floor(own.fork('phase').uniform() * messageMs)
      return { phaseMs, next: machineMessages(scenario, machine, own, start + phaseMs, start) }
    })
    .sort((a, b) => a.phaseMs - b.phaseMs)
  for (;;) for (const sender of senders) yield sender.next()
}

function machineMessages(
  scenario: Scenario,
  { thing, kind, load, wear }: SimulatedMachine,
  random: Random,
  first: EpochMs,
  start: EpochMs,
): () => SimulatedMessage {
  const { sampleMs, messageMs } = scenario
  const samples = Math.max(1, Math.floor(messageMs / sampleMs))
  const { create, measures: names } = machineKinds[kind]!
  const machine = create({ random, ambient: ambientOf(scenario, random), load, wear })
  const faults = scenario.faults.filter((fault) => fault.thing === thing)
  const sensors = sensorFaults(faults, start)
  const severity = (mode: string, at: EpochMs): number =>
    faults.reduce((most, f) => (f.mode === mode ? Math.max(most, severityAt(f, start, at)) : most), 0)
  let sequence = 0
  let sampledAt = first

  return () => {
    const at = first + sequence * messageMs
    const measures: Record<string, (number | null)[]> = Object.fromEntries(names.map((name) => [name, []]))
    for (let i = 0; i < samples; i++) {
      const t = at + i * sampleMs
      const values = machine.advance(t, (t - sampledAt) / 1000, (mode) => severity(mode, t))
      sampledAt = t
      for (const name of names) measures[name]!.push(rounded(sensors(name, values[name]!, t)))
    }
    const sendAt = at + (samples - 1) * sampleMs
    const message = { at, step: sampleMs, measures }
    return { kind: 'message', thing, sendAt, lane: 'telemetry', sequence: sequence++, message, disorder: [] }
  }
}

/** The plant's air: a day's swing, the same for all, and each machine's own corner. */
const ambientOf = ({ ambient }: Scenario, random: Random): Process =>
  sum(constant(ambient.mean), cycle(ambient.swing, DAY_S, PEAK_S), wander(random.fork('corner'), 0.4, 1800))

function sensorFaults(faults: readonly PlannedFault[], start: EpochMs) {
  const held = new Map<PlannedFault, number>()
  const broken = faults.filter((fault) => isSensorMode(fault.mode))
  return (measure: string, value: number, at: EpochMs): number | null => {
    let shown: number | null = value
    for (const fault of broken) {
      if (fault.measure !== measure) continue
      const severity = severityAt(fault, start, at)
      if (severity === 0) held.set(fault, value)
      else if (shown !== null)
        shown = sensorModes[fault.mode as SensorMode](held.get(fault) ?? value, shown, severity)
    }
    return shown
  }
}

/** Three decimals: what such sensors resolve, and what their messages carry. */
const rounded = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1000) / 1000
