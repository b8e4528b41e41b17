import * as z from 'zod'
import { thingFilter, visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { vehicleDrivingSchema, vehicleFuelSchema, vehiclePositionsSchema } from '../fleet-schemas.ts'
import { inBox, parseBox } from '../map-box.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { thingParams, timeParameter } from '../schemas.ts'
import type { FleetReader } from '../../ports/fleet-reader.ts'

const round = (value: number, digits: number): number => Number(value.toFixed(digits))

/** Vehicles as they are now. */
export const fleet = (ports: ApiPorts, reader: FleetReader) => [
  endpoint(
    {
      id: 'listVehiclePositions',
      method: 'get',
      path: '/v1/fleet/positions',
      tag: 'fleet',
      summary: 'Where all vehicles are, for a map',
      description:
        'Compact: one row a vehicle, in the order of `columns`. For news only, give `since` the `at` of the answer before. Live events of `/v1/live` say at once who has news.',
      role: 'viewer',
      query: z.strictObject({
        bbox: z
          .string()
          .transform((text, context) => {
            const box = parseBox(text)
            if (box) return box
            context.addIssue({ code: 'custom', message: 'must be west,south,east,north in degrees' })
            return z.NEVER
          })
          .optional()
          .meta({ description: 'west,south,east,north in degrees; west beyond east crosses the date line.' }),
        since: timeParameter.optional().meta({ description: 'Only vehicles that were heard of since.' }),
      }),
      answers: [{ status: 200, description: 'Positions', schema: vehiclePositionsSchema }],
    },
    async ({ query: { bbox, since = -Infinity }, principal }) => {
      const at = ports.clock.now()
      const sees = thingFilter(principal, ports)
      const rows: z.output<typeof vehiclePositionsSchema>['rows'] = []
      for (const { thing, receivedAt, position } of await reader.positions()) {
        const { lat, lon, speedKmh, course, standing } = position
        if (receivedAt < since || (bbox && !inBox(bbox, lat, lon)) || !(await sees(thing))) continue
        rows.push([thing, position.at, round(lat, 6), round(lon, 6), round(speedKmh, 1), course === null ? null : Math.round(course) % 360, standing ? 1 : 0]) // prettier-ignore
      }
      return { at, columns: [...positionColumns], rows }
    },
  ),
  endpoint(
    {
      id: 'getVehicleFuel',
      method: 'get',
      path: '/v1/fleet/vehicles/{thing}/fuel',
      tag: 'fleet',
      summary: 'A vehicle’s fuel now: level, rate, consumption and range',
      role: 'viewer',
      params: thingParams,
      answers: [{ status: 200, description: 'Fuel', schema: vehicleFuelSchema }],
      problems: ['no_such_device', 'nothing_known'],
    },
    async ({ params: { thing }, principal }) => {
      await visibleDevice(principal, ports, thing)
      return known(await reader.fuel(thing), `${thing} has sent no fuel signal`)
    },
  ),
  endpoint(
    {
      id: 'getVehicleDriving',
      method: 'get',
      path: '/v1/fleet/vehicles/{thing}/driving',
      tag: 'fleet',
      summary: 'How a vehicle is driven now: risk of the driver and of the trip',
      role: 'viewer',
      params: thingParams,
      answers: [{ status: 200, description: 'Risk from 0 to 1', schema: vehicleDrivingSchema }],
      problems: ['no_such_device', 'nothing_known'],
    },
    async ({ params: { thing }, principal }) => {
      await visibleDevice(principal, ports, thing)
      return known(await reader.driving(thing), `${thing} has not been driven yet`)
    },
  ),
]

const positionColumns = ['thing', 'at', 'lat', 'lon', 'speedKmh', 'course', 'standing'] as const

function known<T>(value: T | null, detail: string): T {
  if (value === null) throw new ApiProblem('nothing_known', detail)
  return value
}
