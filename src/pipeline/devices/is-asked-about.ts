import type { Device } from '../../core/device/profile.ts'
import type { StatusQuery } from '../../ports/device-desk.ts'

/** Whether a question is about this device. */
export const isAskedAbout = (device: Device, { trade, site, sites }: StatusQuery): boolean =>
  (trade === undefined || device.trade === trade) &&
  (site === undefined || device.site === site) &&
  (sites === null || (device.site !== undefined && sites.includes(device.site)))
