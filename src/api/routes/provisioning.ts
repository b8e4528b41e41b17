import * as z from 'zod'
import type { JsonObject } from '../../core/device/json.ts'
import type { DeviceDesk } from '../../ports/device-desk.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { decodeCursor, fillPage, idCursor, pageOf } from '../paging.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { cursorParameter, epochMs, label, limitParameter, pageSchema, thingName } from '../schemas.ts'

/** AWS IoT: a template's body has at most 10,240 characters, its name 36. */
const TEMPLATE_LENGTH = 10_240
const templateName = z.string().regex(/^[\w-]{1,36}$/, { error: 'must be 1 to 36 letters, digits, _ or -' })
const templateShape = {
  body: z.record(z.string(), z.json()).refine((body) => JSON.stringify(body).length <= TEMPLATE_LENGTH, {
    error: 'must be at most 10,240 characters',
  }),
  type: label.meta({ description: 'The device type of devices that the registry has not heard of.' }),
  allowListed: z.boolean().default(true).meta({ description: 'Only things on the allow-list may come.' }),
  enabled: z.boolean().default(true),
}
const template = z
  .object({ name: templateName, ...templateShape, body: z.record(z.string(), z.unknown()) })
  .meta({ id: 'ProvisioningTemplate' })
const claim = z
  .object({
    fingerprint: z.string(),
    name: z.string(),
    template: z.string(),
    serial: z.string(),
    status: z.enum(['active', 'revoked']),
    notAfter: epochMs,
  })
  .meta({ id: 'Claim' })
const params = z.strictObject({ template: templateName })

