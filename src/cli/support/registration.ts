import type { Device, DeviceType } from '../../core/device/profile.ts'
import { CliFailure } from '../exit-codes.ts'
import { inPath, type ApiClient } from './api-client.ts'

export type NewDevice = Omit<Device, 'thing' | 'status' | 'attributes'> & {
  attributes?: Record<string, string>
}
export type NewType = Omit<DeviceType, 'name' | 'version'>

/** Registers what is missing and leaves alone what is there: an operator's changes outlive a restart. */
export async function ensureType(api: ApiClient, name: string, type: NewType): Promise<boolean> {
  const { items } = await api.get<{ items: DeviceType[] }>('/v1/types')
  if (items.some((known) => known.name === name)) return false
  await api.send('PUT', `/v1/types/${inPath(name)}`, type)
  return true
}

export async function ensureDevice(api: ApiClient, thing: string, device: NewDevice): Promise<Device> {
  const path = `/v1/devices/${inPath(thing)}`
  const known = await api.find<Device>(path)
  if (known) return known
  return (await api.send<{ device: Device }>('PUT', path, device)).device
}

/** What a device of this type is in, unless somebody says otherwise. */
export async function tradeOf(api: ApiClient, type: string): Promise<string> {
  const { items } = await api.get<{ items: DeviceType[] }>('/v1/types')
  const known = items.find(({ name }) => name === type)
  if (known) return known.trade
  const names = items.map(({ name }) => name).join(', ') || 'none yet'
  throw new CliFailure(
    'usage',
    `there is no type ${type} (known: ${names}); give --type-file, or telltale types put, to add it`,
  )
}
