import type { Endpoint } from './endpoint.ts'
import type { LiveHub } from './live-hub.ts'
import type { ApiPorts } from './ports.ts'
import { alarms } from './routes/alarms.ts'
import { anomalies } from './routes/anomalies.ts'
import { audit } from './routes/audit.ts'
import { buildings } from './routes/buildings.ts'
import { commands } from './routes/commands.ts'
import { credentials } from './routes/credentials.ts'
import { deviceStatus } from './routes/device-status.ts'
import { devices } from './routes/devices.ts'
import { facts } from './routes/facts.ts'
import { fleet } from './routes/fleet.ts'
import { fleetQuestions } from './routes/fleet-questions.ts'
import { groups } from './routes/groups.ts'
import { health } from './routes/health.ts'
import { jobs } from './routes/jobs.ts'
import { latest } from './routes/latest.ts'
import { maintenance } from './routes/maintenance.ts'
import { models } from './routes/models.ts'
import { people } from './routes/people.ts'
import { provisioning } from './routes/provisioning.ts'
import { quarantine } from './routes/quarantine.ts'
import { readings } from './routes/readings.ts'
import { registration } from './routes/registration.ts'
import { rotation } from './routes/rotation.ts'
import { series } from './routes/series.ts'
import { shadows } from './routes/shadows.ts'
import { sites } from './routes/sites.ts'
import { storedData } from './routes/stored-data.ts'
import { types } from './routes/types.ts'
import { usual } from './routes/usual.ts'
import { vehicleHistory } from './routes/vehicle-history.ts'
import { windows } from './routes/windows.ts'
import { workOrders } from './routes/work-orders.ts'

/** Everything that the choice of endpoints may depend on. */
export type EndpointList<Ports = ApiPorts> = (
  ports: Ports,
  hub: LiveHub,
  options: { openMetrics: boolean; heartbeatMs: number },
) => Endpoint[]

/** What every runtime serves, in the order in which the API's page shows it. */
export const commonEndpoints: EndpointList = (ports, hub, { openMetrics }) => {
  const { credentials: issuer, deviceDesk: desk, fleet: vehicles, trades, usualBands } = ports
  return [
    ...devices(ports),
    ...registration(ports),
    ...(issuer ? credentials(ports, issuer) : []),
    ...(desk?.credentials ? rotation(ports, { credentials: desk.credentials }) : []),
    ...(desk?.status && desk.nearest ? deviceStatus(ports, { status: desk.status, nearest: desk.nearest }) : []), // prettier-ignore
    ...types(ports),
    ...(desk?.shadows ? shadows(ports, { shadows: desk.shadows }) : []),
    ...(desk?.commands ? commands(ports, { commands: desk.commands }) : []),
    ...(desk?.jobs ? jobs(ports, { jobs: desk.jobs }) : []),
    ...(desk?.groups ? groups(ports, { groups: desk.groups }) : []),
    ...(desk?.provisioning ? provisioning(ports, { provisioning: desk.provisioning }) : []),
    ...(desk?.people ? people(ports, { people: desk.people }) : []),
    ...latest(ports),
    ...readings(ports),
    ...windows(ports),
    ...series(ports),
    ...fleetQuestions(ports),
    ...storedData(ports),
    ...(usualBands ? usual(ports, usualBands) : []),
    ...anomalies(ports),
    ...facts(ports),
    ...(vehicles ? [...fleet(ports, vehicles), ...vehicleHistory(ports, vehicles)] : []),
    ...(trades ? sites(ports, trades) : []),
    ...(trades ? buildings(ports, trades) : []),
    ...(trades ? maintenance(ports, trades) : []),
    ...(trades ? workOrders(ports, trades) : []),
    ...(trades ? models(ports, trades) : []),
    ...alarms(ports, hub),
    ...quarantine(ports),
    ...health(ports, { openMetrics }),
    ...audit(ports),
  ]
}
