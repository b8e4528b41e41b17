import * as z from 'zod'
import { readDeviceModel } from '../../core/maintenance/device-model.ts'
import { addModel, changeLine } from '../../pipeline/jobs/trade-desk.ts'
import { endpoint } from '../endpoint.ts'
import { apiLimits } from '../limits.ts'
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
  const known = (name: string): void => {
    if (!trades.modelNames.includes(name)) throw new ApiProblem('no_such_model', `there is no model ${name}`)
  }
  const change = async (name: string, what: Parameters<typeof changeLine>[2]): Promise<void> => {
    known(name)
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
        id: 'addModelVersion',
        method: 'post',
        path: '/v1/models/{model}/versions',
        tag: 'maintenance',
        summary: 'Add a model file as the next version; it scores once it is promoted',
        description:
          'The file is XGBoost JSON with the objective binary:logistic on features that machines have (vibration.mean.24h); ' +
          'telltale train makes one of the machines’ own history, and so may XGBoost itself. Versions never change.',
        role: 'admin',
        params,
        bodyBytes: apiLimits.modelBytes,
        body: z
          .strictObject({
            file: z.string().min(1).meta({ description: 'The model file’s text.' }),
            metrics: z
              .record(label, z.number())
              .default({})
              .meta({ description: 'How it did on what it had not seen.' }),
          })
          .meta({ id: 'NewModelVersion' }),
        answers: [{ status: 201, description: 'The model with its new version', schema: line }],
        problems: ['no_such_model', 'bad_model', 'not_allowed_now', 'wrong_site'],
      },
      async ({ params: { model }, body: { file, metrics }, principal }) => {
        everySite(principal)
        known(model)
        try {
          readDeviceModel(file)
        } catch (error) {
          throw new ApiProblem('bad_model', (error as Error).message)
        }
        const outcome = await addModel(trades.models, model, file, metrics, ports.clock.now())
        if (outcome.kind === 'refused') throw new ApiProblem('not_allowed_now', outcome.reason)
        note(ports, principal, 'model.add', model, String(outcome.line.versions.at(-1)!.version))
        return shown(model)
      },
    ),
    endpoint(
      {
        id: 'getModelVersion',
        method: 'get',
        path: '/v1/models/{model}/versions/{version}',
        tag: 'maintenance',
        summary: 'The file of a version, as XGBoost JSON',
        role: 'viewer',
        params: z.strictObject({ model: label, version: z.coerce.number().int().min(1) }),
        answers: [{ status: 200, description: 'XGBoost JSON', mediaType: 'application/json' }],
        problems: ['no_such_model', 'no_such_version'],
      },
      async ({ params: { model, version } }) => {
        known(model)
        const { versions } = await shown(model)
        const text = versions.some((of) => of.version === version)
          ? await trades.models.getModel(model, version)
          : null
        if (text === null) throw new ApiProblem('no_such_version', `model ${model} has no version ${version}`)
        return new Response(text, { headers: { 'content-type': 'application/json' } })
      },
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
