import type { DeviceDesk } from '../ports/device-desk.ts'
import type { Endpoint } from './endpoint.ts'
import type { ApiPorts } from './ports.ts'
import { authority } from './routes/authority.ts'
import { commands } from './routes/commands.ts'
import { deviceStatus } from './routes/device-status.ts'
import { groups } from './routes/groups.ts'
import { jobs } from './routes/jobs.ts'
import { people } from './routes/people.ts'
import { provisioning } from './routes/provisioning.ts'
import { rotation } from './routes/rotation.ts'
import { shadows } from './routes/shadows.ts'

/**
 * What people do with devices beyond the registry itself, in the order in which the API's page shows it. What a runtime
 * does not have is no path there.
 */
export function deviceEndpoints(ports: ApiPorts, desk: Partial<DeviceDesk>): Endpoint[] {
  const { status, nearest, credentials } = desk
  return [
    ...(status && nearest ? deviceStatus(ports, { status, nearest }) : []),
    ...(desk.shadows ? shadows(ports, { shadows: desk.shadows }) : []),
    ...(desk.commands ? commands(ports, { commands: desk.commands }) : []),
    ...(desk.groups ? groups(ports, { groups: desk.groups }) : []),
    ...(credentials ? rotation(ports, { credentials }) : []),
    ...(desk.authority ? authority(ports, desk.authority) : []),
    ...(desk.provisioning ? provisioning(ports, { provisioning: desk.provisioning }) : []),
    ...(desk.jobs ? jobs(ports, { jobs: desk.jobs }) : []),
    ...(desk.people ? people(ports, { people: desk.people }) : []),
  ]
}
