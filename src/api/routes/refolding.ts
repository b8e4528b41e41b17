import * as z from 'zod'
import { historyOf } from '../history-of.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts, HistoryPort } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { timeParameter } from '../schemas.ts'

type RefoldingPorts = Pick<ApiPorts, 'audit' | 'clock'> & {
  history?: Pick<HistoryPort, 'refold' | 'rebuild'>
}

/** What is made again of stored readings and archived messages. */
export const refolding = (ports: RefoldingPorts) => [
  endpoint(
    {
      id: 'refoldRaw',
      method: 'post',
      path: '/v1/history/refold',
      tag: 'history',
      summary: 'Send archived raw messages through the pipeline again',
      description:
        'As history: what a damaged or lost file held is stored again, what is there stays as it is. With `after`, empty at first, it goes part by part: send `next` as `after` until it is null. On AWS it always does, for a request has seconds there.',
      role: 'admin',
      body: z.strictObject({
        from: timeParameter,
        to: timeParameter,
        after: z
          .string()
          .max(1024)
          .optional()
          .meta({ description: 'Where the part before ended; empty for the first.' }),
      }),
      answers: [
        {
          status: 200,
          description: 'Sent',
          schema: z.object({
            messages: z.int().meta({ description: 'Of this part.' }),
            next: z
              .string()
              .nullable()
              .meta({ description: 'Where the next part begins; null once all is sent.' }),
          }),
        },
      ],
      problems: ['no_history', 'wrong_site', 'bad_range'],
    },
    async ({ body: { from, to, after }, principal }) => {
      if (principal.sites !== null) throw new ApiProblem('wrong_site', 'the archive belongs to all sites')
      if (from >= to) throw new ApiProblem('bad_range', `from is ${from}, to is ${to}`)
      const { refold } = historyOf(ports)
      if (!refold) throw new ApiProblem('no_history', 'no raw messages are archived here')
      const { messages, next } = await refold({ from, to, after })
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'history.refold',
        subject: '',
        detail: JSON.stringify({ from, to, messages }),
      })
      return { messages, next }
    },
  ),
  endpoint(
    {
      id: 'rebuildWindows',
      method: 'post',
      path: '/v1/history/rebuild',
      tag: 'history',
      summary: 'Make the windows of sealed days again from their readings',
      description:
        'With their quarter-hours and days. `giveUpDamaged` takes damaged files out of the lake for good: ask for it after the range was refolded, or where no backup has them. On AWS windows are made in the background, which takes minutes, and no file is found damaged.',
      role: 'admin',
      body: z.strictObject({
        from: timeParameter,
        to: timeParameter,
        giveUpDamaged: z.boolean().default(false),
      }),
      answers: [
        {
          status: 200,
          description: 'Days whose windows were made, and files that were given up',
          schema: z.object({ days: z.int(), givenUp: z.int() }),
        },
      ],
      problems: ['no_history', 'wrong_site', 'bad_range', 'deep_archive', 'too_much'],
    },
    async ({ body: { from, to, giveUpDamaged }, principal }) => {
      if (principal.sites !== null) throw new ApiProblem('wrong_site', 'the lake belongs to all sites')
      if (from >= to) throw new ApiProblem('bad_range', `from is ${from}, to is ${to}`)
      const history = historyOf(ports)
      if (!history.rebuild) throw new ApiProblem('no_history', 'windows are not kept in files here')
      const done = await history.rebuild(from, to, giveUpDamaged)
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'history.rebuild',
        subject: '',
        detail: JSON.stringify({ from, to, giveUpDamaged, ...done }),
      })
      return done
    },
  ),
]
