import type { Page } from 'playwright-core'

const HOUR = 3_600_000
const QUARTER = HOUR / 4

/**
 * What the jobs of a building and of maintenance say only after hours or days of readings, so that its pages can be looked
 * at now. The jobs themselves have tests of their own.
 */
export async function answerForJobs(page: Page): Promise<void> {
  const now = Date.now()
  const quarter = now - (now % QUARTER)
  const facts: Record<string, object[]> = {
    zone_quarter: ['south', 'north'].map((zone, i) => ({
      ...fact('zone_quarter', zone, quarter - QUARTER, quarter),
      value: { zone, temperatureC: 20 + i, humidityPercent: 40, co2Ppm: 600, occupiedNow: 0.97 - 0.6 * i, pmv: -0.4 * i, ppd: 8 + 9 * i, heatingKw: 2.1 - 2.1 * i, coolingKw: 0 }, // prettier-ignore
    })),
    energy_hour: Array.from({ length: 24 }, (_, i) => ({
      ...fact('energy_hour', `m/${i}`, now - (24 - i) * HOUR, now - (23 - i) * HOUR),
      value: { meter: 'm', kWh: 3 + (i % 5), expectedKWh: 4, cost: 1, currency: 'EUR' },
    })),
    hvac_decision: [],
    machine_health: Array.from({ length: 40 }, (_, i) => ({
      ...fact('machine_health', String(i), now - (40 - i) * HOUR, now - (40 - i) * HOUR),
      value: { machine: 'motor', failure_probability: i / 50, health_index: 100 - i },
    })),
  }
  const horizon = Array.from({ length: 96 }, (_, i) => ({ at: quarter + i * QUARTER, outdoorC: 5 + (i % 7), price: i < 40 ? 0.3 : 0.2 })) // prettier-ignore
  const plan = {
    at: quarter,
    action: 'apply',
    horizonHours: 48,
    saving: 0.14,
    savingLow: 0.11,
    expectedCost: 8.6,
    scheduledCost: 10,
    currency: 'EUR',
    weather: 'none',
    stepMs: QUARTER,
    zones: [{ zone: 'south', action: 'apply', method: 'model', why: 'heat south to 21 °C because people are expected at 08:00', expectedKWh: 20, scheduledKWh: 24, expectedCost: 5, scheduledCost: 6 }], // prettier-ignore
    left: [
      {
        zone: 'attic',
        why: 'attic is left to its own schedule because its temperature has not been measured for a day.',
      },
    ],
    horizon,
    setPoints: { south: horizon.map(() => ({ heatC: 20, coolC: 24 })) },
  }
  const override = { zone: 'north', heatC: 22, coolC: 25, until: now + HOUR, by: 'anna' }
  const risk = { thing: 'motor-1', at: now, machine: 'motor', modelVersion: 2, failure_probability: 0.82, health_index: 41, evidence: ['vibration rises by 0.31 mm/s a day'], estimated_time_to_failure: { p10: 20, p50: 46, p90: 90 }, recommended_maintenance: { action: 'Replace the drive end bearing', component: 'bearing' } } // prettier-ignore
  const order = { id: 'motor-1/bearingWear/1', thing: 'motor-1', mode: 'bearingWear', status: 'open', openedAt: now - HOUR, dueAt: now - 1, action: 'Replace the drive end bearing', by: null, finding: null, comment: null } // prettier-ignore
  const answers: Record<string, unknown> = {
    '**/v1/buildings/*/plan': { plan },
    '**/v1/buildings/*/zones': { items: [{ zone: 'north', override }] },
    '**/v1/sites/*': { name: 'Office', timeZone: 'Europe/Berlin', zones: [], meters: [] },
    '**/v1/maintenance/risks?*': { items: [risk] },
    '**/v1/maintenance/orders?*': { items: [order] },
    '**/v1/maintenance/modes': { items: [{ id: 'motor.bearingWear', machine: 'motor', component: 'bearing', mode: 'wear', action: 'Replace it' }] }, // prettier-ignore
    '**/v1/models': { items: [{ name: 'failure', active: 2, changedAt: now, versions: [{ version: 1, createdAt: now - HOUR, metrics: { f1: 0.9 } }, { version: 2, createdAt: now, metrics: { f1: 0.91 } }] }] }, // prettier-ignore
  }
  for (const [pattern, json] of Object.entries(answers)) await page.route(pattern, async (route) => route.fulfill({ json })) // prettier-ignore
  for (const [type, items] of Object.entries(facts))
    await page.route(`**/v1/facts/${type}?*`, async (route) => route.fulfill({ json: { items, cursor: null, next: null } })) // prettier-ignore

  function fact(type: string, key: string, at: number, until: number) {
    return { type, thing: type === 'machine_health' ? 'motor-1' : 'site:Office', key, at, until, version: 1 }
  }
}
