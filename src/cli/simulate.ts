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
import { isFleetScenario, parseFleetScenario, type FleetScenario } from '../../simulator/fleet/scenario.ts'
import { plantMessages } from '../../simulator/plant/plant.ts'
import { createRandom } from '../../simulator/random.ts'
import { parseScenario, type Scenario } from '../../simulator/scenario.ts'
import { truthOf } from '../../simulator/truth.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { inPath, openApi, type ApiClient } from './support/api-client.ts'
import { requireIdentity } from './support/certificates.ts'
import { accessDevice } from './support/device-access.ts'
import { connectDevice, type DeviceConnection } from './support/device-connection.ts'
import { fleetScoreText, scoreFleetRun, streetsOf, vehicleDevices } from './support/fleet-run.ts'
import { inFlight } from './support/in-flight.ts'
import { positiveNumber, wholeNumber, withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'
import { progress } from './support/progress.ts'
import { ensureDevice, ensureType, type NewType } from './support/registration.ts'
import { scoreRun, scoreText } from './support/score-run.ts'
import { drive, simulatedClock, type DriveTally } from './support/simulate-driver.ts'
import { takeSetPoints } from './support/take-set-points.ts'
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
  const messages = await messagesOf(scenario, start, connections, api, options.road, (label) =>
    labels.push(label),
  )
  const events = disordered(messages, scenario.disorder, random, start, disorder)
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
  if (scenario.trade === 'fleet') {
    const truth = labels.filter((label) => label.until < end)
    const score = options.score === true && api ? await scoreFleetRun(api, truth, start, end) : null
    stop.dispose()
    present(options.json, { ...common, truth, score }, () =>
      [summary(scenario, sent, disorder), ...(score ? [fleetScoreText(score)] : [])].join('\n'),
    )
    return
  }
  const truth = scenario.trade === 'plant' ? truthOf(scenario, start, end) : []
  const score =
    options.score === true && api ? await scoreRun(api, new Set(connections.keys()), truth, start, end) : null
  stop.dispose()
  present(options.json, { ...common, truth, score }, () =>
    [summary(scenario, sent, disorder), ...(score ? [scoreText(score)] : [])].join('\n'),
  )
}

function startOf({ speed, duration }: SimulateOptions, now: number): number {
  if (speed <= 1) return now
  return Math.round(now - (duration ?? CATCH_UP_S) * 1000 * (1 - 1 / speed))
}

type PlantScenario = Scenario & { trade: 'plant' }
type AnyScenario = PlantScenario | BuildingScenario | (FleetScenario & { trade: 'fleet' })

/** What the devices send; buildings also take set-points, and are known to the box. */
async function messagesOf(
  scenario: AnyScenario,
  start: number,
  connections: ReadonlyMap<string, DeviceConnection>,
  api: ApiClient | null,
  road: string | undefined,
  onLabel: (label: VehicleLabel) => void,
): Promise<Iterable<SimulatedMessage>> {
  if (scenario.trade === 'plant') return plantMessages(scenario, start)
  if (scenario.trade === 'fleet')
    return fleetMessages(scenario, await streetsOf(scenario, road), start, onLabel)
  for (const name of api ? scenario.sites : []) {
    const { name: _, ...site } = exampleSite(scenario, name)
    const path = `/v1/sites/${inPath(name)}`
    if (!(await api!.find(path))) await api!.send('PUT', path, site)
  }
  const { messages, command } = simulateBuildings(scenario, start)
  for (const [thing, connection] of connections) await takeSetPoints(thing, connection, command)
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
    const parsed = parseAny(json)
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
      ? async ({ thing }: SimulatedDevice) => connectDevice(endpoint, requireIdentity(certs, thing))
      : await registrar(scenario, options.data, api!)
  const window = inFlight(CONNECTING_AT_ONCE)
  const devices = devicesOf(scenario)
  for (const device of devices) {
    await window.add(
      connect(device).then((connection) => {
        connections.set(device.thing, connection)
        bar.show(`${connections.size} of ${devices.length} connected`)
      }),
    )
  }
  await window.drained()
  bar.done()
  return connections
}

interface SimulatedDevice {
  thing: string
  kind: string
  site: string
  attributes?: Record<string, string>
}

function devicesOf(scenario: AnyScenario): readonly SimulatedDevice[] {
  if (scenario.trade === 'fleet') return vehicleDevices(scenario).map((v) => ({ ...v, site: scenario.site }))
  if (scenario.trade === 'building') return scenario.machines
  return scenario.machines.map(({ thing, kind }) => ({ thing, kind, site: scenario.site }))
}

function parseAny(json: { trade?: unknown }): AnyScenario {
  if (json.trade === 'building') return parseBuildingScenario(json)
  if (isFleetScenario(json)) return { ...parseFleetScenario(json), trade: 'fleet' }
  return { ...parseScenario(json), trade: 'plant' }
}

async function registrar(scenario: AnyScenario, dataDir: string, api: ApiClient) {
  const { trade } = scenario
  for (const kind of new Set(devicesOf(scenario).map((device) => device.kind)))
    await ensureType(api, kind, JSON.parse(readFileSync(join(examples, 'types', `${kind}.json`), 'utf8')) as NewType) // prettier-ignore
  return async ({ thing, kind, site, attributes }: SimulatedDevice): Promise<DeviceConnection> => {
    await ensureDevice(api, thing, { trade, type: kind, site, ...(attributes && { attributes }) })
    return (await accessDevice(api, thing, dataDir)).connection
  }
}

function summary(scenario: AnyScenario, sent: DriveTally, disorder: DisorderTally): string {
  const { messages, readings, acknowledged } = sent
  const dirt = Object.entries(disorder).filter(([what, count]) => what !== 'messages' && count > 0)
  const words = dirt.map(([what, count]) => `${count} ${what}`).join(', ')
  return `${scenario.name}: ${devicesOf(scenario).length} devices sent ${messages} messages with ${readings} readings, ${acknowledged} acknowledged${words ? `; disorder: ${words}` : ''}`
}
