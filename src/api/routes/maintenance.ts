import * as z from 'zod'
import { failureModes } from '../../core/maintenance/failure-modes.ts'
import { machineFacts } from '../../pipeline/machine-watch.ts'
import { thingFilter } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import type { ApiPorts, TradePorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { epochMs, limitParameter, thingName } from '../schemas.ts'

const HOUR = 3_600_000
/** Judgements are hourly; an older one says that the machine is silent. */
const RECENT_MS = 2 * HOUR
const MOST = 50_000
/** API Gateway gives up after 29 s, and the last moment of a page takes its time too. */
const PAGE_MS = 10_000

const risk = z
  .object({
    thing: z.string(),
    at: epochMs,
    failure_probability: z.number().nullable(),
    health_index: z.number().nullable(),
    evidence: z.array(z.string()),
  })
  .catchall(z.unknown())
  .meta({ id: 'MachineRisk' })

const failureMode = z
  .object({
    id: z.string(),
    machine: z.string(),
    component: z.string(),
    mode: z.string(),
    symptoms: z.array(
      z.object({
        measure: z.string().meta({ description: 'Regular expression of the measures that it shows in.' }),
        goes: z.string(),
        weight: z.number(),
      }),
    ),
    action: z.string(),
    actWithinHours: z.number(),
    severity: z.number().meta({ description: '1 has no consequence, 10 endangers people.' }),
  })
  .meta({ id: 'FailureMode' })

const examplePage = z
  .object({
    items: z.array(
      z.object({
        thing: z.string(),
        at: epochMs,
        failed: z.union([z.literal(0), z.literal(1)]),
        features: z.record(z.string(), z.number()),
      }),
    ),
    until: epochMs,
    moments: z.int().meta({ description: 'Moments in all.' }),
    failures: z.int().meta({ description: 'Those that precede a failure.' }),
    cursor: z.string().nullable(),
  })
  .meta({ id: 'TrainingExamples' })

export const maintenance = (ports: ApiPorts, trades: TradePorts) => [
  endpoint(
    {
      id: 'listRisks',
      method: 'get',
      path: '/v1/maintenance/risks',
      tag: 'maintenance',
      summary:
        'Machines by how likely they are to fail, then by how unhealthy they are, each with its evidence',
      role: 'viewer',
      query: z.strictObject({ thing: thingName.optional(), limit: limitParameter(100) }),
      answers: [{ status: 200, description: 'The riskiest first', schema: z.object({ items: z.array(risk) }).meta({ id: 'RiskList' }) }], // prettier-ignore
    },
    async ({ query: { thing, limit }, principal }) => {
      const now = ports.clock.now()
      const found = await ports.telemetry.facts(
        given({ type: machineFacts.health, thing, from: now - RECENT_MS, to: now + 1, limit: MOST }),
      )
      const newest = new Map<string, (typeof found)[number]>()
      const sees = thingFilter(principal, ports)
      for (const fact of found) if (await sees(fact.thing)) newest.set(fact.thing, fact)
      const number = (value: unknown, otherwise: number): number =>
        typeof value === 'number' ? value : otherwise
      const items = [...newest.values()]
        .sort(
          (a, b) =>
            number(b.value['failure_probability'], -1) - number(a.value['failure_probability'], -1) ||
            number(a.value['health_index'], 101) - number(b.value['health_index'], 101) ||
            (a.thing < b.thing ? -1 : 1),
        )
        .slice(0, limit)
      return { items: items.map(({ thing: name, at, value }) => ({ thing: name, at, ...value })) }
    },
  ),
  endpoint(
    {
      id: 'listFailureModes',
      method: 'get',
      path: '/v1/maintenance/modes',
      tag: 'maintenance',
      summary: 'The table of failure modes: what shows them, and what to do about them',
      role: 'viewer',
      answers: [{ status: 200, description: 'Every mode', schema: z.object({ items: z.array(failureMode) }).meta({ id: 'FailureModeList' }) }], // prettier-ignore
    },
    () => ({
      items: failureModes.map(({ symptoms, ...mode }) => ({
        ...mode,
        symptoms: symptoms.map(({ measure, goes, weight }) => ({ measure: measure.source, goes, weight })),
      })),
    }),
  ),
  endpoint(
    {
      id: 'listTrainingExamples',
      method: 'get',
      path: '/v1/maintenance/examples',
      tag: 'maintenance',
      summary: 'What a model may learn from: features at moments of the past, and what came of them',
      description:
        'Moments before failures that mechanics found or confirmed, moments of alarms without a fault, and a thinned selection ' +
        'of days without any. Features are computed from stored history as it was known at each moment.',
      role: 'admin',
      query: z.strictObject({
        until: z.coerce.number().int().exactOptional().meta({ description: 'End of the range in epoch milliseconds; now if absent. Keep it from page to page.' }), // prettier-ignore
        days: z.coerce.number().int().min(1).max(3660).default(90),
        horizonHours: z.coerce.number().min(1).max(720).default(24),
        most: z.coerce.number().int().min(2).max(apiLimits.trainingMoments).default(2000).meta({ description: 'Moments in all; days without failure are thinned out for it.' }), // prettier-ignore
        history: z.enum(['asKnown', 'asStored']).default('asKnown').meta({ description: '`asKnown` leaves out what came in after each moment; `asStored` takes it, for history that was imported.' }), // prettier-ignore
        cursor: z.string().max(512).optional(),
        limit: z.coerce.number().int().min(1).max(apiLimits.examplesPerPage).default(20).meta({ description: 'Moments that are looked at for this page.' }), // prettier-ignore
      }),
      answers: [{ status: 200, description: 'A page', schema: examplePage }],
      problems: ['bad_cursor'],
    },
    async ({
      query: { until = ports.clock.now(), days, horizonHours, most, history, cursor, limit },
      principal,
    }) => {
      const began = ports.clock.elapsed()
      const after = cursor === undefined ? undefined : momentOf(cursor)
      const page = await trades.examples({
        from: until - days * 24 * HOUR,
        until,
        horizonMs: horizonHours * HOUR,
        most,
        limit,
        asStored: history === 'asStored',
        enough: () => ports.clock.elapsed() - began > PAGE_MS,
        sees: thingFilter(principal, ports),
        ...(after && { after }),
      })
      return {
        items: page.examples.map(({ features, ...example }) => ({
          ...example,
          features: Object.fromEntries(
            Object.entries(features).filter(([, value]) => Number.isFinite(value)),
          ),
        })),
        until,
        moments: page.moments,
        failures: page.failures,
        cursor: page.next && `${page.next.thing}|${page.next.at}`,
      }
    },
  ),
]

function momentOf(cursor: string): { thing: string; at: number } {
  const [thing, at, ...more] = cursor.split('|')
  if (!thing || !/^\d{1,16}$/.test(at ?? '') || more.length > 0)
    throw new ApiProblem('bad_cursor', `${cursor} is no moment`)
  return { thing, at: Number(at) }
}
