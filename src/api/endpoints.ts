import { commonEndpoints, type EndpointList } from './common-endpoints.ts'
import { authority } from './routes/authority.ts'
import { deviceStatus } from './routes/device-status.ts'
import { jobs } from './routes/jobs.ts'
import { live } from './routes/live.ts'
import { provisioning } from './routes/provisioning.ts'
import { reports } from './routes/reports.ts'
import { roadMapEndpoints } from './routes/road-map.ts'
import { rotation } from './routes/rotation.ts'
import { transfer } from './routes/transfer.ts'

/**
 * Every operation of the API. Those listed here are the box's alone: a bundle for Lambda starts from `commonEndpoints` and
 * does not carry them, and `lambdas/api/elsewhere.ts` says who does their work there.
 */
export const apiEndpoints: EndpointList = (ports, hub, options) => {
  const { deviceDesk: desk = {}, reports: reportDesk, roadTiles } = ports
  const { status, nearest } = desk
  return [
    ...commonEndpoints(ports, hub, options),
    ...(status && nearest ? deviceStatus(ports, { status, nearest }) : []),
    ...(desk.credentials ? rotation(ports, { credentials: desk.credentials }) : []),
    ...(desk.authority ? authority(ports, desk.authority) : []),
    ...(desk.provisioning ? provisioning(ports, { provisioning: desk.provisioning }) : []),
    ...(desk.jobs ? jobs(ports, { jobs: desk.jobs }) : []),
    ...transfer(ports),
    ...(roadTiles ? roadMapEndpoints(roadTiles) : []),
    ...(reportDesk ? reports(ports, reportDesk) : []),
    ...live(ports, hub, options),
  ]
}
