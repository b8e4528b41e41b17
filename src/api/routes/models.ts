import * as z from 'zod'
import { changeLine } from '../../pipeline/jobs/trade-desk.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts, Principal, TradePorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { epochMs, label } from '../schemas.ts'
import { note } from './sites.ts'

const line = z
  .object({
    name: z.string(),
    active: z.int().nullable().meta({ description: 'The version that scores; null while there is none.' }),
    changedAt: epochMs.nullable(),
    versions: z.array(
      z.object({ version: z.int(), createdAt: epochMs, metrics: z.record(z.string(), z.number()) }),
    ),
  })
  .meta({ id: 'ModelLine' })
const params = z.strictObject({ model: label })

export const models = (ports: ApiPorts, trades: TradePorts) => {
  const shown = async (name: string) => {
    const { active, changedAt, versions } = (await trades.models.line(name)).line
    return { name, active, changedAt, versions }
  }
  const everySite = (principal: Principal): void => {
    if (principal.sites !== null) throw new ApiProblem('wrong_site', 'models judge machines of all sites')
  }
  const change = async (name: string, what: Parameters<typeof changeLine>[2]): Promise<void> => {
    if (!trades.modelNames.includes(name)) throw new ApiProblem('no_such_model', `there is no model ${name}`)
    const outcome = await changeLine(trades.models, name, what, ports.clock.now())
    if (outcome.kind === 'refused') throw new ApiProblem('not_allowed_now', outcome.reason)
  }
  return [
    endpoint(
      {
        id: 'listModels',
        method: 'get',
        path: '/v1/models',
        tag: 'maintenance',
        summary: 'Models, their versions, and which of them scores',
        role: 'viewer',
        answers: [{ status: 200, description: 'All models', schema: z.object({ items: z.array(line) }) }],
      },
      async () => ({ items: await Promise.all(trades.modelNames.map(shown)) }),
    ),
    endpoint(
      {
        id: 'promoteModel',
        method: 'post',
        path: '/v1/models/{model}/promote',
        tag: 'maintenance',
        summary: 'Make a version the one that scores',
        role: 'admin',
        params,
        body: z.strictObject({ version: z.int().min(1) }).meta({ id: 'ModelPromotion' }),
        answers: [{ status: 200, description: 'The model as it is now', schema: line }],
        problems: ['no_such_model', 'not_allowed_now', 'wrong_site'],
      },
      async ({ params: { model }, body: { version }, principal }) => {
        everySite(principal)
        await change(model, { kind: 'promote', version })
        note(ports, principal, 'model.promote', model, String(version))
        return shown(model)
      },
    ),
    endpoint(
      {
        id: 'rollBackModel',
        method: 'post',
        path: '/v1/models/{model}/rollback',
        tag: 'maintenance',
        summary: 'Go back to the version that scored before',
        role: 'admin',
        params,
        answers: [{ status: 200, description: 'The model as it is now', schema: line }],
        problems: ['no_such_model', 'not_allowed_now', 'wrong_site'],
      },
      async ({ params: { model }, principal }) => {
        everySite(principal)
        await change(model, { kind: 'rollBack' })
        note(ports, principal, 'model.rollback', model, '')
        return shown(model)
      },
    ),
  ]
}
