import * as z from 'zod'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { decodeCursor, fillPage, idCursor, pageOf } from '../paging.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { auditEntrySchema, cursorParameter, limitParameter, pageSchema } from '../schemas.ts'

export const audit = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'listAudit',
      method: 'get',
      path: '/v1/audit',
      tag: 'platform',
      summary: 'Who changed what, and what was refused',
      description: 'The audit log belongs to all sites, so a token with a site scope may not read it.',
      role: 'admin',
      query: z.strictObject({
        actor: z.string().min(1).max(512).optional(),
        action: z.string().min(1).max(64).optional(),
        subject: z.string().min(1).max(512).optional(),
        limit: limitParameter(100),
        cursor: cursorParameter,
      }),
      answers: [{ status: 200, description: 'A page of entries', schema: pageSchema(auditEntrySchema) }],
      problems: ['wrong_site', 'bad_cursor'],
    },
    async ({ query: { cursor, limit, ...filter }, principal, context }) => {
      if (principal.sites !== null) throw new ApiProblem('wrong_site', 'the audit log belongs to all sites')
      const { items, after } = await fillPage({
        fetch: async (cursor, limit) => ports.audit.list(given({ ...filter, cursor, limit })),
        idOf: (entry) => entry.id,
        keep: () => true,
        cursor: decodeCursor(cursor, idCursor),
        limit,
      })
      return pageOf(context.req.url, items, after === null ? null : { cursor: after })
    },
  ),
]
