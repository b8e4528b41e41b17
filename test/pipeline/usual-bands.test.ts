import { describe, expect, it } from 'vitest'
import type { DeviceProfile } from '../../src/core/device/profile.ts'
import { usualBands } from '../../src/pipeline/usual-bands.ts'

describe('usualBands', () => {
  it('reaches as far as the detector does: its type’s limit, or the default', () => {
    const profile: DeviceProfile = {
      version: 1,
      device: { thing: 'm-1', trade: 'plant', type: 'motor', status: 'active', attributes: {} },
      type: { name: 'motor', trade: 'plant', version: 1, measures: { temperature: { zLimit: 3 }, door: { zLimit: 0 } } }, // prettier-ignore
      learned: {
        vibration: { median: 2, spread: 0.1 },
        'temperature@bearing': { median: 60, spread: 1 },
        door: { median: 0, spread: 1 },
      },
    }
    expect(usualBands(profile)).toEqual([
      { measure: 'temperature@bearing', usual: 60, low: 57, high: 63 },
      {
        measure: 'vibration',
        usual: 2,
        low: expect.closeTo(1.4) as number,
        high: expect.closeTo(2.6) as number,
      },
    ])
  })
})
