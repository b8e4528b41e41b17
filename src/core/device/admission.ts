import type { Device } from './profile.ts'
import type { ProvisionedThing } from './provisioning-template.ts'

/** What the registry knows of the name that somebody with a claim certificate asks for. */
export interface KnownOfClaimed {
  /** Whether the name is on the template's allow-list, or the template asks for none. */
  allowed: boolean
  device: Device | null
  /** Whether the device holds a certificate that is accepted now. */
  hasCredential: boolean
  /** The device type of those that the registry has not heard of. */
  type: string
}

/** The device to be registered, or why the registry does not admit it. */
export function admitClaimed(wish: ProvisionedThing, known: KnownOfClaimed): Device | string {
  const { thing, trade, attributes, onExisting } = wish
  const { device } = known
  if (!known.allowed) return 'not on the allow-list'
  if (!device) return { thing, trade, type: known.type, status: 'active', attributes }
  if (device.status !== 'active') return `the device is ${device.status}`
  if (device.gateway !== undefined) return `its gateway ${device.gateway} speaks for it`
  // A leaked claim certificate must not take over a device that is in service: revoke its certificate first.
  if (known.hasCredential) return 'the device holds a valid certificate'
  if (device.trade !== trade && onExisting.trade === 'FAIL') return `the device is of trade ${device.trade}`
  switch (onExisting.attributes) {
    case 'DO_NOTHING':
      return device
    case 'REPLACE':
      return { ...device, attributes }
    case 'MERGE':
      return { ...device, attributes: { ...device.attributes, ...attributes } }
    case 'FAIL':
      return Object.entries(attributes).some(([key, value]) => device.attributes[key] !== value)
        ? 'its attributes differ from the registry’s'
        : device
  }
}
