import type { ZoneCommand } from '../../core/building/hvac/controller.ts'
import type { BuildingDecision, ZoneLeft } from '../../core/building/hvac/decide.ts'
import type { InterlockState } from '../../core/building/hvac/interlock.ts'
import type { HorizonStep } from '../../core/building/hvac/zone-plan.ts'
import { siteThing, type Site } from '../../core/building/site.ts'
import { QUARTER } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import { buildingFacts } from './building-facts.ts'
import type { KeptState } from './hvac-inputs.ts'

export interface Decided {
  site: Site
  at: EpochMs
  decision: BuildingDecision
  sent: readonly ZoneCommand[]
  left: readonly ZoneLeft[]
  states: ReadonlyMap<string, InterlockState>
  horizon: readonly HorizonStep[]
  /** Where the weather is from. */
  source: string
}

/** A day of quarters: what is planned beyond it only gives the day's end its worth. */
const SHOWN_STEPS = 96
const tenths = (x: number): number => Math.round(10 * x) / 10

/** What is asked of the plant where that is not what was decided, in a sentence. */
function asked(
  zone: string,
  command: ZoneCommand | undefined,
  state: InterlockState | undefined,
  at: EpochMs,
): string[] {
  const by = state?.override
  if (by && at < by.until)
    return [`Nothing is sent: ${by.by} has set ${zone} by hand until ${new Date(by.until).toISOString().slice(0, 16)}Z.`] // prettier-ignore
  if (!command || command.changed.length === 0) return []
  const { heatC, coolC } = command.setPoints
  return [`For now ${zone} is asked to stay between ${heatC.toFixed(1)} and ${coolC.toFixed(1)} °C, as more would be ${command.changed.join(' and ')}.`] // prettier-ignore
}

/** The decision for the record, and the whole plan, of which only the newest is kept. */
export function decisionFacts(decided: Decided): Fact[] {
  const { site, at, decision, sent, left, states, horizon, source } = decided
  const kept = [...states].map(
    ([zone, { current, since, applied, override }]): KeptState & { override: unknown } => ({
      zone,
      current,
      since,
      applied: applied === true,
      override,
    }),
  )
  const zones = decision.zones.map(({ setPoints, ...zone }) => {
    const command = sent.find((c) => c.zone === zone.zone)
    return {
      ...zone,
      why: [zone.why, ...asked(zone.zone, command, states.get(zone.zone), at)].join(' '),
      now: setPoints[0],
      sent: command ? { ...command.setPoints, until: command.until, changed: command.changed } : null,
    }
  })
  const summary = {
    ...decision,
    site: site.name,
    zones,
    left: [...decision.left, ...left],
    weather: source,
    currency: site.tariff?.currency ?? null,
  }
  const common = { thing: siteThing(site.name), at, version: at }
  const day = horizon.slice(0, SHOWN_STEPS)
  return [
    {
      ...common,
      type: buildingFacts.decision,
      key: String(at),
      until: at + QUARTER,
      value: { ...summary, states: kept },
    },
    {
      ...common,
      type: buildingFacts.plan,
      key: 'newest',
      until: at + day.length * QUARTER,
      value: {
        ...summary,
        stepMs: QUARTER,
        horizon: day.map(({ at: t, outdoorC, price }) => ({ at: t, outdoorC: tenths(outdoorC), price })),
        setPoints: Object.fromEntries(
          decision.zones.map(({ zone, setPoints }) => [
            zone,
            setPoints
              .slice(0, SHOWN_STEPS)
              .map(({ heatC, coolC }) => ({ heatC: tenths(heatC), coolC: tenths(coolC) })),
          ]),
        ),
      },
    },
  ]
}
