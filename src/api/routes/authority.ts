import * as z from 'zod'
import type { AuthorityDesk } from '../../ports/device-credentials.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { epochMs } from '../schemas.ts'

const root = z
  .object({
    fingerprint: z.string(),
    madeAt: epochMs,
    notAfter: epochMs,
    signsDevices: z.boolean().meta({ description: 'The newest signs certificates of devices.' }),
    signsServer: z.boolean().meta({ description: 'The oldest that can signs the server’s certificate.' }),
    switchesAt: epochMs.meta({ description: 'From then on devices need a newer root to trust the server.' }),
  })
  .meta({ id: 'TrustRoot' })

export const authority = (ports: ApiPorts, desk: AuthorityDesk) => [
  endpoint(
    {
      id: 'listRoots',
      method: 'get',
      path: '/v1/authority',
      tag: 'devices',
      summary:
        'Roots of the box’s own authority, oldest first, and how many devices were never given the newest',
      role: 'viewer',
      answers: [
        {
          status: 200,
          description: 'The roots',
          schema: z.object({ items: z.array(root), unaware: z.int() }),
        },
      ],
    },
    () => ({ items: desk.roots(), unaware: desk.unaware().length }),
  ),
  endpoint(
    {
      id: 'renewRoot',
      method: 'post',
      path: '/v1/authority/roots',
      tag: 'devices',
      summary: 'A new root beside the others, ahead of its time',
      description:
        'New certificates of devices are signed by it at once; the server goes on with the old one until that ends. The authority belongs to all sites, so a token with a site scope may not renew it.',
      role: 'admin',
      body: z.strictObject({}),
      answers: [{ status: 201, description: 'The new root', schema: root }],
      problems: ['wrong_site'],
    },
    async ({ principal }) => {
      if (principal.sites !== null) throw new ApiProblem('wrong_site', 'the authority belongs to all sites')
      const made = await desk.renewRoot()
      ports.audit.record({ at: ports.clock.now(), actor: principal.name, action: 'authority.renew', subject: made.fingerprint, detail: '' }) // prettier-ignore
      return made
    },
  ),
]
