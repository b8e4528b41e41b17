import * as z from 'zod'
import { siteFaults } from '../../core/building/site.ts'
import { seesSite } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts, Principal, TradePorts } from '../ports.ts'
import { ApiProblem, refuseOther } from '../problem.ts'
import { epochMs } from '../schemas.ts'
import { siteInputSchema, siteParams, siteSchema } from '../site-schema.ts'

/** Throws no_such_site unless it is there and within the principal's sites. */
export async function visibleSite(principal: Principal, { sites }: TradePorts, name: string) {
  const site = seesSite(principal, name) ? await sites.get(name) : null
  if (!site) throw new ApiProblem('no_such_site', `there is no building ${name}`)
  return site
}

export const sites = (ports: ApiPorts, trades: TradePorts) => [
  endpoint(
    {
      id: 'listSites',
      method: 'get',
      path: '/v1/sites',
      tag: 'buildings',
      summary: 'Buildings with their zones, meters, tariffs and schedules, ascending by name',
      role: 'viewer',
      answers: [{ status: 200, description: 'All that the token may see', schema: z.object({ items: z.array(siteSchema) }) }], // prettier-ignore
    },
    async ({ principal }) => ({
      items: (await trades.sites.list()).filter(({ name }) => seesSite(principal, name)),
    }),
  ),
  endpoint(
    {
      id: 'getSite',
      method: 'get',
      path: '/v1/sites/{site}',
      tag: 'buildings',
      summary: 'One building',
      role: 'viewer',
      params: siteParams,
      answers: [{ status: 200, description: 'The building', schema: siteSchema }],
      problems: ['no_such_site'],
    },
    async ({ params: { site }, principal }) => visibleSite(principal, trades, site),
  ),
  endpoint(
    {
      id: 'putSite',
      method: 'put',
      path: '/v1/sites/{site}',
      tag: 'buildings',
      summary: 'Add or replace a building',
      description: 'Listed at once; jobs see it from `effectiveFrom`.',
      role: 'admin',
      params: siteParams,
      body: siteInputSchema,
      answers: [
        {
          status: 200,
          description: 'The building as it will be',
          schema: z.object({ site: siteSchema, effectiveFrom: epochMs }).meta({ id: 'SiteChange' }),
        },
      ],
      problems: ['wrong_site', 'bad_site'],
    },
    async ({ params: { site: name }, body, principal }) => {
      if (!seesSite(principal, name)) throw new ApiProblem('wrong_site', `the token is not for ${name}`)
      refuseOther('name', body.name, name)
      const site = { ...body, name }
      const [fault] = siteFaults(site)
      if (fault !== undefined) throw new ApiProblem('bad_site', fault)
      const { effectiveFrom } = await trades.sites.put(site)
      note(ports, principal, 'site.put', name, JSON.stringify(site))
      return { site, effectiveFrom }
    },
  ),
  endpoint(
    {
      id: 'deleteSite',
      method: 'delete',
      path: '/v1/sites/{site}',
      tag: 'buildings',
      summary: 'Forget a building; what was measured and planned stays',
      role: 'admin',
      params: siteParams,
      answers: [{ status: 204, description: 'Gone' }],
      problems: ['no_such_site'],
    },
    async ({ params: { site }, principal }) => {
      await visibleSite(principal, trades, site)
      await trades.sites.remove(site)
      note(ports, principal, 'site.remove', site, '')
    },
  ),
]

/** Who did what, for the audit log. */
export const note = (
  ports: Pick<ApiPorts, 'audit' | 'clock'>,
  principal: Principal,
  action: string,
  subject: string,
  detail: string,
): void => ports.audit.record({ at: ports.clock.now(), actor: principal.name, action, subject, detail })