export const provisioning = (ports: ApiPorts, { provisioning: desk }: Pick<DeviceDesk, 'provisioning'>) => {
  const note = (principal: Principal, action: string, subject: string, detail = ''): void =>
    ports.audit.record({ at: ports.clock.now(), actor: principal.name, action, subject, detail })
  const everySite = (principal: Principal): void => {
    if (principal.sites !== null) throw new ApiProblem('wrong_site', 'provisioning belongs to all sites')
  }
  const existing = async (name: string): Promise<void> => {
    if (!(await desk.templates()).some((known) => known.name === name))
      throw new ApiProblem('no_such_template', `there is no template ${name}`)
  }
  return [
    endpoint(
      {
        id: 'listTemplates',
        method: 'get',
        path: '/v1/provisioning/templates',
        tag: 'provisioning',
        summary: 'Provisioning templates',
        role: 'admin',
        answers: [
          { status: 200, description: 'All of them', schema: z.object({ items: z.array(template) }) },
        ],
        problems: ['wrong_site'],
      },
      async ({ principal }) => {
        everySite(principal)
        return { items: await desk.templates() }
      },
    ),
    endpoint(
      {
        id: 'putTemplate',
        method: 'put',
        path: '/v1/provisioning/templates/{template}',
        tag: 'provisioning',
        summary: 'Add or replace a template; the body is AWS IoT’s fleet provisioning template',
        role: 'admin',
        params,
        body: z.strictObject(templateShape),
        answers: [{ status: 200, description: 'The template', schema: template }],
        problems: ['wrong_site', 'bad_template', 'unknown_type'],
      },
      async ({ params: { template: name }, body, principal }) => {
        everySite(principal)
        if (!(await ports.devices.types()).some((type) => type.name === body.type))
          throw new ApiProblem('unknown_type', `there is no type ${body.type}`)
        const put = { name, ...body, body: body.body as JsonObject }
        const refused = await desk.putTemplate(put)
        if (refused !== null) throw new ApiProblem('bad_template', refused)
        note(principal, 'template.put', name, JSON.stringify(put))
        return put
      },
    ),
    endpoint(
      {
        id: 'listAllowed',
        method: 'get',
        path: '/v1/provisioning/templates/{template}/allowed',
        tag: 'provisioning',
        summary: 'Thing names on a template’s allow-list, ascending',
        role: 'admin',
        params,
        query: z.strictObject({ limit: limitParameter(100), cursor: cursorParameter }),
        answers: [{ status: 200, description: 'A page of names', schema: pageSchema(z.string()) }],
        problems: ['wrong_site', 'no_such_template', 'bad_cursor'],
      },
      async ({ params: { template }, query: { cursor, limit }, principal, context }) => {
        everySite(principal)
        await existing(template)
        const { items, after } = await fillPage({
          fetch: async (cursor, limit) => desk.allowed(template, given({ cursor, limit })),
          idOf: (thing) => thing,
          keep: () => true,
          cursor: decodeCursor(cursor, idCursor),
          limit,
        })
        return pageOf(context.req.url, items, after === null ? null : { cursor: after })
      },
    ),
    endpoint(
      {
        id: 'allowThings',
        method: 'post',
        path: '/v1/provisioning/templates/{template}/allowed',
        tag: 'provisioning',
        summary: 'Put thing names on a template’s allow-list',
        role: 'admin',
        params,
        body: z.strictObject({ things: z.array(thingName).min(1).max(5000) }),
        answers: [{ status: 200, description: 'They may come', schema: z.object({ allowed: z.int() }) }],
        problems: ['wrong_site', 'no_such_template'],
      },
      async ({ params: { template }, body: { things }, principal }) => {
        everySite(principal)
        await existing(template)
        await desk.allow(template, things)
        note(principal, 'template.allow', template, things.join(' '))
        return { allowed: things.length }
      },
    ),
    endpoint(
      {
        id: 'disallowThing',
        method: 'delete',
        path: '/v1/provisioning/templates/{template}/allowed/{thing}',
        tag: 'provisioning',
        summary: 'Take a thing name off a template’s allow-list',
        role: 'admin',
        params: z.strictObject({ template: templateName, thing: thingName }),
        answers: [{ status: 204, description: 'It may not come' }],
        problems: ['wrong_site'],
      },
      async ({ params: { template, thing }, principal }) => {
        everySite(principal)
        await desk.disallow(template, thing)
        note(principal, 'template.disallow', template, thing)
      },
    ),
    endpoint(
      {
        id: 'listClaims',
        method: 'get',
        path: '/v1/provisioning/claims',
        tag: 'provisioning',
        summary: 'Claim certificates',
        role: 'admin',
        answers: [{ status: 200, description: 'All of them', schema: z.object({ items: z.array(claim) }) }],
        problems: ['wrong_site'],
      },
      async ({ principal }) => {
        everySite(principal)
        return { items: await desk.claims() }
      },
    ),
    endpoint(
      {
        id: 'createClaim',
        method: 'post',
        path: '/v1/provisioning/claims',
        tag: 'provisioning',
        summary: 'A claim certificate for a batch of devices; its key is given this once',
        role: 'admin',
        body: z.strictObject({ name: templateName, template: templateName }),
        answers: [
          {
            status: 201,
            description: 'The claim',
            schema: z.object({ claim, certificatePem: z.string(), privateKeyPem: z.string() }),
          },
        ],
        problems: ['wrong_site', 'no_such_template'],
      },
      async ({ body: { name, template }, principal }) => {
        everySite(principal)
        const made = await desk.createClaim(name, template)
        if (!made) throw new ApiProblem('no_such_template', `there is no template ${template}`)
        note(principal, 'claim.issue', name, made.claim.fingerprint)
        return made
      },
    ),
    endpoint(
      {
        id: 'revokeClaim',
        method: 'delete',
        path: '/v1/provisioning/claims/{fingerprint}',
        tag: 'provisioning',
        summary: 'Revoke a claim certificate and cut its connections; its devices stay',
        role: 'admin',
        params: z.strictObject({ fingerprint: z.string().regex(/^[\da-f]{64}$/) }),
        answers: [{ status: 200, description: 'The claim as it is now', schema: claim }],
        problems: ['wrong_site', 'no_such_claim'],
      },
      async ({ params: { fingerprint }, principal }) => {
        everySite(principal)
        const revoked = await desk.revokeClaim(fingerprint)
        if (!revoked) throw new ApiProblem('no_such_claim', `there is no claim ${fingerprint}`)
        note(principal, 'claim.revoke', revoked.name, fingerprint)
        return revoked
      },
    ),
  ]
}
