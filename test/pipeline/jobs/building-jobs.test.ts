import { beforeAll, describe, expect, it } from 'vitest'
import { simulateBuildings } from '../../../simulator/building/building.ts'
import { parseBuildingScenario } from '../../../simulator/building/building-scenario.ts'
import { climateYear } from '../../../simulator/building/climate.ts'
import { exampleSite } from '../../../simulator/building/example-site.ts'
import { epwHours } from '../../../src/adapters/local/epw-weather.ts'
import { usualLimits } from '../../../src/core/building/hvac/interlock.ts'
import type { Meter, Site } from '../../../src/core/building/site.ts'
import { costOf } from '../../../src/core/building/energy/tariff.ts'
import { energyFromPower } from '../../../src/core/building/energy/energy.ts'
import { localClock } from '../../../src/core/building/local-time.ts'
import type { Change } from '../../../src/core/device/profile.ts'
import type { WindowRow } from '../../../src/core/window/window.ts'
import { energy } from '../../../src/pipeline/jobs/energy.ts'
import { hvac, hvacOf } from '../../../src/pipeline/jobs/hvac.ts'
import { overrideFact } from '../../../src/pipeline/jobs/building-facts.ts'
import { zoneLearning } from '../../../src/pipeline/jobs/zone-learning.ts'
import { zones } from '../../../src/pipeline/jobs/zones.ts'
import { jobWorld, MONDAY, windowRow } from './job-world.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 24 * HOUR
const DAYS = 5
const scenario = parseBuildingScenario({ name: 'test', trade: 'building', site: 'hq', seed: 2 })
const site = exampleSite(scenario, 'hq')
const siteChange = (value: Site, effectiveFrom = 0): Change => ({
  kind: 'site',
  key: value.name,
  effectiveFrom,
  value,
})
const weather = {
  forecast: async ({ from, to }: { from: number; to: number }) => ({
    source: 'test',
    stale: false,
    hours: epwHours(climateYear(scenario.climate, scenario.seed), from, to),
  }),
}

/** Five days of a simulated building as closed minutes, to Monday at midnight. */
let rows: WindowRow[] = []
const needed = new Set(['temperature', 'motion', 'power@heating', 'power@cooling', 'irradiance'])
beforeAll(() => {
  rows = []
  for (const { thing, message } of simulateBuildings(scenario, MONDAY - DAYS * DAY).messages) {
    if (message.at >= MONDAY) break
    for (const [measure, [value]] of Object.entries(message.measures))
      if (needed.has(measure)) rows.push(windowRow(thing, measure, message.at / MINUTE, value!))
  }
})

const since = (from: number) => rows.filter((row) => row.minute >= from / MINUTE)
const all = [zones, zoneLearning, energy, hvac]
const kept = ['zone_quarter', 'zone_knowledge', 'energy_hour', 'hvac_decision', 'hvac_plan']

