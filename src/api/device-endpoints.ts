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

/** What people do with devices beyond the registry itself, in the order in which the API's page shows it. */
export const deviceEndpoints = (ports: ApiPorts, desk: DeviceDesk): Endpoint[] => [
  ...deviceStatus(ports, desk),
  ...shadows(ports, desk),
  ...commands(ports, desk),
  ...groups(ports, desk),
  ...rotation(ports, desk),
  ...(desk.authority ? authority(ports, desk.authority) : []),
  ...provisioning(ports, desk),
  ...jobs(ports, desk),
  ...people(ports, desk),
]
