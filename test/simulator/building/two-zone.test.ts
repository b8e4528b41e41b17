import { describe, expect, it } from 'vitest'
import { simulateBuildings } from '../../../simulator/building/building.ts'
import { parseBuildingScenario } from '../../../simulator/building/building-scenario.ts'
import { climateYear } from '../../../simulator/building/climate.ts'
import { exampleSite } from '../../../simulator/building/example-site.ts'
import { initialZone, offices, stepMinute } from '../../../simulator/building/two-zone.ts'
import type { SimulatedMessage } from '../../../simulator/message.ts'
import { siteFaults } from '../../../src/core/building/site.ts'

const still = { humidityPercent: 50, solarWm2: 0, windMs: 0 }
const off = offices.map(() => ({ heatC: -50, coolC: 99 }))
const nobody = offices.map(() => 0)
const STANDBY_KW = 0.25

/** Heat in air and walls of all zones, kWh above 0 °C. */
const stored = (zones: readonly { airC: number; massC: number }[]): number =>
  zones.reduce((sum, z, i) => sum + z.airC * offices[i]!.airCapacity + z.massC * offices[i]!.massCapacity, 0)

describe('stepMinute', () => {
  it('keeps every joule: what is stored is what came in less what went out', () => {
    const zones = [initialZone(19), initialZone(23)]
    let expected = stored(zones)
    const weather = { ...still, temperatureC: 4, solarWm2: 300, windMs: 3 }
    const set = offices.map(() => ({ heatC: 22, coolC: 25 }))
    const people = [5, 2]
    for (let m = 0; m < 600; m++) {
      const before = zones.map((z) => ({ ...z }))
      stepMinute(zones, offices, weather, 10 + m / 60, people, set)
      for (const [i, c] of offices.entries()) {
        const { airC, massC } = before[i]!
        const gap = weather.temperatureC - airC
        const infiltration = c.infiltration * (0.3 + 0.1 * weather.windMs + 0.012 * Math.abs(gap))
        const sun = (c.aperture * c.facing(10 + m / 60) * weather.solarWm2) / 1000
        const gains = sun + people[i]! * (0.09 + 0.11) + STANDBY_KW + zones[i]!.plantKw
        const losses = -gap * (c.windows + infiltration + 0.0048 * people[i]!) - (weather.temperatureC - massC) * c.massToOutdoor // prettier-ignore
        expected += (gains - losses) / 60
      }
    }
    expect(stored(zones)).toBeCloseTo(expected, 6)
  })

  it('comes to rest a little above the outdoors without plant, sun or people, by its standby load alone', () => {
    const zones = [initialZone(20), initialZone(20)]
    for (let m = 0; m < 200 * 1440; m++)
      stepMinute(zones, offices, { ...still, temperatureC: 5 }, 0, nobody, off)
    const rest = zones.map((z) => z.airC)
    for (let m = 0; m < 1440; m++) stepMinute(zones, offices, { ...still, temperatureC: 5 }, 0, nobody, off)
    for (const [i, z] of zones.entries()) {
      expect(z.airC).toBeCloseTo(rest[i]!, 6)
      expect(z.airC).toBeGreaterThan(5.5)
      expect(z.airC).toBeLessThan(9)
    }
  })

  it('takes more electricity for the same warmth the colder it is', () => {
    const day = (outdoorC: number): number => {
      const zones = [initialZone(21), initialZone(21)]
      let kWh = 0
      for (let m = 0; m < 1440; m++) {
        stepMinute(zones, offices, { ...still, temperatureC: outdoorC }, 0, nobody, offices.map(() => ({ heatC: 21, coolC: 30 }))) // prettier-ignore
        kWh += zones.reduce((sum, z) => sum + z.electricKw / 60, 0)
      }
      return kWh
    }
    expect(day(-5)).toBeGreaterThan(1.3 * day(5))
  })
})

