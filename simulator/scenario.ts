import type { Trade } from '../src/core/telemetry/reading.ts'
import { isThingName } from '../src/core/telemetry/limits.ts'
import { isSensorMode } from './plant/sensor-faults.ts'
import { machineKinds } from './plant/kinds.ts'
import type { Disorder } from './disorder.ts'
import { parseDisorder } from './parse-disorder.ts'
import { fields, list, number, text } from './given.ts'

export interface SimulatedMachine {
  thing: string
  kind: string
  load: number
  wear: number
}

/** One failure of one machine. Times count from the scenario's start. */
export interface PlannedFault {
  thing: string
  mode: string
  /** For a sensor's fault: which measure. */
  measure?: string
  afterS: number
  /** Seconds from the first sign to full severity; the course is exponential. */
  growS: number
  /** Seconds from the first sign to the repair. */
  lastsS: number
  /** Comes again after this time, for scenarios that run without end. */
  repeatEveryS?: number
}

export interface Scenario {
  name: string
  trade: Trade
  seed: number
  site: string
  sampleMs: number
  messageMs: number
  ambient: { mean: number; swing: number }
  machines: readonly SimulatedMachine[]
  faults: readonly PlannedFault[]
  disorder: Disorder
}

/** A scenario from its JSON form. Throws one sentence that says what is wrong and where. */
export function parseScenario(json: unknown): Scenario {
  const given = fields(json, 'scenario', ['name', 'seed', 'site', 'sampleMs', 'messageMs', 'ambient', 'machines', 'faults', 'disorder']) // prettier-ignore
  const machines = list(given['machines'], 'machines').flatMap(parseMachines)
  const known = new Map(machines.map((machine) => [machine.thing, machine]))
  if (machines.length === 0) throw new Error('machines is empty; a scenario needs at least one')
  if (known.size < machines.length) throw new Error('machines: two have the same name')
  const ambient = fields(given['ambient'] ?? {}, 'ambient', ['mean', 'swing'])
  const sampleMs = number(given['sampleMs'] ?? 1000, 'sampleMs', 1, 3_600_000)
  return {
    name: text(given['name'], 'name'),
    trade: 'plant',
    seed: number(given['seed'] ?? 1, 'seed', 0, Number.MAX_SAFE_INTEGER),
    site: text(given['site'] ?? 'plant', 'site'),
    sampleMs,
    messageMs: number(given['messageMs'] ?? sampleMs, 'messageMs', sampleMs, 3_600_000),
    ambient: {
      mean: number(ambient['mean'] ?? 22, 'ambient.mean', -60, 60),
      swing: number(ambient['swing'] ?? 3, 'ambient.swing', 0, 40),
    },
    machines,
    faults: list(given['faults'] ?? [], 'faults').map((fault, i) => parseFault(fault, `faults[${i}]`, known)),
    disorder: parseDisorder(given['disorder'] ?? {}),
  }
}

/** One machine by its name, or `count` machines named `prefix` and a number. */
function parseMachines(json: unknown, index: number): SimulatedMachine[] {
  const where = `machines[${index}]`
  const given = fields(json, where, ['thing', 'prefix', 'count', 'kind', 'load', 'wear'])
  const kind = text(given['kind'], `${where}.kind`)
  if (!Object.hasOwn(machineKinds, kind))
    throw new Error(`${where}.kind is ${kind}; known are ${Object.keys(machineKinds).join(', ')}`)
  const load = number(given['load'] ?? 0.7, `${where}.load`, 0, 1.2)
  const wear = number(given['wear'] ?? 0.2, `${where}.wear`, 0, 1)
  const count = given['count'] === undefined ? null : number(given['count'], `${where}.count`, 1, 100_000)
  const names =
    count === null
      ? [text(given['thing'], `${where}.thing`)]
      : Array.from({ length: count }, (_, i) => `${text(given['prefix'] ?? `${kind}-`, `${where}.prefix`)}${i + 1}`) // prettier-ignore
  return names.map((thing) => {
    if (!isThingName(thing)) throw new Error(`${where}: ${thing} is no name for a device`)
    return { thing, kind, load, wear }
  })
}

function parseFault(
  json: unknown,
  where: string,
  machines: ReadonlyMap<string, SimulatedMachine>,
): PlannedFault {
  const given = fields(json, where, ['thing', 'mode', 'measure', 'afterS', 'growS', 'lastsS', 'repeatEveryS'])
  const thing = text(given['thing'], `${where}.thing`)
  const mode = text(given['mode'], `${where}.mode`)
  const machine = machines.get(thing)
  if (!machine) throw new Error(`${where}.thing is ${thing}, which is none of the machines`)
  const kind = machineKinds[machine.kind]!
  const measure = given['measure'] === undefined ? undefined : text(given['measure'], `${where}.measure`)
  if (isSensorMode(mode)) {
    if (measure === undefined || !kind.measures.includes(measure))
      throw new Error(`${where}.measure must say which sensor: ${kind.measures.join(', ')}`)
  } else if (!Object.hasOwn(kind.modes, mode))
    throw new Error(`${where}.mode is ${mode}; a ${machine.kind} knows ${Object.keys(kind.modes).join(', ')}`)
  const lastsS = number(given['lastsS'], `${where}.lastsS`, 0.001, 1e9)
  return {
    thing,
    mode,
    ...(measure === undefined ? {} : { measure }),
    afterS: number(given['afterS'], `${where}.afterS`, 0, 1e9),
    growS: number(given['growS'] ?? 0, `${where}.growS`, 0, 1e9),
    lastsS,
    ...(given['repeatEveryS'] === undefined
      ? {}
      : { repeatEveryS: number(given['repeatEveryS'], `${where}.repeatEveryS`, lastsS, 1e9) }),
  }
}