describe('building jobs', () => {
  it('go from minutes to set-points in the shadow, and change nothing when a crash repeats them', async () => {
    let left = 0
    const world = jobWorld([siteChange(site)], { weather, crash: () => left-- > 0 })
    await world.put(rows)
    await world.run(all, MONDAY)
    expect(world.failures).toEqual([])
    expect(world.facts('zone_quarter')).toHaveLength(2 * 96 * DAYS)
    const known = world.facts('zone_knowledge').map((fact) => fact.value)
    expect(known.map((k) => k['identification'])).toEqual([
      expect.objectContaining({ accepted: true }),
      expect.objectContaining({ accepted: true }),
    ])
    const [decision] = world.facts('hvac_decision')
    expect(decision?.value).toMatchObject({ action: 'apply', site: 'hq', weather: 'test', left: [] })
    const south = await world.shadows.read('hq-south', 'hvac')
    expect(south?.state.desired).toEqual({
      zones: { south: { mode: 'setpoints', source: 'plan', by: 'plan', at: MONDAY, heatC: expect.any(Number) as number, coolC: expect.any(Number) as number, until: MONDAY + 45 * MINUTE } }, // prettier-ignore
    })
    expect(world.announced).toContain('$aws/things/hq-north/shadow/name/hvac/update/delta')
    const before = kept.map(world.facts)
    const shadow = await world.shadows.read('hq-north', 'hvac')

    for (const job of all)
      for (left = 1; left > 0;) await world.runNow(job, MONDAY).then(() => (left = 0), () => {}) // prettier-ignore
    for (const job of all) await world.runNow(job, MONDAY)
    expect(kept.map(world.facts)).toEqual(before)
    expect(await world.shadows.read('hq-north', 'hvac')).toEqual(shadow)
  })

  it('stand back from a zone that is set by hand, also if that was done after the minutes were closed', async () => {
    const world = jobWorld([siteChange(site)], { weather })
    await world.put(since(MONDAY - DAY))
    await world.run([zones], MONDAY)
    const override = { zone: 'south', heatC: 22, coolC: 25, until: MONDAY + DAY, by: 'ann' }
    await world.putFacts([overrideFact('hq', override, MONDAY + MINUTE)])
    await world.runNow(hvacOf('hq'), MONDAY)
    expect(world.setPoints.map((order) => order.zone)).toEqual(['north'])
    const { zones: decided } = world.facts('hvac_decision')[0]!.value as {
      zones: { why: string; sent: object | null }[]
    }
    expect(decided[0]).toMatchObject({ sent: null, why: expect.stringContaining('Nothing is sent: ann has set south by hand until 2026-01-06T00:00Z') as string }) // prettier-ignore
  })

  it('say what is asked where the interlock does not let the plan have its way', async () => {
    const world = jobWorld([siteChange({ ...site, limits: { ...usualLimits, heatC: { low: 18, high: 19 } } })], { weather }) // prettier-ignore
    await world.put(since(MONDAY - DAY))
    await world.run([zones], MONDAY)
    await world.runNow(hvacOf('hq'), MONDAY)
    const decided = (world.facts('hvac_decision')[0]!.value['zones'] as { why: string; sent: { heatC: number; coolC: number } }[])[0]! // prettier-ignore
    expect(decided.why).toContain(
      `For now south is asked to stay between ${decided.sent.heatC.toFixed(1)} and ${decided.sent.coolC.toFixed(1)} °C, as more would be outside the allowed range`,
    )
  })

  it('lose against an operator who was quicker in the shadow itself', async () => {
    const world = jobWorld([siteChange(site)], { weather })
    await world.put(since(MONDAY - DAY))
    await world.run([zones], MONDAY)
    const byHand = { heatC: 22, coolC: 25, until: MONDAY + DAY }
    await world.setPointDesk.apply([
      {
        thing: 'hq-south',
        zone: 'south',
        source: 'operator',
        by: 'ann',
        at: MONDAY + MINUTE,
        setPoints: byHand,
      },
    ])
    await world.runNow(hvacOf('hq'), MONDAY)
    expect(world.setPoints.map((order) => order.zone)).toContain('south')
    const { desired } = await world.setPointDesk.standing('hq-south', 'south')
    expect(desired).toMatchObject({ source: 'operator', by: 'ann', heatC: 22 })
  })

  it('only advise where they are told to, and give back what they held', async () => {
    const world = jobWorld([siteChange(site)], { weather })
    await world.put(since(MONDAY - DAY))
    await world.run([zones, hvac], MONDAY)
    expect((await world.setPointDesk.standing('hq-south', 'south')).desired?.mode).toBe('setpoints')
    world.config.apply(siteChange({ ...site, control: 'advise' }, MONDAY + 1))
    await world.run([hvac], MONDAY + 15 * MINUTE)
    expect((await world.setPointDesk.standing('hq-south', 'south')).desired?.mode).toBe('schedule')
    const decision = world.facts('hvac_decision').at(-1)?.value as {
      action: string
      zones: { why: string }[]
    }
    expect(decision.action).toBe('advise')
    expect(decision.zones[0]?.why).toContain('only advised, as the building is set to be')
  })

  it('leave a zone to its own schedule when its thermometer is silent or absurd, and say so', async () => {
    const world = jobWorld([siteChange(site)], { weather })
    const failed = (row: WindowRow): boolean =>
      row.thing === 'hq-south' && row.measure === 'temperature' && row.minute >= (MONDAY - HOUR) / MINUTE
    const broken = since(MONDAY - DAY).map((row) =>
      failed(row) ? windowRow(row.thing, row.measure, row.minute, -127) : row,
    )
    await world.put(broken)
    for (let q = 4; q >= 0; q--) await world.run([zones], MONDAY - q * 15 * MINUTE)
    await world.run([hvac], MONDAY)
    expect(world.setPoints.map((order) => order.zone)).toEqual(['north'])
    expect(world.facts('hvac_decision')[0]?.value['left']).toEqual([
      { zone: 'south', why: 'south is left to its own schedule because its temperature has not been measured since 2026-01-04T23:00Z.' }, // prettier-ignore
    ])
    expect(world.facts('zone_quarter').every(({ value }) => value['endTemperatureC'] !== -127)).toBe(true)
  })

  it('plan by the forecast where the weather station is broken, or has not told anything yet', async () => {
    const outdoorOf = (w: ReturnType<typeof jobWorld>): number[] =>
      (w.facts('hvac_plan')[0]!.value['horizon'] as { outdoorC: number }[]).map(({ outdoorC }) => outdoorC)
    const untold = jobWorld([siteChange(site)], { weather })
    await untold.run([hvac], MONDAY)
    const world = jobWorld([siteChange(site)], { weather })
    const broken = (row: WindowRow): boolean => row.thing === 'hq-weather' && row.measure === 'temperature'
    await world.put(since(MONDAY - 2 * HOUR).map((row) => (broken(row) ? windowRow(row.thing, row.measure, row.minute, -127) : row))) // prettier-ignore
    await world.run([zones, hvac], MONDAY)
    const { hours } = await weather.forecast({ from: MONDAY, to: MONDAY + 24 * HOUR })
    for (const plan of [outdoorOf(untold), outdoorOf(world)])
      for (const [k, { temperatureC }] of hours.entries())
        expect(Math.abs(plan[4 * k + 1]! - temperatureC)).toBeLessThan(1.5)
    expect(untold.facts('hvac_plan')[0]!.value['left']).toMatchObject([
      { why: expect.stringContaining('none of its sensors has told anything') as string },
      { zone: 'north' },
    ])
  })

  it('do not heat a building around the clock for people of whom nothing is known', async () => {
    const world = jobWorld([siteChange(site)], { weather })
    await world.put(since(MONDAY - 2 * HOUR))
    await world.run([zones, hvac], MONDAY)
    const decision = world.facts('hvac_decision')[0]!.value as { expectedCost: number; scheduledCost: number }
    expect(decision.expectedCost).toBeLessThan(1.05 * decision.scheduledCost)
    const { setPoints } = world.facts('hvac_plan')[0]!.value as {
      setPoints: Record<string, { heatC: number }[]>
    }
    expect(setPoints['south']![0]!.heatC).toBeLessThan(19) // Monday at midnight, local time
    expect(setPoints['south']![4 * 9]!.heatC).toBeGreaterThan(19)
  })

  it('do the other buildings though one cannot be done, and say which', async () => {
    const worse = { ...exampleSite(scenario, 'annex'), timeZone: 'Nowhere/Land' }
    const world = jobWorld([siteChange(worse), siteChange(site)], { weather })
    await world.put(since(MONDAY - HOUR))
    await world.run([zones, hvac], MONDAY)
    expect(world.failures).toEqual([expect.stringMatching(/^hvac of annex: .*time ?zone/i)])
    expect(world.facts('hvac_decision')).toHaveLength(1)
    expect(await world.ledger.last('hvac')).toBe(MONDAY / MINUTE)
  })

  it('raise one comfort alarm for people in the cold, and clear it', async () => {
    const world = jobWorld([siteChange(site)])
    const minutes = (from: number, to: number, celsius: number) =>
      Array.from({ length: to - from }, (_, k) => MONDAY / MINUTE + from + k).flatMap((minute) => [
        windowRow('hq-south', 'temperature', minute, celsius),
        windowRow('hq-south', 'motion', minute, 1),
      ])
    await world.put([...minutes(0, 60, 16), ...minutes(60, 120, 22)])
    for (let m = 30; m <= 120; m += 15) await world.run([zones], MONDAY + m * MINUTE)
    const alarms = await world.alarms.list({ state: 'all', limit: 10 })
    expect(alarms).toMatchObject([
      { rule: 'comfort', thing: 'site:hq', key: 'south', state: 'unackCleared', occurrences: 1 },
    ])
  })

  it('make up for minutes of one zone that came late, and for those that came in parts', async () => {
    const world = jobWorld([siteChange(site)], { weather })
    const last = since(MONDAY - 3 * HOUR)
    const late = (row: WindowRow): boolean => row.thing === 'hq-south' && row.minute % 15 > 3
    await world.put(last.filter((row) => !late(row)))
    for (let q = 8; q >= 0; q--) await world.run([zones], MONDAY - q * 15 * MINUTE)
    expect(
      world.facts('zone_quarter').find(({ key }) => key === `south/${MONDAY - HOUR}`)?.value['minutes'],
    ).toBe(4)
    await world.put(last.filter(late))
    await world.put(last.filter(late))
    await world.run([zones], MONDAY + 15 * MINUTE)
    const late2 = world.facts('zone_quarter')
    const prompt = jobWorld([siteChange(site)], { weather })
    await prompt.put(last)
    for (let q = 8; q >= -1; q--) await prompt.run([zones], MONDAY - q * 15 * MINUTE)
    const ofSouth = (facts: typeof late2) =>
      facts.filter(({ key, at }) => key.startsWith('south/') && at >= MONDAY - 2 * HOUR).map(({ at, value }) => [at, value['minutes'], value['occupied'], Number(value['heatingKw']).toFixed(3)]) // prettier-ignore
    // To the watt: a quarter that has just ended does not know the first minute of the next, which bends its last one.
    expect(ofSouth(late2)).toEqual(ofSouth(prompt.facts('zone_quarter')))
  })
})