describe('simulateBuildings', () => {
  const scenario = parseBuildingScenario({ name: 'test', trade: 'building', site: 'hq', seed: 4 })
  const START = Date.UTC(2026, 0, 7, 9)
  const heatOf = (from: number, minutes: number, heatC?: number): number => {
    const { messages, set } = simulateBuildings(scenario, START)
    if (heatC !== undefined)
      set('hq-south', 'south', { heatC, coolC: 30, until: START + from * 60_000 + minutes * 60_000 })
    let kWh = 0
    for (const { thing, message } of messages) {
      const minute = (message.at - START) / 60_000
      if (minute >= from + minutes) break
      if (minute >= from && thing === 'hq-south') kWh += (message.measures['power@heating']?.[0] ?? 0) / 60
    }
    return kWh
  }

  it('sends each device once a minute, the same for the same seed', () => {
    const first = () => {
      const { messages } = simulateBuildings(scenario, START)
      return Array.from({ length: 9 }, () => messages.next().value as SimulatedMessage)
    }
    const sent = first()
    expect(sent.map(({ thing }) => thing).slice(0, 3)).toEqual(['hq-south', 'hq-north', 'hq-weather'])
    expect(sent.map(({ sendAt }) => (sendAt - START) / 60_000)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3])
    expect(first()).toEqual(sent)
  })

  it('takes set-points until they end', () => {
    expect(heatOf(0, 120, 12)).toBeLessThan(0.2 * heatOf(0, 120))
    expect(heatOf(0, 60, 24)).toBeGreaterThan(heatOf(0, 60))
  })

  it('goes back to its own schedule when nobody renews, and says so once', () => {
    const { messages, set, onLeaseEnd } = simulateBuildings(scenario, START)
    const ended: string[] = []
    onLeaseEnd((thing, zone) => void ended.push(`${thing}/${zone}`))
    set('hq-south', 'south', { heatC: 17, coolC: 30, until: START + 5 * 60_000 })
    set('hq-south', 'north', { heatC: 99, coolC: 100, until: START + 5 * 60_000 })
    const heat: unknown[] = []
    for (const { thing, message } of messages) {
      if (thing === 'hq-south') heat.push(message.measures['setpoint@heat']?.[0])
      if (message.at >= START + 8 * 60_000) break
    }
    expect(heat.slice(0, 8)).toEqual([17, 17, 17, 17, 17, 21, 21, 21])
    expect(ended).toEqual(['hq-south/south'])
  })

  it('comes with a site that does not contradict itself', () => {
    const site = exampleSite(scenario, 'hq')
    expect(siteFaults(site)).toEqual([])
    const { versions, ...tariff } = site.tariff!
    const [version] = versions
    const later = { ...version!, validFrom: 86_400_000 }
    expect(siteFaults({ ...site, tariff: { ...tariff, versions: [later, version!] } })).toEqual([])
    expect(siteFaults({ ...site, tariff: { ...tariff, versions: [later, version!, later] } })).toEqual([
      'two versions of the tariff hold from 1970-01-02T00:00:00.000Z on; which counts?',
    ])
  })
})

describe('climateYear', () => {
  it('has a summer, a winter and dark nights', () => {
    const { hours } = climateYear({ meanC: 10, seasonK: 11, dayK: 4, latitude: 48, utcOffsetHours: 1 }, 2)
    const mean = (from: number, to: number, of: 'temperatureC' | 'solarWm2'): number =>
      hours.slice(from * 24, to * 24).reduce((sum, h) => sum + h[of], 0) / ((to - from) * 24)
    expect(hours).toHaveLength(8760)
    expect(mean(180, 240, 'temperatureC') - mean(0, 60, 'temperatureC')).toBeGreaterThan(14)
    expect(mean(160, 190, 'solarWm2')).toBeGreaterThan(2.5 * mean(350, 365, 'solarWm2'))
    expect(hours.filter((_, h) => h % 24 === 0).every((h) => h.solarWm2 === 0)).toBe(true)
  })
})
