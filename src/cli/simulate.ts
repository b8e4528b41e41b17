import type { Command } from 'commander'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { openApi } from './support/api-client.ts'
import { loadScenario } from './support/load-scenario.ts'
import { positiveNumber, wholeNumber, withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { present } from './support/output.ts'
import { runScenario, type RunOutcome } from './support/run-scenario.ts'
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

export function simulate(program: Command): void {
  withBoxOptions(
    program
      .command('simulate')
      .description('simulate plants, fleets and buildings that send through real MQTT'),
  )
    .option('--scenario <names>', 'files, or names in examples/scenarios, comma-separated', 'demo')
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
  const { endpoint, certs, seed, duration, score = false, json } = options
  if ((endpoint === undefined) !== (certs === undefined))
    throw new CliFailure('usage', '--endpoint and --certs go together')
  if (score && duration === undefined) throw new CliFailure('usage', '--score needs --duration')
  const stop = listenForStop(() => process.exit(exitCodes.interrupted.code))
  if (process.channel) process.once('disconnect', () => process.exit(exitCodes.interrupted.code))
  const scenarios = options.scenario.split(',').map((given) => loadScenario(given.trim(), seed))
  if (score && scenarios.some(({ trade }) => trade === 'building'))
    throw new CliFailure('usage', '--score needs a scenario with planned faults; this one has none')
  const api = endpoint === undefined || score ? openApi(options) : null

  const runs: Promise<RunOutcome>[] = []
  for (const scenario of scenarios) {
    // One after the other they connect: a small box has other things to do when it starts.
    await new Promise<void>((connected, reject) => {
      const run = runScenario(scenario, { ...options, score, stopped: stop.isStopped, onConnected: connected }, api) // prettier-ignore
      run.catch(reject)
      runs.push(run)
    })
  }
  const outcomes = await Promise.all(runs)
  stop.dispose()
  const documents = outcomes.map(({ text: _, ...document }) => document)
  present(json, documents.length === 1 ? documents[0] : documents, () => outcomes.map(({ text }) => text).join('\n')) // prettier-ignore
}
