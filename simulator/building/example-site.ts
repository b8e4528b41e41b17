import type { Site } from '../../src/core/building/site.ts'
import { buildingZones, weatherThing, zoneThing, type BuildingScenario } from './building-scenario.ts'
import { offices } from './two-zone.ts'

const weekdays = [0, 1, 2, 3, 4]
const sensed = ['temperature', 'humidity', 'co2', 'motion', 'setpoint@heat', 'setpoint@cool']

/** The configuration that belongs to a simulated building: its zones and meters, a time-of-use tariff, office hours. */
export function exampleSite({ climate }: BuildingScenario, name: string): Site {
  const { utcOffsetHours, latitude } = climate
  const timeZone = zoneName(utcOffsetHours)
  return {
    name,
    timeZone,
    location: { latitude, longitude: 15 * utcOffsetHours },
    zones: offices.map(({ zone, heatingKw, coolingKw }) => ({
      name: zone,
      sensors: [{ thing: zoneThing(name, zone), measures: sensed }],
      volumeM3: 400,
      plant: { thing: zoneThing(name, zone), heatingKw, coolingKw },
    })),
    meters: buildingZones.flatMap((zone) =>
      (['heating', 'cooling'] as const).map((feeds) => ({
        id: `${zone}-${feeds}`,
        thing: zoneThing(name, zone),
        measure: `power@${feeds}`,
        feeds,
        shares: { [zone]: 1 },
      })),
    ),
    outdoor: { thing: weatherThing(name), temperature: 'temperature', irradiance: 'irradiance' },
    tariff: {
      id: 'time of use',
      timeZone,
      currency: 'EUR',
      versions: [
        {
          validFrom: 0,
          basePerKWh: 0.24,
          periods: [
            { name: 'peak', when: { weekdays, fromMinute: 840, toMinute: 1200 }, perKWh: 0.36 },
            { name: 'night', when: { fromMinute: 1320, toMinute: 360 }, perKWh: 0.16 },
          ],
        },
      ],
    },
    schedule: {
      periods: [{ when: { weekdays, fromMinute: 360, toMinute: 1320 }, heatC: 21, coolC: 24 }],
      otherwise: { heatC: 15.6, coolC: 26.7 },
    },
    control: 'apply',
  }
}

function zoneName(offsetHours: number): string {
  const minutes = Math.round(Math.abs(offsetHours) * 60)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${offsetHours < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
