import { beforeAll, describe, expect, it } from 'vitest'
import { simulateBuildings } from '../../../simulator/building/building.ts'
import { parseBuildingScenario } from '../../../simulator/building/building-scenario.ts'
import { climateYear } from '../../../simulator/building/climate.ts'
import { exampleSite } from '../../../simulator/building/example-site.ts'
import { epwHours } from '../../../src/adapters/local/epw-weather.ts'
import type { Site } from '../../../src/core/building/site.ts'
import type { Change } from '../../../src/core/device/profile.ts'
import type { WindowRow } from '../../../src/core/window/window.ts'
import { energy } from '../../../src/pipeline/jobs/energy.ts'
import { hvac, hvacOf } from '../../../src/pipeline/jobs/hvac.ts'
import { overrideFact } from '../../../src/pipeline/jobs/building-facts.ts'
import { zoneLearning } from '../../../src/pipeline/jobs/zone-learning.ts'
import { zones } from '../../../src/pipeline/jobs/zones.ts'
import { jobWorld, MONDAY, windowRow } from './job-world.ts'

const DAY = 86_400_000
const DAYS = 6
const scenario = parseBuildingScenario({ name: 'test', trade: 'building', site: 'hq', seed: 2 })
const site = exampleSite(scenario, 'hq')
const siteChange = (value: Site): Change => ({ kind: 'site', key: value.name, effectiveFrom: 0, value })
const weather = {
  forecast: async ({ from, to }: { from: number; to: number }) => ({
    source: 'test',
    stale: false,
    hours: epwHours(climateYear(scenario.climate, scenario.seed), from, to),
  }),
}

/** Six days of a simulated building as closed minutes, Tuesday to Monday at midnight. */
let rows: WindowRow[] = []
beforeAll(() => {
  rows = []
  for (const { thing, message } of simulateBuildings(scenario, MONDAY - DAYS * DAY).messages) {
    if (message.at >= MONDAY) break
    for (const [measure, [value]] of Object.entries(message.measures))
      rows.push(windowRow(thing, measure, message.at / 60_000, value!))
  }
})

const lastDay = () => rows.filter((row) => row.minute >= (MONDAY - DAY) / 60_000)
const all = [zones, zoneLearning, energy, hvac]

describe('building jobs', () => {
  it('go from minutes to set-points, and change nothing when a crash repeats them', async () => {
    let left = 0
    const world = jobWorld([siteChange(site)], { weather, crash: () => left-- > 0 })
    await world.put(rows)
    await world.run(all, MONDAY)
    expect(world.failures).toEqual([])
    expect(world.facts('zone_quarter')).toHaveLength(2 * 96 * DAYS)
    const known = world.facts('zone_knowledge').map((fact) => fact.value)
    expect(known.map((k) => k['identification'])).toEqual([
      expect.objectContaining({ rmseC: expect.any(Number) as number }),
      expect.objectContaining({ rmseC: expect.any(Number) as number }),
    ])
    const [decision] = world.facts('hvac_decision')
    expect(decision?.value).toMatchObject({ action: 'apply', site: 'hq', weather: 'test' })
    expect(world.setPoints.map((order) => [order.thing, order.until])).toEqual([
      ['hq-south', MONDAY + 45 * 60_000],
      ['hq-north', MONDAY + 45 * 60_000],
    ])
    const before = ['zone_quarter', 'zone_knowledge', 'energy_hour', 'hvac_decision', 'hvac_plan'].map(
      world.facts,
    )
    const sent = [...world.setPoints]

    left = 1
    for (const job of all) await world.runNow(job, MONDAY).catch(() => {})
    for (const job of all) await world.runNow(job, MONDAY)
    expect(['zone_quarter', 'zone_knowledge', 'energy_hour', 'hvac_decision', 'hvac_plan'].map(world.facts)).toEqual(before) // prettier-ignore
    expect(new Set(world.setPoints.map((order) => order.id))).toEqual(new Set(sent.map((order) => order.id)))
  })

  it('count energy and cost by meter, zone and hour', async () => {
    const world = jobWorld([siteChange(site)], { weather })
    await world.put(lastDay())
    await world.run([energy], MONDAY)
    const hours = world.facts('energy_hour').filter((fact) => fact.at === MONDAY - 3_600_000)
    expect(hours).toHaveLength(4)
    const south = hours.find((fact) => fact.value['meter'] === 'south-heating')!
    const measured = rows
      .filter(
        (row) =>
          row.thing === 'hq-south' && row.measure === 'power@heating' && row.minute * 60_000 >= south.at,
      )
      .reduce((sum, row) => sum + row.sum / row.n / 60, 0)
    expect(south.value['kWh']).toBeCloseTo(measured, 1)
    expect(south.value['cost']).toBeCloseTo((south.value['kWh'] as number) * 0.16, 9)
    expect(south.value['zones']).toEqual({ south: south.value['kWh'] })
  })

  it('stand back from a zone that is set by hand, and only advise where they are told to', async () => {
    const world = jobWorld([siteChange(site)], { weather })
    await world.put(lastDay())
    await world.run([zones], MONDAY)
    const override = { zone: 'south', heatC: 22, coolC: 25, until: MONDAY + DAY, by: 'ann' }
    await world.putFacts([overrideFact('hq', override, MONDAY - 60_000)])
    await world.runNow(hvacOf('hq'), MONDAY)
    expect(world.setPoints.map((order) => order.zone)).toEqual(['north'])
    const advised = jobWorld([siteChange({ ...site, control: 'advise' })], { weather })
    await advised.put(lastDay())
    await advised.run([zones, hvac], MONDAY)
    expect(advised.setPoints).toEqual([])
    expect(advised.facts('hvac_decision')[0]?.value).toMatchObject({ action: 'advise' })
  })

  it('raise one comfort alarm for people in the cold, and clear it', async () => {
    const world = jobWorld([siteChange(site)])
    const minutes = (from: number, to: number, celsius: number) =>
      Array.from({ length: to - from }, (_, k) => MONDAY / 60_000 + from + k).flatMap((minute) => [
        windowRow('hq-south', 'temperature', minute, celsius),
        windowRow('hq-south', 'motion', minute, 1),
      ])
    await world.put([...minutes(0, 60, 16), ...minutes(60, 120, 22)])
    for (let m = 30; m <= 120; m += 15) await world.run([zones], MONDAY + m * 60_000)
    const alarms = await world.alarms.list({ state: 'all', limit: 10 })
    expect(alarms).toMatchObject([
      { rule: 'comfort', thing: 'site:hq', key: 'south', state: 'unackCleared', occurrences: 1 },
    ])
  })
})
