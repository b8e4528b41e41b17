import { exampleSite } from '../../../simulator/building/example-site.ts'
import { simulateBuildings } from '../../../simulator/building/building.ts'
import type { BuildingScenario } from '../../../simulator/building/building-scenario.ts'
import { disordered, noTally, type DisorderTally } from '../../../simulator/disorder.ts'
import type { VehicleLabel } from '../../../simulator/fleet/drive.ts'
import { fleetMessages } from '../../../simulator/fleet/fleet.ts'
import type { SimulatedMessage } from '../../../simulator/message.ts'
import { plantMessages } from '../../../simulator/plant/plant.ts'
import { createRandom } from '../../../simulator/random.ts'
import { truthOf } from '../../../simulator/truth.ts'
import { inPath, type ApiClient } from './api-client.ts'
import { connectScenario, type Destination } from './connect-scenario.ts'
import type { DeviceConnection } from './device-connection.ts'
import { fleetScoreText, scoreFleetRun, streetsOf } from './fleet-run.ts'
import { followShadow } from './follow-shadow.ts'
import type { AnyScenario } from './load-scenario.ts'
import { progress } from './progress.ts'
import { scoreRun, scoreText } from './score-run.ts'
import { drive, simulatedClock, type DriveTally } from './simulate-driver.ts'

export interface RunOptions extends Destination {
  speed: number
  /** Simulated seconds; endless without. */
  duration?: number
  score: boolean
  road?: string
  stopped(): boolean
  /** Every device has its connection. */
  onConnected?: () => void
}

export interface RunOutcome extends DriveTally {
  scenario: string
  seed: number
  start: number
  end: number
  /** Real seconds that it took. */
  tookS: number
  disorder: DisorderTally
  truth: readonly unknown[]
  score: unknown
  text: string
}

/** A run that is faster than the clock and has no end of its own starts this long ago. */
const CATCH_UP_S = 86_400

/** Drives one scenario to its end, through real MQTT, and says what it did. */
export async function runScenario(
  scenario: AnyScenario,
  options: RunOptions,
  api: ApiClient | null,
): Promise<RunOutcome> {
  const connections = await connectScenario(scenario, options, api)
  options.onConnected?.()
  const { speed, duration, road, stopped } = options
  const begun = Date.now()
  const start = startOf(options, begun)
  const clock = simulatedClock(start, speed, Date.now)
  const until = duration === undefined ? Number.POSITIVE_INFINITY : start + duration * 1000
  const disorder = noTally()
  const random = createRandom(`${scenario.name}/${scenario.seed}`)
  const labels: VehicleLabel[] = []
  const messages =
    scenario.trade === 'fleet'
      ? fleetMessages(scenario, await streetsOf(scenario, road), start, (label) => void labels.push(label))
      : scenario.trade === 'plant'
        ? plantMessages(scenario, start)
        : await buildingMessages(scenario, start, clock.now, connections, api)
  const bar = progress()
  const sent = await drive({
    events: disordered(messages, scenario.disorder, random, start, disorder),
    trade: scenario.trade,
    connections,
    clock,
    until,
    stopped,
    onProgress: ({ messages, readings }, at) =>
      bar.show(`${new Date(at).toISOString()}  ${messages} messages, ${readings} readings`),
  })
  bar.done()
  await Promise.all([...connections.values()].map((connection) => connection.end()))
  const end = Math.min(until, clock.now())
  const tookS = (Date.now() - begun) / 1000
  const { truth, score, text } = await judged(scenario, options.score ? api : null, { labels, start, end, things: new Set(connections.keys()) }) // prettier-ignore
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    start,
    end,
    tookS,
    ...sent,
    disorder,
    truth,
    score,
    text: [summary(scenario, sent, disorder, (end - start) / 1000, tookS), text].filter((t) => t !== '').join('\n'), // prettier-ignore
  }
}

function startOf({ speed, duration }: RunOptions, now: number): number {
  if (speed <= 1) return now
  return Math.round(now - (duration ?? CATCH_UP_S) * 1000 * (1 - 1 / speed))
}

/** What buildings send; they also take set-points, and are known to the box. */
async function buildingMessages(
  scenario: BuildingScenario,
  start: number,
  now: () => number,
  connections: ReadonlyMap<string, DeviceConnection>,
  api: ApiClient | null,
): Promise<Iterable<SimulatedMessage>> {
  for (const name of api ? scenario.sites : []) {
    const { name: _, ...site } = exampleSite(scenario, name)
    const path = `/v1/sites/${inPath(name)}`
    if (!(await api!.find(path))) await api!.send('PUT', path, site)
  }
  const { messages, set, onLeaseEnd } = simulateBuildings(scenario, start)
  const plants = new Map<string, { ended(zone: string): void }>()
  for (const [thing, connection] of connections)
    plants.set(thing, await followShadow(thing, connection, { now, set }))
  onLeaseEnd((thing, zone) => plants.get(thing)?.ended(zone))
  return messages
}

interface Ran {
  labels: readonly VehicleLabel[]
  start: number
  end: number
  things: ReadonlySet<string>
}

/** The truth of the run, and how well what was found matches it. */
async function judged(
  scenario: AnyScenario,
  api: ApiClient | null,
  { labels, start, end, things }: Ran,
): Promise<{ truth: readonly unknown[]; score: unknown; text: string }> {
  if (scenario.trade === 'building') return { truth: [], score: null, text: '' }
  if (scenario.trade === 'fleet') {
    const truth = labels.filter(({ until }) => until < end)
    const score = api && (await scoreFleetRun(api, truth, start, end))
    return { truth, score, text: score ? fleetScoreText(score) : '' }
  }
  const truth = truthOf(scenario, start, end)
  const score = api && (await scoreRun(api, things, truth, start, end))
  return { truth, score, text: score ? scoreText(score) : '' }
}

function summary(
  { name, machines }: AnyScenario,
  { messages, readings, acknowledged }: DriveTally,
  disorder: DisorderTally,
  simulatedS: number,
  tookS: number,
): string {
  const dirt = Object.entries(disorder).filter(([what, count]) => what !== 'messages' && count > 0)
  const words = dirt.map(([what, count]) => `${count} ${what}`).join(', ')
  const pace = `${Math.round(simulatedS)} s in ${tookS.toFixed(1)} s (${Math.round(simulatedS / Math.max(tookS, 1e-3))} times the clock)` // prettier-ignore
  return `${name}: ${machines.length} devices sent ${messages} messages with ${readings} readings, ${acknowledged} acknowledged; ${pace}${words ? `; disorder: ${words}` : ''}`
}
