import type { Device } from '../../core/device/profile.ts'
import {
  harshProfiles,
  parseHarshProfile,
  type HarshProfile,
  type VehicleClass,
} from '../../core/fleet/driver.ts'
import type { FuelVehicle } from '../../core/fleet/fuel-rate.ts'

/** What a vehicle's registry attributes say of it, with every default filled in. */
export interface VehicleSettings {
  fuel: FuelVehicle
  harsh: HarshProfile
  /** km/h, NaN if the vehicle has no limit of its own. */
  speedLimitKmh: number
}

const usual: Record<VehicleClass, Pick<FuelVehicle, 'fuel' | 'tankL' | 'usualLPer100Km' | 'engineL'>> = {
  car: { fuel: 'gasoline', tankL: 50, usualLPer100Km: 8, engineL: 2 },
  van: { fuel: 'diesel', tankL: 80, usualLPer100Km: 11, engineL: 2.2 },
  heavy: { fuel: 'diesel', tankL: 400, usualLPer100Km: 30, engineL: 12 },
}

const known = new WeakMap<Device, VehicleSettings>()

/**
 * Attributes: vehicleClass (car, van, heavy), harshG ("0.35/0.45/0.6"), speedLimitKmh, fuel (gasoline, diesel), tankL,
 * reserveL, usualLPer100Km, engineL, volumetricEfficiency. What is absent or makes no sense takes the class's default.
 */
export function vehicleSettings(device: Device): VehicleSettings {
  let settings = known.get(device)
  if (!settings) known.set(device, (settings = read(device.attributes)))
  return settings
}

function read(attributes: Device['attributes']): VehicleSettings {
  const text = attributes['vehicleClass']
  const vehicleClass: VehicleClass = text === 'van' || text === 'heavy' ? text : 'car'
  const number = (name: string, otherwise: number): number => {
    const value = Number(attributes[name] ?? NaN)
    return value > 0 ? value : otherwise
  }
  const basis = usual[vehicleClass]
  const tankL = number('tankL', basis.tankL)
  const fuel = attributes['fuel']
  return {
    fuel: {
      fuel: fuel === 'diesel' || fuel === 'gasoline' ? fuel : basis.fuel,
      tankL,
      reserveL: number('reserveL', 0.05 * tankL),
      usualLPer100Km: number('usualLPer100Km', basis.usualLPer100Km),
      engineL: number('engineL', basis.engineL),
      volumetricEfficiency: number('volumetricEfficiency', 0.8),
    },
    harsh: parseHarshProfile(attributes['harshG'] ?? '') ?? harshProfiles[vehicleClass],
    speedLimitKmh: number('speedLimitKmh', NaN),
  }
}
