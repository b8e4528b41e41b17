import type { Device } from '../../core/device/profile.ts'

/** A truck and its tags, as the registry has them; a tag may be missing. */
export interface Truck {
  thing: string
  fleet?: string | undefined
  driver?: string | undefined
  model?: string | undefined
  loadCapacity?: number | undefined
  nominalFuelConsumption?: number | undefined
}

/** The tags that fleet questions ask for, from a device's attributes; what is empty, or no number, is missing. */
export const truckOf = ({ thing, attributes }: Device): Truck => ({
  thing,
  fleet: text(attributes['fleet']),
  driver: text(attributes['driver']),
  model: text(attributes['model']),
  loadCapacity: positive(attributes['load_capacity']),
  nominalFuelConsumption: positive(attributes['nominal_fuel_consumption']),
})

const text = (tag: string | undefined): string | undefined => (tag?.trim() === '' ? undefined : tag)

function positive(tag: string | undefined): number | undefined {
  const number = Number(text(tag) ?? NaN)
  return Number.isFinite(number) && number > 0 ? number : undefined
}