describe('energy job', () => {
  it('counts energy and cost by meter, zone and hour', async () => {
    const world = jobWorld([siteChange(site)], { weather })
    await world.put(since(MONDAY - DAY))
    await world.run([zones, energy], MONDAY)
    const hours = world.facts('energy_hour').filter((fact) => fact.at === MONDAY - HOUR)
    expect(hours).toHaveLength(4)
    const south = hours.find((fact) => fact.value['meter'] === 'south-heating')!
    const measured = rows
      .filter(
        (row) =>
          row.thing === 'hq-south' && row.measure === 'power@heating' && row.minute * MINUTE >= south.at,
      )
      .reduce((sum, row) => sum + row.sum / row.n / 60, 0)
    expect(south.value['kWh']).toBeCloseTo(measured, 1)
    expect(south.value['cost']).toBeCloseTo((south.value['kWh'] as number) * 0.16, 9)
    expect(south.value['zones']).toEqual({ south: south.value['kWh'] })
  })

  const meters: Meter[] = [
    { id: 'main', thing: 'hall', measure: 'power' },
    { id: 'cooling', thing: 'hall', measure: 'power@cooling', within: 'main' },
    { id: 'annex', thing: 'annex', measure: 'power' },
  ]
  const tariff = {
    id: 'business',
    timeZone: 'UTC',
    currency: 'EUR',
    versions: [
      {
        validFrom: 0,
        basePerKWh: 0.2,
        fixedPerDay: 3,
        blocks: [{ upToKWh: 40, perKWh: 0 }, { perKWh: 0.1 }],
        demand: { perKW: 12, intervalMinutes: 15 },
      },
    ],
  }
  const metered: Site = { name: 'hall', timeZone: 'UTC', zones: [], meters, tariff }
  const kW = (thing: string, minute: number): number => (thing === 'hall' ? 4 : 1) + 2 * Math.sin(minute / 90)
  const powers = (from: number, to: number): WindowRow[] =>
    Array.from({ length: (to - from) / MINUTE }, (_, k) => from / MINUTE + k).flatMap((minute) => [
      windowRow('hall', 'power', minute, kW('hall', minute)),
      windowRow('hall', 'power@cooling', minute, kW('hall', minute) / 4),
      windowRow('annex', 'power', minute, kW('annex', minute)),
    ])
  const costOfMains = (facts: readonly { at: number; value: Record<string, unknown> }[]): number =>
    facts.reduce((sum, { value }) => sum + (value['within'] === null ? (value['cost'] as number) : 0), 0)
  const bill = (from: number, to: number): number => {
    const points = Array.from({ length: (to - from) / MINUTE }, (_, k) => from / MINUTE + k).map(
      (minute) => ({
        at: minute * MINUTE + MINUTE / 2,
        value: kW('hall', minute) + kW('annex', minute),
      }),
    )
    return costOf(tariff, localClock('UTC'), energyFromPower(points), from, to).total
  }
  // The first of the month, so that blocks and demand begin anew.
  const FIRST = Date.UTC(2026, 1, 1)

  it('bills the building as a whole: hours of its main meters sum to what blocks, demand and fixed parts come to', async () => {
    const world = jobWorld([siteChange(metered)])
    await world.put(powers(FIRST - HOUR, FIRST + 6 * HOUR))
    for (let h = 1; h <= 6; h++) await world.run([energy], FIRST + h * HOUR)
    const facts = world.facts('energy_hour').filter(({ at }) => at >= FIRST)
    expect(facts).toHaveLength(3 * 6)
    expect(costOfMains(facts)).toBeCloseTo(bill(FIRST, FIRST + 6 * HOUR), 1)
    const behind = facts.filter(({ value }) => value['meter'] === 'cooling')
    expect(behind.every(({ value }) => (value['cost'] as number) > 0)).toBe(true)
  })

  it('comes to the same bill when hours arrive late and twice, and when it was not there for a while', async () => {
    const world = jobWorld([siteChange(metered)])
    const rest = powers(FIRST - HOUR, FIRST + 6 * HOUR)
    const late = (row: WindowRow): boolean => row.thing === 'annex' && row.minute >= FIRST / MINUTE + 60 && row.minute < FIRST / MINUTE + 150 // prettier-ignore
    await world.put(rest.filter((row) => !late(row)))
    for (const h of [1, 2, 5, 6]) await world.run([energy], FIRST + h * HOUR)
    await world.put(rest.filter(late))
    await world.put(rest.filter(late))
    await world.run([energy], FIRST + 7 * HOUR)
    const facts = world.facts('energy_hour').filter(({ at }) => at >= FIRST && at < FIRST + 6 * HOUR)
    expect(costOfMains(facts)).toBeCloseTo(bill(FIRST, FIRST + 6 * HOUR), 1)
  })

  it('prices open hours anew when the tariff is corrected', async () => {
    const world = jobWorld([siteChange(metered)])
    await world.put(powers(FIRST - HOUR, FIRST + 3 * HOUR))
    await world.run([energy], FIRST + 3 * HOUR)
    const flat = { ...tariff, versions: [{ validFrom: 0, basePerKWh: 0.5 }] }
    world.config.apply(siteChange({ ...metered, tariff: flat }, FIRST + 3 * HOUR))
    await world.run([energy], FIRST + 4 * HOUR)
    for (const { value } of world.facts('energy_hour'))
      expect(value['cost']).toBeCloseTo(0.5 * (value['kWh'] as number), 9)
  })

  it('reads counters through resets, rollovers and misreadings', async () => {
    const counted: Site = { name: 'hall', timeZone: 'UTC', zones: [], meters: [{ id: 'main', thing: 'hall', measure: 'energy', rolloverAt: 1000 }] } // prettier-ignore
    const type: Change = { kind: 'type', key: 'counter', effectiveFrom: 0, value: { name: 'counter', trade: 'building', version: 1, measures: { energy: { kind: 'counter', unit: 'kW.h' } } } } // prettier-ignore
    const device: Change = { kind: 'device', key: 'hall', effectiveFrom: 0, value: { thing: 'hall', trade: 'building', type: 'counter', status: 'active', attributes: {} } } // prettier-ignore
    const world = jobWorld([siteChange(counted), type, device])
    // 6 kWh an hour: rolls over at 1000, reads 0 once, is reset to 0 later.
    const values = Array.from({ length: 180 }, (_, m) => (995 + 0.1 * m) % 1000)
    values[70] = 0
    const reset = values.map((value, m) => (m < 120 ? value : 0.1 * (m - 119)))
    await world.put(reset.map((value, m) => windowRow('hall', 'energy', FIRST / MINUTE + m, value)))
    await world.run([energy], FIRST + 3 * HOUR)
    const kWh = world.facts('energy_hour').map(({ value }) => value['kWh'] as number)
    for (const hour of kWh.slice(1)) expect(hour).toBeCloseTo(6, 1)
    expect(kWh[0]).toBeCloseTo(5.9, 1)
  })
})
