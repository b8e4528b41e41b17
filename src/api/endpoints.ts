import { deviceEndpoints } from './device-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import type { LiveHub } from './live-hub.ts'
import type { ApiPorts } from './ports.ts'
import { alarms } from './routes/alarms.ts'
import { anomalies } from './routes/anomalies.ts'
import { audit } from './routes/audit.ts'
import { credentials } from './routes/credentials.ts'
import { devices } from './routes/devices.ts'
import { facts } from './routes/facts.ts'
import { fleet } from './routes/fleet.ts'
import { health } from './routes/health.ts'
import { latest } from './routes/latest.ts'
import { live } from './routes/live.ts'
import { quarantine } from './routes/quarantine.ts'
import { readings } from './routes/readings.ts'
import { registration } from './routes/registration.ts'
import { types } from './routes/types.ts'
import { usual } from './routes/usual.ts'
import { fleetQuestions } from './routes/fleet-questions.ts'
import { roadMapEndpoints } from './routes/road-map.ts'
import { reports } from './routes/reports.ts'
import { retention } from './routes/retention.ts'
import { storedData } from './routes/stored-data.ts'
import { series } from './routes/series.ts'
import { transfer } from './routes/transfer.ts'
import { vehicleHistory } from './routes/vehicle-history.ts'
import { buildings } from './routes/buildings.ts'
import { maintenance } from './routes/maintenance.ts'
import { workOrders } from './routes/work-orders.ts'
import { models } from './routes/models.ts'
import { sites } from './routes/sites.ts'
import { windows } from './routes/windows.ts'

/** Every operation of the API, in the order in which its page shows them. */
export const apiEndpoints = (
  ports: ApiPorts,
  hub: LiveHub,
  { openMetrics, heartbeatMs }: { openMetrics: boolean; heartbeatMs: number },
): Endpoint[] => [
  ...devices(ports),
  ...registration(ports),
  ...(ports.credentials ? credentials(ports, ports.credentials) : []),
  ...types(ports),
  ...(ports.deviceDesk ? deviceEndpoints(ports, ports.deviceDesk) : []),
  ...latest(ports),
  ...readings(ports),
  ...windows(ports),
  ...series(ports),
  ...fleetQuestions(ports),
  ...retention(ports),
  ...storedData(ports),
  ...transfer(ports),
  ...anomalies(ports),
  ...(ports.usualBands ? usual(ports, ports.usualBands) : []),
  ...facts(ports),
  ...(ports.fleet ? [...fleet(ports, ports.fleet), ...vehicleHistory(ports, ports.fleet)] : []),
  ...(ports.roadTiles ? roadMapEndpoints(ports.roadTiles) : []),
  ...(ports.trades ? sites(ports, ports.trades) : []),
  ...(ports.trades ? buildings(ports, ports.trades) : []),
  ...(ports.trades ? maintenance(ports, ports.trades) : []),
  ...(ports.trades ? workOrders(ports, ports.trades) : []),
  ...(ports.trades ? models(ports, ports.trades) : []),
  ...(ports.reports ? reports(ports, ports.reports) : []),
  ...alarms(ports, hub),
  ...quarantine(ports),
  ...live(ports, hub, { heartbeatMs }),
  ...health(ports, { openMetrics }),
  ...audit(ports),
]
