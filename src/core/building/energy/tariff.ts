import type { EpochMs } from '../../telemetry/reading.ts'
import type { LocalClock, LocalTime } from '../local-time.ts'
import type { EnergySeries } from './energy.ts'

/** When on the local wall clock a price holds; what is absent holds always. Minutes are half-open and may wrap midnight. */
export interface TimeOfUse {
  /** 0 Monday to 6 Sunday. */
  weekdays?: readonly number[]
  months?: readonly number[]
  fromMinute?: number
  toMinute?: number
}

/** One version of a tariff, in the tariff's currency. Prices of energy add up: time of use plus block. */
export interface TariffVersion {
  /** Half-open. */
  validFrom: EpochMs
  validTo?: EpochMs
  fixedPerDay?: number
  /** Per kWh where no period holds. */
  basePerKWh: number
  /** Per kWh; the first whose time holds wins. */
  periods?: readonly { name: string; when: TimeOfUse; perKWh: number }[]
  /** Per kWh on top, by what the month has used so far; `upToKWh` ascends, the last block may leave it out. */
  blocks?: readonly { upToKWh?: number; perKWh: number }[]
  /** Per kW of the month's highest mean over `intervalMinutes` (15, 30 or 60). */
  demand?: { perKW: number; intervalMinutes: number; when?: TimeOfUse }
}

export interface Tariff {
  id: string
  timeZone: string
  currency: string
  versions: readonly TariffVersion[]
}

export interface Cost {
  fixed: number
  energy: number
  blocks: number
  demand: number
  total: number
}

const QUARTER = 900_000
const HOUR = 3_600_000
const DAY = 86_400_000

/** The version in force, the latest start winning where two overlap; undefined in a gap. */
export function tariffAt(tariff: Tariff, at: EpochMs): TariffVersion | undefined {
  let found: TariffVersion | undefined
  for (const version of tariff.versions) {
    const holds = version.validFrom <= at && at < (version.validTo ?? Infinity)
    if (holds && (found === undefined || version.validFrom >= found.validFrom)) found = version
  }
  return found
}

const holds = (when: TimeOfUse, local: LocalTime): boolean => {
  const from = when.fromMinute ?? 0
  const to = when.toMinute ?? 1440
  const minute = local.minuteOfDay
  const inside = from <= to ? minute >= from && minute < to : minute >= from || minute < to
  return (
    inside &&
    (when.weekdays === undefined || when.weekdays.includes(local.weekday)) &&
    (when.months === undefined || when.months.includes(local.month))
  )
}

/** Price of the next kWh by time of use alone, without blocks and demand; 0 where no version is in force. */
export function energyPrice(tariff: Tariff, clock: LocalClock, at: EpochMs): number {
  const version = tariffAt(tariff, at)
  return version === undefined ? 0 : periodPrice(version, clock(at))
}

const periodPrice = (version: TariffVersion, local: LocalTime): number =>
  version.periods?.find((period) => holds(period.when, local))?.perKWh ?? version.basePerKWh

/**
 * What a range of a meter cost. Blocks and demand belong to calendar months, so a range costs what its month had cost at
 * its end less what it had cost at its start: splitting a range anywhere leaves the sum as it was.
 */
export function costOf(
  tariff: Tariff,
  clock: LocalClock,
  meter: EnergySeries,
  from: EpochMs,
  to: EpochMs,
): Cost {
  const cost = nothing()
  runMonths(tariff, clock, meter, from, to, (at, until, parts) => {
    if (at >= from && until <= to) add(cost, parts)
  })
  return cost
}

/** The same for every universal hour that begins in a range, in one run over its months. */
export function hourlyCosts(
  tariff: Tariff,
  clock: LocalClock,
  meter: EnergySeries,
  from: EpochMs,
  to: EpochMs,
): Map<EpochMs, Cost> {
  const hours = new Map<EpochMs, Cost>()
  for (let at = Math.ceil(from / HOUR) * HOUR; at < to; at += HOUR) hours.set(at, nothing())
  runMonths(tariff, clock, meter, from, to, (at, _, parts) => {
    const hour = hours.get(Math.floor(at / HOUR) * HOUR)
    if (hour) add(hour, parts)
  })
  return hours
}

