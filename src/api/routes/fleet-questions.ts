import * as z from 'zod'
import type { Device } from '../../core/device/profile.ts'
import { fleetQuestionNames, type FleetQuestionName } from '../../pipeline/history/fleet-questions.ts'
import { limits } from '../../core/telemetry/limits.ts'
import { seesSite } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { rangeOf } from '../range.ts'
import { label, rangeParameters, thingName } from '../schemas.ts'

const DAY = 86_400_000
/** These look back by themselves, step by step. */
const latestQuestions: ReadonlySet<FleetQuestionName> = new Set([
  'last-loc',
  'single-last-loc',
  'low-fuel',
  'high-load',
])

export const fleetQuestions = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'askFleetQuestion',
      method: 'get',
      path: '/v1/fleet/questions/{name}',
      tag: 'fleet',
      summary: 'A question about a fleet by its TSBS name',
      description:
        'The thirteen queries of the Time Series Benchmark Suite’s IoT use case. Tags come from the device’s attributes fleet, driver, model, load_capacity, nominal_fuel_consumption; a truck whose tag is missing belongs to no group of that tag. Buckets are ten minutes of UTC, cut where the range begins and ends. The latest values are looked for as far back as there are readings, unless `from` says otherwise.',
      role: 'viewer',
      params: z.strictObject({ name: z.enum(fleetQuestionNames as [FleetQuestionName]) }),
      query: z.strictObject({
        fleet: label.optional().meta({ description: 'Only trucks of this fleet.' }),
        thing: thingName.optional().meta({ description: 'Only this truck; needed by single-last-loc.' }),
        ...rangeParameters,
        from: rangeParameters.from.meta({
          description:
            'Start, included. One day before `to` unless told; as far back as there are readings for latest values.',
        }),
      }),
      answers: [
        {
          status: 200,
          description: 'Rows of the answer',
          schema: z.object({
            items: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
          }),
        },
      ],
      problems: ['bad_range', 'range_too_long', 'too_much', 'no_history', 'no_such_device'],
    },
    async ({ params: { name }, query: { fleet, thing, from, to }, principal }) => {
      if (!ports.history) throw new ApiProblem('no_history', 'there is no lake to ask')
      if (name === 'single-last-loc' && thing === undefined)
        throw new ApiProblem('bad_parameter', 'thing: single-last-loc asks for one truck')
      const end = to ?? ports.clock.now()
      const latest = latestQuestions.has(name)
      const range = rangeOf(
        { from: from ?? (latest ? limits.earliestAt : end - DAY), to: end },
        undefined,
        end,
        latest ? Infinity : apiLimits.fleetRangeMs,
      )
      const trucks: Device[] = []
      for (let cursor: string | undefined; ;) {
        const page = await ports.devices.list(given({ trade: 'fleet' as const, cursor, limit: 1000 }))
        for (const device of page)
          if (
            seesSite(principal, device.site) &&
            (thing === undefined || device.thing === thing) &&
            (fleet === undefined || device.attributes['fleet'] === fleet)
          )
            trucks.push(device)
        if (page.length < 1000) break
        cursor = page.at(-1)!.thing
      }
      if (thing !== undefined && trucks.length === 0)
        throw new ApiProblem('no_such_device', `there is no truck ${thing}`)
      return {
        items: await ports.history.fleetQuestion({ name, trucks, ...range }),
      }
    },
  ),
]
