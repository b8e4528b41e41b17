import * as z from 'zod'
import { MAP_ZOOMS } from '../../core/map/road-map.ts'
import type { RoadTiles } from '../../ports/road-tiles.ts'
import { endpoint } from '../endpoint.ts'

/** ODbL 1.0, section 4.3: whoever sees the map must see whose it is. */
const ATTRIBUTION = '© OpenStreetMap contributors, ODbL'

const info = z
  .object({
    bounds: z
      .tuple([z.number(), z.number(), z.number(), z.number()])
      .nullable()
      .meta({ description: 'West, south, east, north in degrees; null for a map without a road.' }),
    minZoom: z.int(),
    maxZoom: z.int(),
    attribution: z.string().meta({ description: 'To be shown wherever the map is.' }),
  })
  .meta({ id: 'RoadMap' })

const place = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** MAP_ZOOMS.most - 1)
const params = z
  .strictObject({
    zoom: z.coerce.number().int().min(MAP_ZOOMS.least).max(MAP_ZOOMS.most),
    x: place,
    y: place,
  })
  .refine(({ zoom, x, y }) => x < 2 ** zoom && y < 2 ** zoom, { error: 'x and y must lie below 2^zoom' })

export const roadMapEndpoints = (tiles: RoadTiles) => [
  endpoint(
    {
      id: 'getRoadMap',
      method: 'get',
      path: '/v1/map/roads',
      tag: 'fleet',
      summary: 'The road map that this installation was given',
      role: 'viewer',
      answers: [{ status: 200, description: 'Where it lies', schema: info }],
    },
    async () => ({
      bounds: await tiles.bounds(),
      minZoom: MAP_ZOOMS.least,
      maxZoom: MAP_ZOOMS.most,
      attribution: ATTRIBUTION,
    }),
  ),
  endpoint(
    {
      id: 'getRoadTile',
      method: 'get',
      path: '/v1/map/roads/{zoom}/{x}/{y}',
      tag: 'fleet',
      summary: 'A tile of the road map',
      description:
        'Mapbox Vector Tile 2.1 with the layer `roads`; its lines have `class` (coast, motorway, primary, secondary, street, path, ferry) and, where known, `name`.',
      role: 'viewer',
      params,
      answers: [{ status: 200, description: 'The tile', mediaType: 'application/vnd.mapbox-vector-tile' }],
    },
    async ({ params: { zoom, x, y } }) =>
      new Response(new Uint8Array(await tiles.tile(zoom, x, y)), {
        headers: {
          'content-type': 'application/vnd.mapbox-vector-tile',
          'cache-control': 'private, max-age=86400',
        },
      }),
  ),
]
