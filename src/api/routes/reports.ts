import * as z from 'zod'
import { calendarEdges } from '../../core/history/calendar.ts'
import { isoDay, localParts } from '../../core/report/local-text.ts'
import { reportPdf } from '../../core/report/pdf/report-pdf.ts'
import { reportCsv } from '../../core/report/report-csv.ts'
import type { Report, ReportSummary } from '../../core/report/report.ts'
import { lastWeek } from '../../pipeline/reports/make-report.ts'
import type { ReportDesk } from '../../pipeline/reports/report-desk.ts'
import { seesSite } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { apiLimits } from '../limits.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { epochMs, label, limitParameter, severity, trade } from '../schemas.ts'
import { timeZone } from '../site-schema.ts'
import { note } from './sites.ts'

const DAY = 86_400_000
const shape = {
  id: z.string(),
  trade,
  title: z.string(),
  site: z.string().nullable().meta({ description: 'Null for every site.' }),
  from: epochMs,
  to: epochMs,
  timeZone: z.string(),
  madeAt: epochMs,
}
const summary = z.object(shape).meta({ id: 'ReportSummary' })
const numbers = z.array(z.number().nullable())
const section = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('figures'),
      title: z.string(),
      figures: z.array(
        z.object({ label: z.string(), value: z.number().nullable(), unit: z.string(), digits: z.int(), note: z.string() }), // prettier-ignore
      ),
    }),
    z.object({
      kind: z.literal('table'),
      title: z.string(),
      columns: z.array(z.object({ title: z.string(), unit: z.string().optional(), digits: z.int().optional() })), // prettier-ignore
      rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
      empty: z.string(),
      note: z.string(),
    }),
    z.object({
      kind: z.literal('bars'),
      bars: z.object({
        title: z.string(),
        unit: z.string(),
        digits: z.int(),
        labels: z.array(z.string()),
        series: z.array(z.object({ name: z.string(), tone: z.union([severity, z.literal('calm')]), values: z.array(z.number()) })), // prettier-ignore
      }),
    }),
    z.object({
      kind: z.literal('chart'),
      chart: z.object({
        title: z.string(),
        unit: z.string(),
        at: z.array(epochMs),
        mean: numbers,
        min: numbers.optional(),
        max: numbers.optional(),
        reference: numbers.optional(),
        limits: z.object({ low: z.number().optional(), high: z.number().optional() }).optional(),
        spans: z.array(z.object({ from: epochMs, to: epochMs, severity })).optional(),
      }),
    }),
  ])
  .meta({ id: 'ReportSection' })
const report = z.object({ ...shape, sections: z.array(section) }).meta({ id: 'Report' })
const params = z.strictObject({ id: z.string().min(1).max(128) })
const day = z.iso.date().meta({ description: 'A day of the zone, as 2026-11-23.' })

