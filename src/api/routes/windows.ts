import { MINUTE } from '../../core/telemetry/reading.ts'
import { mean, std, type WindowRow } from '../../core/window/window.ts'
import { visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import { decodeCursor, pageOf } from '../paging.ts'
import type { ApiPorts } from '../ports.ts'
import { rangeOf } from '../range.ts'
import { pageSchema, thingParams, windowSchema } from '../schemas.ts'
import { seriesCursor, seriesQuery } from './readings.ts'

export const windows = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'listWindows',
      method: 'get',
      path: '/v1/devices/{thing}/windows',
      tag: 'history',
      summary: 'One-minute windows of one device, ascending by time, then by measure',
      description: 'A window belongs to the range if its first instant does.',
      role: 'viewer',
      params: thingParams,
      query: seriesQuery,
      answers: [{ status: 200, description: 'A page of windows', schema: pageSchema(windowSchema) }],
      problems: ['no_such_device', 'bad_range', 'range_too_long', 'bad_cursor'],
    },
    async ({ params: { thing }, query: { measures, limit, cursor, ...asked }, principal, context }) => {
      const held = decodeCursor(cursor, seriesCursor)
      const range = rangeOf(asked, held, ports.clock.now(), apiLimits.windowsRangeMs)
      await visibleDevice(principal, ports, thing)
      const after = held?.after
      const found = await ports.telemetry.windows(
        given({ thing, measures, ...range, limit: limit + 1, after }),
      )
      const items = found.slice(0, limit).map(windowOf)
      const last = items.at(-1)
      const next =
        found.length > limit && last
          ? { cursor: { ...range, after: { at: last.at, measure: last.measure } }, query: { ...range } }
          : null
      return pageOf(context.req.url, items, next)
    },
  ),
]

const windowOf = (row: WindowRow) => ({
  measure: row.measure,
  at: row.minute * MINUTE,
  n: row.n,
  mean: mean(row),
  min: row.min,
  max: row.max,
  std: std(row),
  first: row.first,
  last: row.last,
  sum: row.sum,
  version: row.version,
  repaired: row.repaired,
})
