import * as z from 'zod'
import { anonymous } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts } from '../ports.ts'
import { epochMs } from '../schemas.ts'

const status = z.enum(['ok', 'degraded'])
const healthSchema = z
  .object({
    status,
    conditions: z
      .array(z.object({ code: z.string(), text: z.string(), since: epochMs }))
      .optional()
      .meta({ description: 'Why it is degraded. With a token only, as is all that follows.' }),
    version: z.string().optional(),
    startedAt: epochMs.optional(),
    lastReceivedAt: epochMs.nullable().optional(),
    now: epochMs.optional(),
    gauges: z.record(z.string(), z.number()).optional(),
    throughput: z
      .object({ at: z.array(epochMs), readingsPerSecond: z.array(z.number()) })
      .optional()
      .meta({ description: 'The last quarter of an hour, one point every few seconds.' }),
  })
  .meta({ id: 'Health' })

/** `openMetrics` lets a scraper in without a token: for a listener on loopback only. */
export const health = (ports: ApiPorts, { openMetrics }: { openMetrics: boolean }) => [
  endpoint(
    {
      id: 'getHealth',
      method: 'get',
      path: '/v1/health',
      tag: 'platform',
      summary: 'Whether the platform is at its best, and if not, why',
      role: 'open',
      answers: [{ status: 200, description: 'The state of the platform', schema: healthSchema }],
    },
    async ({ principal }) => {
      const found = await ports.health()
      const status = found.conditions.length === 0 ? 'ok' : 'degraded'
      return principal === anonymous ? { status } : { status, ...found, now: ports.clock.now() }
    },
  ),
  endpoint(
    {
      id: 'getMetrics',
      method: 'get',
      path: '/metrics',
      tag: 'platform',
      summary: 'Metrics for Prometheus',
      role: openMetrics ? 'open' : 'viewer',
      answers: [{ status: 200, description: 'Text exposition format 0.0.4', mediaType: 'text/plain' }],
    },
    async () =>
      new Response(await ports.metrics(), {
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      }),
  ),
]