export const reports = (ports: Pick<ApiPorts, 'audit' | 'clock'>, desk: ReportDesk) => {
  const visible = async (principal: Principal, id: string): Promise<Report> => {
    const found = await desk.get(id)
    if (!found || !sees(principal, found)) throw new ApiProblem('no_such_report', `there is no report ${id}`)
    return found
  }
  const file = (found: Report, bytes: Uint8Array | string, type: string, extension: string): Response =>
    new Response(typeof bytes === 'string' ? bytes : new Uint8Array(bytes), {
      headers: {
        'content-type': type,
        'content-disposition': `attachment; filename="${found.id}.${extension}"`,
      },
    })
  return [
    endpoint(
      {
        id: 'listReports',
        method: 'get',
        path: '/v1/reports',
        tag: 'reports',
        summary: 'Reports that were made, the newest week first',
        description: 'Every trade that has devices is reported on once a week, some hours after its end.',
        role: 'viewer',
        query: z.strictObject({ limit: limitParameter(100) }),
        answers: [{ status: 200, description: 'Without their contents', schema: z.object({ timeZone: z.string().meta({ description: 'Zone of the weeks.' }), items: z.array(summary) }) }], // prettier-ignore
      },
      async ({ query: { limit }, principal }) => ({
        timeZone: desk.timeZone,
        items: (await desk.list(apiLimits.pageSize)).filter((r) => sees(principal, r)).slice(0, limit),
      }),
    ),
    endpoint(
      {
        id: 'makeReport',
        method: 'post',
        path: '/v1/reports',
        tag: 'reports',
        summary: 'Make a report now',
        description: 'Of the last whole week, unless `firstDay` says otherwise. One of the same trade, time and site takes the place of the one before.', // prettier-ignore
        role: 'operator',
        body: z
          .strictObject({
            trade,
            site: label.nullable().default(null),
            firstDay: day.optional(),
            days: z.int().min(1).max(apiLimits.reportDays).default(7),
            timeZone: timeZone.optional().meta({ description: 'IANA zone; the installation’s own unless told otherwise.' }), // prettier-ignore
          })
          .meta({ id: 'ReportRequest' }),
        answers: [{ status: 201, description: 'The report', schema: report }],
        problems: ['wrong_site', 'bad_range'],
      },
      async ({ body: { trade, site, firstDay, days, timeZone: zone = desk.timeZone }, principal }) => {
        if (principal.sites !== null && (site === null || !seesSite(principal, site)))
          throw new ApiProblem('wrong_site', site === null ? 'name one of the token’s sites' : `the token is not for ${site}`) // prettier-ignore
        const now = ports.clock.now()
        const { from, to } = firstDay === undefined ? lastWeek(now, zone) : stretchOf(firstDay, days, zone)
        if (from >= now) throw new ApiProblem('bad_range', `${firstDay ?? ''} has not come yet`)
        const made = await desk.make({ trade, site, from, to, timeZone: zone })
        note(ports, principal, 'report.make', made.id, JSON.stringify({ trade, site, from, to }))
        return made
      },
    ),
    endpoint(
      {
        id: 'getReport',
        method: 'get',
        path: '/v1/reports/{id}',
        tag: 'reports',
        summary: 'One report',
        role: 'viewer',
        params,
        answers: [{ status: 200, description: 'Figures, tables and charts', schema: report }],
        problems: ['no_such_report'],
      },
      async ({ params: { id }, principal }) => visible(principal, id),
    ),
    endpoint(
      {
        id: 'getReportPdf',
        method: 'get',
        path: '/v1/reports/{id}/pdf',
        tag: 'reports',
        summary: 'One report as a PDF',
        role: 'viewer',
        params,
        answers: [{ status: 200, description: 'A4', mediaType: 'application/pdf' }],
        problems: ['no_such_report'],
      },
      async ({ params: { id }, principal }) => {
        const found = await visible(principal, id)
        return file(found, reportPdf(found), 'application/pdf', 'pdf')
      },
    ),
    endpoint(
      {
        id: 'getReportCsv',
        method: 'get',
        path: '/v1/reports/{id}/csv',
        tag: 'reports',
        summary: 'Everything that a report shows, one value a row',
        role: 'viewer',
        params,
        answers: [{ status: 200, description: 'RFC 4180 with the columns section, item, field, time, value, unit', mediaType: 'text/csv' }], // prettier-ignore
        problems: ['no_such_report'],
      },
      async ({ params: { id }, principal }) => {
        const found = await visible(principal, id)
        return file(found, reportCsv(found), 'text/csv; charset=utf-8', 'csv')
      },
    ),
  ]
}

/** A report of every site shows more than one who sees some of them may see. */
const sees = (principal: Principal, { site }: Pick<ReportSummary, 'site'>): boolean =>
  principal.sites === null || (site !== null && seesSite(principal, site))

function stretchOf(firstDay: string, days: number, zone: string): { from: number; to: number } {
  const about = Date.parse(firstDay)
  const edges = calendarEdges(zone, 'day', about - DAY, about + (days + 2) * DAY)
  const first = edges.findIndex((edge) => isoDay(localParts(edge, zone)) === firstDay)
  const [from, to] = [edges[first], edges[first + days]]
  if (from === undefined || to === undefined)
    throw new ApiProblem('bad_range', `${firstDay} is no day in ${zone}`)
  return { from, to }
}
