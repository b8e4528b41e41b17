import * as z from 'zod'
import { limitFault, usualLimits } from '../../core/building/hvac/interlock.ts'
import { planLack, siteThing, type Site, type Zone } from '../../core/building/site.ts'
import { buildingFacts, overrideFact, overridesOf } from '../../pipeline/jobs/building-facts.ts'
import { endpoint } from '../endpoint.ts'
import { apiLimits } from '../limits.ts'
import type { ApiPorts, TradePorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { rangeOf } from '../range.ts'
import { epochMs, label, rangeParameters } from '../schemas.ts'
import { setPointShape, siteName, siteParams } from '../site-schema.ts'
import { note, visibleSite } from './sites.ts'

const HOUR = 3_600_000
const FACTS = 50_000
const open = z.record(z.string(), z.unknown())
const listOf = (description: string, id: string) =>
  [{ status: 200, description, schema: z.object({ items: z.array(open) }).meta({ id }) }] as const
const planAnswer = (id: string) =>
  z.object({ plan: open.nullable(), why: z.string().optional().meta({ description: 'Why there is no plan' }) }).meta({ id }) // prettier-ignore
const zoneParams = z.strictObject({ site: siteName, zone: label })

export const buildings = (ports: ApiPorts, trades: TradePorts) => {
  const factsOf = async (type: string, site: string, from: number, to: number, limit = FACTS) =>
    ports.telemetry.facts({ type, thing: siteThing(site), from, to, limit })

  /** The newest fact of each zone. */
  const newestByZone = async (type: string, site: string, from: number) => {
    const found = new Map<string, Record<string, unknown>>()
    for (const { at, value } of await factsOf(type, site, from, ports.clock.now() + 1)) {
      const zone = String(value['zone'])
      found.set(zone, { at, ...value })
    }
    return found
  }

  return [
    endpoint(
      {
        id: 'listZones',
        method: 'get',
        path: '/v1/buildings/{site}/zones',
        tag: 'buildings',
        summary:
          'Zones as they are now: temperature, comfort, occupancy with its confidence, set-points asked and reported, and what was learned',
        role: 'viewer',
        params: siteParams,
        answers: listOf('One item a zone', 'ZoneList'),
        problems: ['no_such_site'],
      },
      async ({ params: { site: name }, principal }) => {
        const site = await visibleSite(principal, trades, name)
        const now = ports.clock.now()
        const quarters = await newestByZone(buildingFacts.quarter, name, now - HOUR)
        const knowledge = await newestByZone(buildingFacts.knowledge, name, now)
        const overrides = await overridesOf(ports.telemetry, name, now)
        const standing = new Map<string, unknown>()
        for (const { name: zone, plant } of site.zones)
          if (plant) standing.set(zone, await trades.setPoints.standing(plant.thing, zone))
        return {
          items: site.zones.map((zone) => {
            const known = knowledge.get(zone.name)
            const model = known?.['identification'] as { rmseC: number; accepted: boolean } | null | undefined
            return {
              zone: zone.name,
              now: quarters.get(zone.name) ?? null,
              learned: known
                ? { at: known['at'], days: known['days'], room: known['room'], model: model && { rmseC: model.rmseC, accepted: model.accepted } } // prettier-ignore
                : null,
              setPoints: standing.get(zone.name) ?? null,
              override: overrides.find((override) => override.zone === zone.name) ?? null,
            }
          }),
        }
      },
    ),
    ...(
      [
        [
          'listComfort',
          'comfort',
          buildingFacts.quarter,
          'Quarter hours of every zone: temperature, PMV and PPD, occupancy',
          'ComfortList',
        ],
        [
          'listEnergy',
          'energy',
          buildingFacts.energy,
          'Energy, cost and expected consumption by meter, zone and hour',
          'EnergyList',
        ],
        [
          'listDecisions',
          'decisions',
          buildingFacts.decision,
          'What the HVAC controller decided, with its reasons',
          'DecisionList',
        ],
      ] as const
    ).map(([id, path, type, summary, schemaId]) =>
      endpoint(
        {
          id,
          method: 'get',
          path: `/v1/buildings/{site}/${path}`,
          tag: 'buildings',
          summary,
          role: 'viewer',
          params: siteParams,
          query: z.strictObject(rangeParameters),
          answers: listOf('Ascending by time', schemaId),
          problems: ['no_such_site', 'bad_range', 'range_too_long'],
        },
        async ({ params: { site }, query, principal }) => {
          await visibleSite(principal, trades, site)
          const { from, to } = rangeOf(query, undefined, ports.clock.now(), apiLimits.readingsRangeMs)
          const found = await factsOf(type, site, from, to)
          return {
            items: found
              .filter((fact) => fact.at >= from)
              .map(({ at, until, value }) => ({ at, until, ...value })),
          }
        },
      ),
    ),
    endpoint(
      {
        id: 'getPlan',
        method: 'get',
        path: '/v1/buildings/{site}/plan',
        tag: 'buildings',
        summary:
          'The newest plan: set-points for 24 hours, consumption, cost and saving over the whole horizon, and why',
        role: 'viewer',
        params: siteParams,
        answers: [
          { status: 200, description: 'The plan, null before the first', schema: planAnswer('Plan') },
        ],
        problems: ['no_such_site'],
      },
      async ({ params, principal }) => {
        const site = await visibleSite(principal, trades, params.site)
        const plan = await newestPlan(site.name)
        return plan ? { plan } : { plan, why: planLack(site) ?? `${site.name} has not been planned yet` }
      },
    ),
    endpoint(
      {
        id: 'planNow',
        method: 'post',
        path: '/v1/buildings/{site}/plan',
        tag: 'buildings',
        summary: 'Plan now instead of at the next quarter',
        role: 'operator',
        params: siteParams,
        answers: [{ status: 200, description: 'The plan; null, and why, where nothing can be planned', schema: planAnswer('PlanNow') }], // prettier-ignore
        problems: ['no_such_site', 'not_allowed_now', 'store_behind'],
      },
      async ({ params, principal }) => {
        const site = await visibleSite(principal, trades, params.site)
        const why = planLack(site)
        if (why !== null) return { plan: null, why }
        await trades.plan(site.name)
        note(ports, principal, 'building.plan', site.name, '')
        const plan = await newestPlan(site.name)
        return plan
          ? { plan }
          : {
              plan,
              why: `${site.name} was described only now: a plan is made of minutes that are over; ask again in two minutes`,
            }
      },
    ),
    endpoint(
      {
        id: 'overrideZone',
        method: 'put',
        path: '/v1/buildings/{site}/zones/{zone}/override',
        tag: 'buildings',
        summary: 'Set a zone by hand for a while; the controller stands back',
        description:
          'Goes to the plant at once, as desired state of its shadow `hvac`, and wins over every plan until it ends. Within the building’s limits.',
        role: 'operator',
        params: zoneParams,
        body: z
          .strictObject({ ...setPointShape, until: epochMs })
          .refine(({ heatC, coolC }) => coolC > heatC, {
            error: 'coolC must lie above heatC',
            path: ['coolC'],
          })
          .meta({ id: 'ZoneOverride' }),
        answers: [{ status: 200, description: 'What holds now', schema: open }],
        problems: ['no_such_site', 'no_such_zone', 'out_of_limits', 'not_allowed_now', 'store_behind'],
      },
      async ({ params, body: { heatC, coolC, until }, principal }) => {
        const site = await visibleSite(principal, trades, params.site)
        const now = ports.clock.now()
        const { name: zone, plant } = zoneOf(site, params.zone)
        if (!plant) throw new ApiProblem('not_allowed_now', `${zone} has no plant that could be set`)
        const fault = limitFault({ heatC, coolC }, site.limits ?? usualLimits)
        if (fault !== null) throw new ApiProblem('out_of_limits', fault)
        if (until <= now || until > now + apiLimits.overrideMs)
          throw new ApiProblem('not_allowed_now', 'until must lie within the next seven days')
        const override = { zone, heatC, coolC, until, by: principal.name }
        await trades.store([overrideFact(site.name, override, now)])
        await trades.setPoints.apply([
          { thing: plant.thing, zone, source: 'operator', by: principal.name, at: now, setPoints: { heatC, coolC, until } }, // prettier-ignore
        ])
        note(ports, principal, 'building.override', `${site.name}/${zone}`, JSON.stringify(override))
        return override
      },
    ),
    endpoint(
      {
        id: 'endOverride',
        method: 'delete',
        path: '/v1/buildings/{site}/zones/{zone}/override',
        tag: 'buildings',
        summary: 'End a setting by hand: its plant goes back to its own schedule until the next plan',
        role: 'operator',
        params: zoneParams,
        answers: [{ status: 204, description: 'Ended' }],
        problems: ['no_such_site', 'no_such_zone', 'not_allowed_now', 'store_behind'],
      },
      async ({ params, principal }) => {
        const site = await visibleSite(principal, trades, params.site)
        const now = ports.clock.now()
        const { name: zone, plant } = zoneOf(site, params.zone)
        const standing = (await overridesOf(ports.telemetry, site.name, now)).find(
          (o) => o.zone === params.zone,
        )
        if (!standing) throw new ApiProblem('not_allowed_now', `${params.zone} is not set by hand`)
        await trades.store([overrideFact(site.name, { ...standing, until: now }, now)])
        if (plant)
          await trades.setPoints.apply([
            { thing: plant.thing, zone, source: 'operator', by: principal.name, at: now, setPoints: null },
          ])
        note(ports, principal, 'building.override.end', `${site.name}/${params.zone}`, '')
      },
    ),
  ]

  function zoneOf(site: Site, name: string): Zone {
    const zone = site.zones.find((z) => z.name === name)
    if (!zone) throw new ApiProblem('no_such_zone', `${site.name} has no zone ${name}`)
    return zone
  }

  async function newestPlan(site: string): Promise<Record<string, unknown> | null> {
    const now = ports.clock.now()
    const [plan] = await factsOf(buildingFacts.plan, site, now, now + 1, 1)
    return plan ? { at: plan.at, until: plan.until, ...plan.value } : null
  }
}
