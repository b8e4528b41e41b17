import * as z from 'zod'
import type { Device } from '../../core/device/profile.ts'
import type { ImportRow, RowFault } from '../../core/history/import-rows.ts'
import { importMessages } from '../../pipeline/history/import-messages.ts'
import { seesSite, visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { apiLimits } from '../limits.ts'
import { decodeCursor, pageOf } from '../paging.ts'
import type { ApiPorts, HistoryPort, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { cursorTime, heldRange, rangeOf } from '../range.ts'
import {
  cursorParameter,
  measuresParameter,
  namesParameter,
  rangeParameters,
  thingName,
  whole,
} from '../schemas.ts'

/** What this part of the API needs of the world. */
type TransferPorts = Pick<ApiPorts, 'audit' | 'clock' | 'submit'> & {
  history?: Pick<HistoryPort, 'transfer'>
  devices: Pick<ApiPorts['devices'], 'get' | 'list'>
}

const transferOf = (ports: TransferPorts) => {
  if (!ports.history?.transfer)
    throw new ApiProblem('no_history', 'nothing can be brought in or out as files here')
  return ports.history.transfer
}

const exportCursor = z.strictObject({
  ...heldRange,
  after: z.strictObject({ thing: z.string().max(128), at: cursorTime }),
})
const mediaTypes = { csv: 'text/csv; charset=utf-8', parquet: 'application/vnd.apache.parquet' } as const
/** Listed faults; all are counted. */
const LISTED = 1000
/** Messages that wait for the disk together. */
const AT_ONCE = 64

const outcome = z
  .object({
    rows: z.int().meta({ description: 'Rows of the table, its header aside.' }),
    taken: z.int().meta({ description: 'Rows that are durable and on their way.' }),
    refused: z.int(),
    faults: z
      .array(z.object({ row: z.int(), reason: z.string() }))
      .meta({ description: `The first ${LISTED} rows that were refused, by number.` }),
  })
  .meta({ id: 'ReadingsImport' })

/** Readings as files: out part by part, in with an answer to every row. */
export const transfer = (ports: TransferPorts) => [
  endpoint(
    {
      id: 'exportReadings',
      method: 'get',
      path: '/v1/export',
      tag: 'history',
      summary: 'Readings as CSV or Parquet, part by part',
      description:
        'Every reading of the range once, by UTC day, then device, measure and time. A part ends after about `rows` readings; the header `Link` with `rel="next"` leads to the next one, and is missing on the last. CSV has its header line in the first part only, so that parts joined are one file; each part of Parquet is a file of its own. An export that was interrupted goes on at any part. `X-Done` is the share that is out, `X-Rows` counts the readings of the part.',
      role: 'viewer',
      query: z.strictObject({
        things: namesParameter(
          thingName,
          'Devices, comma-separated; all that the token sees unless told.',
        ).optional(),
        measures: measuresParameter.optional(),
        ...rangeParameters,
        format: z.enum(['csv', 'parquet']).default('csv').meta({ default: 'csv' }),
        rows: whole(1, apiLimits.exportRows).default(apiLimits.exportRows).meta({
          description: 'Readings after which a part ends.',
          default: apiLimits.exportRows,
        }),
        cursor: cursorParameter,
      }),
      answers: [{ status: 200, description: 'A part', mediaType: 'text/csv' }],
      problems: [
        'no_such_device',
        'bad_range',
        'range_too_long',
        'bad_cursor',
        'too_much',
        'deep_archive',
        'no_history',
      ],
    },
    async ({ query: { things, measures, format, rows, cursor, ...asked }, principal, context }) => {
      const { exportPart } = transferOf(ports)
      const held = decodeCursor(cursor, exportCursor)
      const range = rangeOf(asked, held, ports.clock.now(), apiLimits.seriesRangeMs)
      const names = things ? await visible(things, principal, ports) : await everything(principal, ports)
      const part = await exportPart(
        { things: names.sort(), measures, ...range, after: held?.after, rows },
        format,
      )
      const { next } = pageOf(
        context.req.url,
        [],
        part.next && { cursor: { ...range, after: part.next }, query: { ...range } },
      )
      return new Response(part.bytes as Uint8Array<ArrayBuffer>, {
        headers: {
          'content-type': mediaTypes[format],
          'x-rows': String(part.rows),
          'x-done': part.done.toFixed(4),
          ...(next !== null && { link: `<${next}>; rel="next"` }),
        },
      })
    },
  ),
  endpoint(
    {
      id: 'importTable',
      method: 'post',
      path: '/v1/import',
      tag: 'history',
      summary: 'Bring in readings of CSV or Parquet',
      description:
        'Columns device, measure, ts and value or text, in any order. Each row stands for itself: a wrong one is answered by its number and reason, the others are taken. They go the way of buffered history: stored and rolled up, raising nothing. The same table twice changes nothing. Larger files are sent in pieces, each with its header.',
      role: 'operator',
      bodyBytes: apiLimits.importBytes,
      consumes: ['text/csv', 'application/vnd.apache.parquet'],
      answers: [{ status: 200, description: 'What became of the rows', schema: outcome }],
      problems: ['bad_table', 'body_too_large', 'wrong_media_type', 'no_history'],
    },
    async ({ principal, context }) => {
      const { readImportTable, rawKeptFrom } = transferOf(ports)
      const bytes = new Uint8Array(await context.req.arrayBuffer())
      const table = await readImportTable(bytes).catch((error: Error) => {
        throw error.name === 'BadTable' ? new ApiProblem('bad_table', error.message) : error
      })
      const judge = judgeOf(principal, ports, rawKeptFrom)
      const faults = [...table.faults]
      const good: ImportRow[] = []
      for (const row of table.rows) {
        const reason = await judge(row)
        if (reason === null) good.push(row)
        else faults.push({ row: row.row, reason })
      }
      await submitAll(good, ports)
      const answer = {
        rows: table.rows.length + table.faults.length,
        taken: good.length,
        refused: faults.length,
        faults: faults.sort((a, b) => a.row - b.row).slice(0, LISTED) satisfies RowFault[],
      }
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'history.import',
        subject: '',
        detail: JSON.stringify({ rows: answer.rows, taken: answer.taken }),
      })
      return answer
    },
  ),
]

