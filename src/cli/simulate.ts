import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { disordered, noTally, type DisorderTally } from '../../simulator/disorder.ts'
import { simulateBuildings } from '../../simulator/building/building.ts'
import { parseBuildingScenario, type BuildingScenario } from '../../simulator/building/building-scenario.ts'
import { exampleSite } from '../../simulator/building/example-site.ts'
import type { SimulatedMessage } from '../../simulator/message.ts'
import type { VehicleLabel } from '../../simulator/fleet/drive.ts'
import { fleetMessages } from '../../simulator/fleet/fleet.ts'
import { parseFleetScenario, type FleetScenario } from '../../simulator/fleet/scenario.ts'
import { plantMessages } from '../../simulator/plant/plant.ts'
import { createRandom } from '../../simulator/random.ts'
import { parseScenario, type Scenario } from '../../simulator/scenario.ts'
import { truthOf } from '../../simulator/truth.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { inPath, openApi, type ApiClient } from './support/api-client.ts'
import { requireIdentity } from './support/certificates.ts'
import { accessDevice } from './support/device-access.ts'
import { connectDevice, type DeviceConnection } from './support/device-connection.ts'
import { fleetScoreText, scoreFleetRun, streetsOf } from './support/fleet-run.ts'
import { followShadow } from './support/follow-shadow.ts'
import { inFlight } from './support/in-flight.ts'
import { positiveNumber, wholeNumber, withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'
import { progress } from './support/progress.ts'
import { ensureDevice, ensureType, type NewType } from './support/registration.ts'
import { scoreRun, scoreText } from './support/score-run.ts'
import { drive, simulatedClock, type DriveTally } from './support/simulate-driver.ts'
import { listenForStop } from './support/stop-signal.ts'

interface SimulateOptions extends BoxOptionValues {
  scenario: string
  endpoint?: string
  certs?: string
  speed: number
  seed?: number
  duration?: number
  score?: boolean
  road?: string
}

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
/** A run that is faster than the clock and has no end of its own starts this long ago. */
const CATCH_UP_S = 86_400
const CONNECTING_AT_ONCE = 32

export function simulate(program: Command): void {
  withBoxOptions(
    program
      .command('simulate')
      .description('simulate a plant, a fleet or buildings that send through real MQTT'),
  )
    .option('--scenario <name or file>', 'a file, or a name in examples/scenarios', 'demo')
    .option('--endpoint <url>', 'mqtts://host:port of another deployment (with --certs)')
    .option('--certs <dir>', 'folder with <thing>.cert.pem, <thing>.key.pem and ca.pem')
    .option('--speed <factor>', 'how many times as fast as the clock', positiveNumber, 1)
    .option('--seed <number>', "instead of the scenario's own", wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--duration <seconds>', 'simulated seconds; without it, until it is stopped', positiveNumber)
    .option('--road <file>', 'OpenStreetMap extract on which simulated vehicles drive')
    .option('--score', 'at the end, say how well anomalies and alarms match the truth')
    .action(run)
}

async function run(options: SimulateOptions): Promise<void> {
  if ((options.endpoint === undefined) !== (options.certs === undefined))
    throw new CliFailure('usage', '--endpoint and --certs go together')
  if (options.score === true && options.duration === undefined)
    throw new CliFailure('usage', '--score needs --duration')
  const stop = listenForStop(() => process.exit(exitCodes.interrupted.code))
  if (process.channel) process.once('disconnect', () => process.exit(exitCodes.interrupted.code))
  const scenario = loadScenario(options)
  const api = options.endpoint === undefined || options.score === true ? openApi(options) : null
  if (scenario.trade === 'building' && options.score === true)
    throw new CliFailure('usage', '--score needs a scenario with planned faults; this one has none')
  const connections = await connectAll(scenario, options, api)

  const start = startOf(options, Date.now())
  const clock = simulatedClock(start, options.speed, Date.now)
  const until = options.duration === undefined ? Number.POSITIVE_INFINITY : start + options.duration * 1000
  const disorder = noTally()
  const random = createRandom(`${scenario.name}/${scenario.seed}`)
  const labels: VehicleLabel[] = []
  const events = disordered(
    scenario.trade === 'fleet'
      ? fleetMessages(
          scenario,
          await streetsOf(scenario, options.road),
          start,
          (label) => void labels.push(label),
        )
      : await messagesOf(scenario, start, clock.now, connections, api),
    scenario.disorder,
    random,
    start,
    disorder,
  )
  const bar = progress()
  const sent = await drive({
    events,
    trade: scenario.trade,
    connections,
    clock,
    until,
    stopped: stop.isStopped,
    onProgress: ({ messages, readings }, at) =>
      bar.show(`${new Date(at).toISOString()}  ${messages} messages, ${readings} readings`),
  })
  bar.done()
  await Promise.all([...connections.values()].map((connection) => connection.end()))
  const end = Math.min(until, clock.now())
  const common = { scenario: scenario.name, seed: scenario.seed, start, end, ...sent, disorder }
  const scored = options.score === true ? api : null
  const report = <S>(truth: readonly unknown[], score: S | null, text: (score: S) => string) => {
    stop.dispose()
    present(options.json, { ...common, truth, score }, () =>
      [summary(scenario, sent, disorder), ...(score ? [text(score)] : [])].join('\n'),
    )
  }
  if (scenario.trade === 'fleet') {
    const truth = labels.filter(({ until }) => until < end)
    report(truth, scored && (await scoreFleetRun(scored, truth, start, end)), fleetScoreText)
  } else {
    const truth = scenario.trade === 'plant' ? truthOf(scenario, start, end) : []
    const things = new Set(connections.keys())
    report(truth, scored && (await scoreRun(scored, things, truth, start, end)), scoreText)
  }
}

function startOf({ speed, duration }: SimulateOptions, now: number): number {
  if (speed <= 1) return now
  return Math.round(now - (duration ?? CATCH_UP_S) * 1000 * (1 - 1 / speed))
}

type SiteScenario = (Scenario & { trade: 'plant' }) | BuildingScenario
type AnyScenario = SiteScenario | FleetScenario

/** What the devices send; buildings also take set-points, and are known to the box. */
async function messagesOf(
  scenario: SiteScenario,
  start: number,
  now: () => number,
  connections: ReadonlyMap<string, DeviceConnection>,
  api: ApiClient | null,
): Promise<Iterable<SimulatedMessage>> {
  if (scenario.trade === 'plant') return plantMessages(scenario, start)
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

function loadScenario({ scenario: given, seed }: SimulateOptions): AnyScenario {
  const byName = join(examples, 'scenarios', `${given}.json`)
  const file = existsSync(given) ? given : byName
  if (!existsSync(file)) {
    const names = readdirSync(join(examples, 'scenarios')).map((name) => name.replace(/\.json$/, ''))
    throw new CliFailure('badInput', `there is no file ${given} and no scenario of that name; known are ${names.join(', ')}`) // prettier-ignore
  }
  try {
    const json = JSON.parse(readFileSync(file, 'utf8')) as { trade?: unknown }
    const parsed: AnyScenario =
      json.trade === 'building'
        ? parseBuildingScenario(json)
        : json.trade === 'fleet'
          ? parseFleetScenario(json)
          : { ...parseScenario(json), trade: 'plant' }
    return seed === undefined ? parsed : { ...parsed, seed }
  } catch (error) {
    throw new CliFailure('badInput', `${file}: ${(error as Error).message}`)
  }
}

/** Registers the scenario's machines where they are missing, and connects each with a certificate of its own. */
async function connectAll(
  scenario: AnyScenario,
  options: SimulateOptions,
  api: ApiClient | null,
): Promise<Map<string, DeviceConnection>> {
  const connections = new Map<string, DeviceConnection>()
  const bar = progress()
  const { endpoint, certs } = options
  const connect =
    endpoint !== undefined && certs !== undefined
      ? async ({ thing }: { thing: string }) => connectDevice(endpoint, requireIdentity(certs, thing))
      : await registrar(scenario, options.data, api!)
  const window = inFlight(CONNECTING_AT_ONCE)
  for (const machine of scenario.machines) {
    const { thing } = machine
    const site = 'site' in machine ? machine.site : siteOf(scenario)
    await window.add(
      connect(machine, site).then((connection) => {
        connections.set(thing, connection)
        bar.show(`${connections.size} of ${scenario.machines.length} connected`)
      }),
    )
  }
  await window.drained()
  bar.done()
  return connections
}

const siteOf = (scenario: AnyScenario): string => ('site' in scenario ? scenario.site : '')

async function registrar({ trade, machines }: AnyScenario, dataDir: string, api: ApiClient) {
  for (const kind of new Set(machines.map((machine) => machine.kind)))
    await ensureType(api, kind, JSON.parse(readFileSync(join(examples, 'types', `${kind}.json`), 'utf8')) as NewType) // prettier-ignore
  return async (machine: AnyScenario['machines'][number], site: string): Promise<DeviceConnection> => {
    const { thing, kind } = machine
    const attributes = 'attributes' in machine ? { attributes: machine.attributes } : {}
    await ensureDevice(api, thing, { trade, type: kind, site, ...attributes })
    return (await accessDevice(api, thing, dataDir)).connection
  }
}

function summary({ name, machines }: AnyScenario, sent: DriveTally, disorder: DisorderTally): string {
  const { messages, readings, acknowledged } = sent
  const dirt = Object.entries(disorder).filter(([what, count]) => what !== 'messages' && count > 0)
  const words = dirt.map(([what, count]) => `${count} ${what}`).join(', ')
  return `${name}: ${machines.length} devices sent ${messages} messages with ${readings} readings, ${acknowledged} acknowledged${words ? `; disorder: ${words}` : ''}`
}
