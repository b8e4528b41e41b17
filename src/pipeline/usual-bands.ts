import { measureType, type DeviceProfile } from '../core/device/profile.ts'
import { detectDefaults } from './stages/detect.ts'

/** What is usual for a measure: beyond `low` and `high` the detector speaks up. */
export interface UsualBand {
  measure: string
  usual: number
  low: number
  high: number
}

/** The bands that have been learned of a device, by name. A measure whose type turns the comparison off has none. */
export function usualBands(profile: DeviceProfile): UsualBand[] {
  return Object.entries(profile.learned)
    .flatMap(([measure, { median, spread }]) => {
      const reach = (measureType(profile, measure).zLimit ?? detectDefaults.zLimit) * spread
      return reach > 0 ? [{ measure, usual: median, low: median - reach, high: median + reach }] : []
    })
    .sort((a, b) => (a.measure < b.measure ? -1 : 1))
}
