import * as z from 'zod'
import { historyOf } from '../history-of.ts'
import { endpoint } from '../endpoint.ts'
import { apiLimits } from '../limits.ts'
import type { ApiPorts, HistoryPort } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { label } from '../schemas.ts'

const daysKept = z.int().min(1).max(36_600)
const policy = z
  .strictObject({
    classes: z
      .array(
        z.strictObject({
          name: label,
          measures: z.array(label).max(apiLimits.namesPerQuery),
          days: z.strictObject({ readings: daysKept, windows: daysKept, quarters: daysKept, days: daysKept }),
        }),
      )
      .min(1)
      .max(16),
    warmAfterDays: daysKept,
    coldAfterDays: daysKept,
  })
  .meta({ id: 'RetentionPolicy' })

const due = z.object({
  kind: z.string(),
  class: z.string(),
  from: z.int().meta({ description: 'Lake day: days since the epoch, UTC.' }),
  until: z.int(),
  files: z.int(),
  bytes: z.int().nullable().meta({ description: 'Null where only their store knows, file by file.' }),
  rows: z.int(),
})

type RetentionPorts = Pick<ApiPorts, 'audit' | 'clock'> & { history?: Pick<HistoryPort, 'retention'> }

function retentionOf(ports: RetentionPorts): NonNullable<HistoryPort['retention']> {
  const { retention } = historyOf(ports)
  if (!retention) throw new ApiProblem('no_history', 'nothing expires here')
  return retention
}

/** How long what is kept. */
export const retention = (ports: RetentionPorts) => [
  endpoint(
    {
      id: 'getRetention',
      method: 'get',
      path: '/v1/retention',
      tag: 'history',
      summary: 'How long what is kept, and what would go now',
      role: 'viewer',
      answers: [
        { status: 200, description: 'Policy and dry run', schema: z.object({ policy, due: z.array(due) }) },
      ],
      problems: ['no_history'],
    },
    async () => {
      const retention = retentionOf(ports)
      return { policy: await retention.get(), due: await retention.dryRun() }
    },
  ),
  endpoint(
    {
      id: 'putRetention',
      method: 'put',
      path: '/v1/retention',
      tag: 'history',
      summary: 'Change how long what is kept',
      description: 'What expires then goes two days of data a day, oldest first.',
      role: 'admin',
      body: policy,
      answers: [{ status: 204, description: 'The policy holds from now on' }],
      problems: ['no_history', 'bad_policy', 'wrong_site'],
    },
    async ({ body, principal }) => {
      if (principal.sites !== null) throw new ApiProblem('wrong_site', 'retention belongs to all sites')
      const fault = await retentionOf(ports).put(body)
      if (fault !== null) throw new ApiProblem('bad_policy', fault)
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'retention.put',
        subject: '',
        detail: JSON.stringify(body),
      })
    },
  ),
]
