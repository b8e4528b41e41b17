import { computed, signal } from '@preact/signals'
import { all, call } from '../api/client.ts'
import type { Device, DeviceType, MeasureType, Page } from '../api/types.ts'

/** All devices and types, by name. Null until they are known. */
export const devices = signal<ReadonlyMap<string, Device> | null>(null)
export const types = signal<ReadonlyMap<string, DeviceType>>(new Map())

export async function loadRegistry(): Promise<void> {
  const [first, typeList] = await Promise.all([
    call<Page<Device>>('/v1/devices?limit=1000'),
    call<{ items: DeviceType[] }>('/v1/types'),
  ])
  types.value = new Map(typeList.items.map((type) => [type.name, type]))
  // Pages may be shown with the first thousand; the others follow.
  devices.value ??= byThing(first.items)
  const others = first.next === null ? [] : await all<Device>(first.next)
  devices.value = byThing([...first.items, ...others])
}

const byThing = (list: readonly Device[]): Map<string, Device> =>
  new Map(list.map((device) => [device.thing, device]))

export const sites = computed(() =>
  [...new Set([...(devices.value?.values() ?? [])].map(({ site }) => site ?? ''))].sort(),
)

/** What the registry says of a measure: the device's own word, then the type's; the full name before the bare one. */
export function measureTypeOf(device: Device | undefined, measure: string): MeasureType {
  const bare = measure.split('@', 1)[0] ?? measure
  const type = device ? types.value.get(device.type)?.measures : undefined
  return {
    ...(type?.[measure] ?? type?.[bare]),
    ...(device?.measures?.[measure] ?? device?.measures?.[bare]),
  }
}

/** A device is silent after three of its intervals, and never before two minutes. */
export function silentAfterMs(device: Device): number {
  return Math.max(120_000, 3 * (types.value.get(device.type)?.expectedIntervalMs ?? 0))
}

/** The measure that says most about a device at a glance. */
const favourites = ['vibration', 'temperature', 'speed', 'pressure', 'power']
/** What tells most comes first, the rest by name. */
export const byTelling = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1)
const rank = (measure: string): number => {
  const found = favourites.indexOf(measure.split('@', 1)[0] ?? measure)
  return found < 0 ? favourites.length : found
}

export function tellingMeasure(device: Device): string {
  const names = Object.keys(types.value.get(device.type)?.measures ?? {})
  return favourites.find((name) => names.includes(name)) ?? names[0] ?? 'temperature'
}

/** A device that nobody knows yet is looked up again: somebody has just registered it. */
export async function loadDevice(thing: string): Promise<Device> {
  const device = await call<Device>(`/v1/devices/${encodeURIComponent(thing)}`)
  devices.value = new Map(devices.peek() ?? []).set(thing, device)
  return device
}
