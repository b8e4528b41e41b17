import { commonEndpoints, type EndpointList } from './common-endpoints.ts'
import { authority } from './routes/authority.ts'
import { live } from './routes/live.ts'
import { refolding } from './routes/refolding.ts'
import { retention } from './routes/retention.ts'
import { reports } from './routes/reports.ts'
import { roadMapEndpoints } from './routes/road-map.ts'
import { transfer } from './routes/transfer.ts'

/**
 * Every operation of the API. Those listed here are not in the bundle of AWS' API, which starts from `commonEndpoints`:
 * its function `bulk` serves those about files and history, and `lambdas/api/elsewhere.ts` says who does the others' work.
 */
export const apiEndpoints: EndpointList = (ports, hub, options) => {
  const { deviceDesk: desk = {}, reports: reportDesk, roadTiles } = ports
  return [
    ...commonEndpoints(ports, hub, options),
    ...(desk.authority ? authority(ports, desk.authority) : []),
    ...refolding(ports),
    ...transfer(ports),
    ...retention(ports),
    ...(roadTiles ? roadMapEndpoints(roadTiles) : []),
    ...(reportDesk ? reports(ports, reportDesk) : []),
    ...live(ports, hub, options),
  ]
}
