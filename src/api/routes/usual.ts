import * as z from 'zod'
import { visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts } from '../ports.ts'
import { thingParams } from '../schemas.ts'

const band = z
  .object({
    measure: z.string(),
    usual: z.number(),
    low: z.number().meta({ description: 'Readings below it in a row are an anomaly.' }),
    high: z.number(),
  })
  .meta({ id: 'UsualBand' })

export const usual = (ports: ApiPorts, bandsOf: NonNullable<ApiPorts['usualBands']>) => [
  endpoint(
    {
      id: 'listUsualBands',
      method: 'get',
      path: '/v1/devices/{thing}/usual',
      tag: 'history',
      summary: 'What has been learned to be usual for each measure of a device',
      description:
        'From about four hours of its minutes on. Measures of which nothing is known yet are absent.',
      role: 'viewer',
      params: thingParams,
      answers: [{ status: 200, description: 'By measure', schema: z.object({ items: z.array(band) }) }],
      problems: ['no_such_device'],
    },
    async ({ params: { thing }, principal }) => {
      await visibleDevice(principal, ports, thing)
      return { items: await bandsOf(thing) }
    },
  ),
]