/** When the month of a moment began by the tariff's clock: what came since is needed to know what the next kWh costs. */
export function monthStart(clock: LocalClock, at: EpochMs): EpochMs {
  const { day } = clock(at)
  const firstDay = day - new Date(day * DAY).getUTCDate() + 1
  return localMidnight(clock, firstDay)
}

/** Whether the price of a kWh depends on what its month has used or drawn before. */
export const dependsOnMonth = ({ versions }: Tariff): boolean =>
  versions.some(({ demand, blocks = [] }) => demand !== undefined || blocks.length > 0)

type Parts = Omit<Cost, 'total'>

const nothing = (): Cost => ({ fixed: 0, energy: 0, blocks: 0, demand: 0, total: 0 })

function add(cost: Cost, { fixed, energy, blocks, demand }: Parts): void {
  cost.fixed += fixed
  cost.energy += energy
  cost.blocks += blocks
  cost.demand += demand
  cost.total += fixed + energy + blocks + demand
}

/** What each piece of every month that the range touches adds, from the month's beginning; pieces end at quarters and at the range's ends. */
function runMonths(
  tariff: Tariff,
  clock: LocalClock,
  meter: EnergySeries,
  from: EpochMs,
  to: EpochMs,
  each: (at: EpochMs, until: EpochMs, parts: Parts) => void,
): void {
  for (let start = monthStart(clock, from); start < to;) {
    const end = nextMonth(clock, start)
    runMonth(tariff, clock, meter, { start, end: Math.min(to, end), cut: from }, each)
    start = end
  }
}

function runMonth(
  tariff: Tariff,
  clock: LocalClock,
  meter: EnergySeries,
  { start, end, cut }: { start: EpochMs; end: EpochMs; cut: EpochMs },
  each: (at: EpochMs, until: EpochMs, parts: Parts) => void,
): void {
  let used = 0
  let interval = -1
  let intervalKWh = 0
  const peaks = new Map<TariffVersion, number>()
  // Aligned to quarters of universal time, at which every zone's wall clock has whole quarters too.
  for (let at = start; at < end;) {
    let until = Math.min(end, (Math.floor(at / QUARTER) + 1) * QUARTER)
    if (at < cut && cut < until) until = cut
    const version = tariffAt(tariff, at)
    if (version !== undefined) {
      const local = clock(at)
      const { kWh } = meter.between(at, until)
      const parts: Parts = {
        fixed: ((version.fixedPerDay ?? 0) * (until - at)) / DAY,
        energy: kWh * periodPrice(version, local),
        blocks: blockCost(version, used + kWh) - blockCost(version, used),
        demand: 0,
      }
      used += kWh
      const { demand } = version
      if (demand !== undefined && (demand.when === undefined || holds(demand.when, local))) {
        const length = demand.intervalMinutes * 60_000
        const now = Math.floor((at + local.offsetMs) / length)
        intervalKWh = (now === interval ? intervalKWh : 0) + kWh
        interval = now
        const kW = (intervalKWh * 60) / demand.intervalMinutes
        const before = peaks.get(version) ?? 0
        if (kW > before) {
          parts.demand = (kW - before) * demand.perKW
          peaks.set(version, kW)
        }
      }
      each(at, until, parts)
    }
    at = until
  }
}

function blockCost(version: TariffVersion, kWh: number): number {
  let [cost, from] = [0, 0]
  for (const block of version.blocks ?? []) {
    const to = block.upToKWh ?? Infinity
    if (kWh <= from) break
    cost += (Math.min(kWh, to) - from) * block.perKWh
    from = to
  }
  return cost
}

function nextMonth(clock: LocalClock, start: EpochMs): EpochMs {
  const date = new Date(clock(start).day * DAY)
  return localMidnight(clock, Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY)
}

/** The first moment of a local calendar day. */
function localMidnight(clock: LocalClock, day: number): EpochMs {
  const guess = day * DAY - clock(day * DAY).offsetMs
  return day * DAY - clock(guess).offsetMs
}
