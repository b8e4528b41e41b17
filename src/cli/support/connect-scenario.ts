import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiClient } from './api-client.ts'
import { requireIdentity } from './certificates.ts'
import { accessDevice } from './device-access.ts'
import { connectDevice, type DeviceConnection } from './device-connection.ts'
import { inFlight } from './in-flight.ts'
import { examples, type AnyScenario } from './load-scenario.ts'
import { progress } from './progress.ts'
import { ensureDevice, ensureType, type NewType } from './registration.ts'

const CONNECTING_AT_ONCE = 32

export interface Destination {
  /** Another deployment whose devices are registered already, with a folder of their certificates. */
  endpoint?: string
  certs?: string
  data: string
}

/** Registers the scenario's machines where they are missing, and connects each with a certificate of its own. */
export async function connectScenario(
  scenario: AnyScenario,
  { endpoint, certs, data }: Destination,
  api: ApiClient | null,
): Promise<Map<string, DeviceConnection>> {
  const connections = new Map<string, DeviceConnection>()
  const bar = progress()
  const connect =
    endpoint !== undefined && certs !== undefined
      ? async ({ thing }: { thing: string }) => connectDevice(endpoint, requireIdentity(certs, thing))
      : await registrar(scenario, data, api!)
  const window = inFlight(CONNECTING_AT_ONCE)
  for (const machine of scenario.machines)
    await window.add(
      connect(machine).then((connection) => {
        connections.set(machine.thing, connection)
        bar.show(`${connections.size} of ${scenario.machines.length} connected`)
      }),
    )
  await window.drained()
  bar.done()
  return connections
}

async function registrar(scenario: AnyScenario, dataDir: string, api: ApiClient) {
  const { trade, machines } = scenario
  for (const kind of new Set(machines.map((machine) => machine.kind)))
    await ensureType(api, kind, JSON.parse(readFileSync(join(examples, 'types', `${kind}.json`), 'utf8')) as NewType) // prettier-ignore
  return async (machine: AnyScenario['machines'][number]): Promise<DeviceConnection> => {
    const { thing, kind } = machine
    const site = 'site' in machine ? machine.site : 'site' in scenario ? scenario.site : ''
    const attributes = 'attributes' in machine ? { attributes: machine.attributes } : {}
    await ensureDevice(api, thing, { trade, type: kind, site, ...attributes })
    return (await accessDevice(api, thing, dataDir)).connection
  }
}
