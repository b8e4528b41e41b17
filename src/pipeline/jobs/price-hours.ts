import { energyFromSpans } from '../../core/building/energy/energy.ts'
import { energyPrice, hourlyCosts, tariffAt, type Tariff } from '../../core/building/energy/tariff.ts'
import type { LocalClock } from '../../core/building/local-time.ts'
import type { Site } from '../../core/building/site.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { EnergyHour, SiteHours } from './energy.ts'

const HOUR = 3_600_000
const QUARTER = HOUR / 4

/**
 * Puts costs on all hours. The bill is the building's: fixed parts, blocks and demand are those of its main meters
 * together, and every meter bears its own energy and as much of the rest as its share of the hour's kWh.
 */
export function priceHours(hours: SiteHours, site: Site, tariff: Tariff, clock: LocalClock): void {
  const main = site.meters.filter(({ within }) => within === undefined).map(({ id }) => id)
  const times = [...new Set([...hours.values()].flatMap((own) => [...own.keys()]))].sort((a, b) => a - b)
  if (times.length === 0) return
  const spans = times.flatMap((hour) =>
    [0, 1, 2, 3].map((q) => ({
      from: hour + q * QUARTER,
      to: hour + (q + 1) * QUARTER,
      kWh: sum(main.map((id) => hours.get(id)?.get(hour)?.quartersKWh[q] ?? 0)),
    })),
  )
  const costs = hourlyCosts(tariff, clock, energyFromSpans(spans), times[0]!, times.at(-1)! + HOUR)
  const print = fingerprint(tariff)
  for (const hour of times) {
    const { fixed, blocks, demand } = costs.get(hour)!
    const priced = tariffAt(tariff, hour) !== undefined
    const mains = main.flatMap((id) => hours.get(id)?.get(hour) ?? [])
    const kWh = sum(mains.map((m) => m.kWh))
    for (const own of hours.values()) {
      const value = own.get(hour)
      if (value === undefined) continue
      const share = kWh > 0 ? value.kWh / kWh : value.within === null ? 1 / mains.length : 0
      const cost = priced ? energyCost(value, hour, tariff, clock) + (fixed + blocks + demand) * share : null
      own.set(hour, { ...value, cost, currency: tariff.currency, tariff: tariff.id, tariffPrint: print })
    }
  }
}

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

const energyCost = ({ quartersKWh }: EnergyHour, hour: EpochMs, tariff: Tariff, clock: LocalClock): number =>
  sum(quartersKWh.map((kWh, q) => kWh * energyPrice(tariff, clock, hour + q * QUARTER)))

/** Tells one content of a tariff from another, so that a change of prices is seen in what was priced (FNV-1a). */
function fingerprint(tariff: Tariff): string {
  let hash = 0x811c9dc5
  for (const unit of JSON.stringify(tariff)) hash = Math.imul(hash ^ unit.codePointAt(0)!, 0x01000193) >>> 0
  return hash.toString(16)
}