async function visible(
  things: readonly string[],
  principal: Principal,
  ports: TransferPorts,
): Promise<string[]> {
  const names = [...new Set(things)]
  for (const thing of names) await visibleDevice(principal, ports, thing)
  return names
}

async function everything(principal: Principal, ports: TransferPorts): Promise<string[]> {
  const names: string[] = []
  for (let cursor: string | undefined; ;) {
    const page = await ports.devices.list({ limit: 10_000, ...(cursor !== undefined && { cursor }) })
    for (const { thing, site } of page) if (seesSite(principal, site)) names.push(thing)
    if (page.length < 10_000) return names
    cursor = page.at(-1)!.thing
  }
}

/** Says why a row that can be read is not taken all the same, null if it is. */
function judgeOf(principal: Principal, ports: TransferPorts, rawKeptFrom: (measure: string) => number) {
  const known = new Map<string, string | null>()
  const aboutThing = (thing: string, device: Device | null): string | null =>
    !device || !seesSite(principal, device.site)
      ? `there is no device ${thing}`
      : device.status === 'active'
        ? null
        : `device ${thing} is ${device.status}`
  return async ({ thing, measure, at }: ImportRow): Promise<string | null> => {
    let reason = known.get(thing)
    if (reason === undefined) known.set(thing, (reason = aboutThing(thing, await ports.devices.get(thing))))
    if (reason !== null) return reason
    const keptFrom = rawKeptFrom(measure)
    return at < keptFrom
      ? `readings of ${measure} are taken from ${new Date(keptFrom).toISOString()} on; this one is older`
      : null
  }
}

async function submitAll(rows: readonly ImportRow[], ports: TransferPorts): Promise<void> {
  const receivedAt = ports.clock.now()
  let waiting: Promise<unknown>[] = []
  for (const { thing, payload } of importMessages(rows)) {
    const device = (await ports.devices.get(thing))!
    const { trade, gateway } = device
    const topic =
      gateway === undefined ? `dt/${trade}/${thing}/backfill` : `dt/${trade}/${gateway}/backfill/${thing}`
    waiting.push(ports.submit({ topic, client: gateway ?? thing, receivedAt, payload }))
    if (waiting.length === AT_ONCE) {
      await Promise.all(waiting)
      waiting = []
    }
  }
  await Promise.all(waiting)
}
