import {
  counterPoints,
  energyFromCounter,
  energyFromPower,
  powerPoints,
  type EnergySeries,
} from '../../core/building/energy/energy.ts'
import type { Meter } from '../../core/building/site.ts'
import { measureType } from '../../core/device/profile.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { tableConversion } from '../../core/telemetry/unit-table.ts'
import { closedWindows } from './closed-windows.ts'
import type { JobSources } from './job.ts'

/** A counter that speaks once an hour must still find its last word. */
const COUNTER_LOOK_BACK_MS = 3_600_000 * 2
/** Trapezoids begin at the point before. */
const POWER_LOOK_BACK_MS = 900_000

/** A meter's energy over a range, from closed minutes. A device type says by `kind` and `unit` what the measure is. */
export async function meterEnergy(
  { reader, configuration }: Pick<JobSources, 'reader' | 'configuration'>,
  { thing, measure, rolloverAt }: Pick<Meter, 'thing' | 'measure' | 'rolloverAt'>,
  from: EpochMs,
  to: EpochMs,
): Promise<EnergySeries> {
  const profile = configuration.profile(thing, to)
  const { unit, kind = kindOf(measure, unit) } = profile ? measureType(profile, measure) : {}
  const target = kind === 'counter' ? 'kW.h' : 'kW'
  const scale = tableConversion(unit ?? target, target)?.scale ?? 1
  const lookBack = kind === 'counter' ? COUNTER_LOOK_BACK_MS : POWER_LOOK_BACK_MS
  const windows = await closedWindows(reader, thing, [measure], from - lookBack, to)
  return kind === 'counter'
    ? energyFromCounter(counterPoints(windows, scale), rolloverAt && rolloverAt * scale)
    : energyFromPower(powerPoints(windows, scale))
}

/** Where a type does not say it: what is counted in a unit of energy, or called so, is a counter, all else is power. */
const kindOf = (measure: string, unit: string | undefined): 'counter' | 'gauge' =>
  unit === undefined
    ? measure.split('@', 1)[0] === 'energy'
      ? 'counter'
      : 'gauge'
    : tableConversion(unit, 'kW.h') === null
      ? 'gauge'
      : 'counter'

/** Mean power of a span in kW; null where less than half of it was measured. */
export function meanPowerKw(meter: EnergySeries, from: EpochMs, to: EpochMs): number | null {
  const { kWh, coveredMs } = meter.between(from, to)
  return coveredMs < (to - from) / 2 ? null : kWh / (coveredMs / 3_600_000)
}
