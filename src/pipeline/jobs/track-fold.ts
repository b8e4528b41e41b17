import type { DeviceProfile } from '../../core/device/profile.ts'
import { emptyState } from '../../core/telemetry/device-state.ts'
import { layoutOf } from '../../core/telemetry/layout.ts'
import { column, type Column, type EpochMs } from '../../core/telemetry/reading.ts'
import type { Context, Effect, Fact } from '../../core/telemetry/stage.ts'
import type { Reading } from '../../ports/telemetry-reader.ts'
import { fleetStages } from '../stages/fleet-stages.ts'

/** Folds what a vehicle has sent once more, from nothing and in order of event time, through the same stages. */
export interface TrackFold {
  /** Readings ascending by time, all of a moment in one call. */
  add(readings: readonly Reading[]): void
  /** Shows a trip that has fallen silent by then as ended. */
  end(now: EpochMs): void
  /** What has been found so far, by type and key. */
  facts: ReadonlyMap<string, Fact>
}

const layout = layoutOf(0, fleetStages)
const stages = fleetStages.map((stage) => stage.bind(layout))

/** `version` is that of the facts. Alarms, commands and anomalies were for the moment: history raises none. */
export function trackFold(profile: DeviceProfile, version: EpochMs): TrackFold {
  const { thing } = profile.device
  const state = emptyState(thing, layout)
  const facts = new Map<string, Fact>()
  const context: Context = { receivedAt: version, position: 0n, profile, dirty: new Set() }
  const keep = (effects: readonly Effect[]): void => {
    for (const effect of effects) if (effect.kind === 'fact') facts.set(factId(effect.fact), effect.fact)
  }
  return {
    add: (readings) => {
      const columns = columnsOf(readings)
      if (columns.length === 0) return
      const batch = { thing, lane: 'telemetry' as const, receivedAt: version, position: 0n, columns }
      for (const stage of stages) keep(stage.step(state, batch, context))
    },
    end: (now) => {
      for (const stage of stages) keep(stage.tick(state, now, context))
    },
    facts,
  }
}

export const factId = ({ type, key }: Pick<Fact, 'type' | 'key'>): string => `${type}/${key}`

/** One column a measure, over the moments at which it was read. What lay ahead of its receipt, or cannot be, never moved a state. */
function columnsOf(readings: readonly Reading[]): Column[] {
  const byMeasure = new Map<string, Reading[]>()
  for (const reading of readings) {
    if (reading.quality === 'ahead' || reading.quality === 'outOfRange') continue
    const list = byMeasure.get(reading.measure)
    if (list) list.push(reading)
    else byMeasure.set(reading.measure, [reading])
  }
  return [...byMeasure].map(([measure, list]) => {
    const made = column(
      measure,
      Float64Array.from(list, ({ at }) => at),
      Float64Array.from(list, ({ value }) => value ?? NaN),
      list.some(({ text }) => text !== null) ? list.map(({ text }) => text) : null,
    )
    made.advancing.fill(1)
    return made
  })
}
