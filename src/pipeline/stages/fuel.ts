import { transitionId } from '../../core/alarm/transition.ts'
import type { FuelVehicle } from '../../core/fleet/fuel-rate.ts'
import {
  economyLPerKm,
  fuelFields,
  fuelLimits,
  rangeKm,
  takeFuel,
  type FuelState,
  type FuelStep,
} from '../../core/fleet/fuel.ts'
import { isStanding, placeOf, positionFields } from '../../core/fleet/position-filter.ts'
import { setTickFloor, tickFloorOf, type DeviceState } from '../../core/telemetry/device-state.ts'
import type { Layout } from '../../core/telemetry/layout.ts'
import type { EpochMs, ReadingBatch } from '../../core/telemetry/reading.ts'
import {
  noEffects,
  type BoundStage,
  type Context,
  type Effect,
  type Stage,
} from '../../core/telemetry/stage.ts'
import type { VehicleFuel } from '../../ports/fleet-reader.ts'
import { alignedRows } from './aligned-rows.ts'
import { trackOf } from './position.ts'
import { stateRecord } from './state-record.ts'
import { vehicleSettings } from './vehicle-settings.ts'

const measures = ['fuelRate', 'airFlow', 'engineSpeed', 'manifoldPressure', 'intakeTemperature', 'fuelLevel']

/** Keeps a vehicle's fuel ledger: consumption, economy, range, refuels, drains, and the low-fuel alarm. */
export const fuel: Stage = { name: 'fuel', fields: { device: fuelFields }, bind: bindFuel }

function bindFuel(layout: Layout): BoundStage {
  const ledgerOf = stateRecord(layout, 'fuel', fuelFields)
  const filterOf = stateRecord(layout, 'position', positionFields)

  function step(state: DeviceState, batch: ReadingBatch, context: Context): Effect[] {
    const rows = alignedRows(batch, measures)
    if (rows.at.length === 0) return noEffects
    const vehicle = vehicleSettings(context.profile.device).fuel
    const ledger = ledgerOf(state)
    const fixes = trackOf(batch)?.fixes ?? []
    let place = trackOf(batch)?.before ?? placeOf(filterOf(state))
    let next = 0
    const effects: Effect[] = []
    for (let i = 0; i < rows.at.length; i++) {
      const at = rows.at[i]!
      while (next < fixes.length && fixes[next]!.at <= at) place = fixes[next++]!
      const value = (k: number): number => rows.values[k]![i]!
      const signals = {
        rateLph: value(0),
        airFlowGps: value(1),
        rpm: value(2),
        manifoldKpa: value(3),
        intakeC: value(4),
        levelPercent: value(5),
      }
      const news = takeFuel(ledger, vehicle, at, signals, place.odometerM, isStanding(place))
      if (news.step) effects.push(...stepEffects(state.thing, news.step, context.receivedAt))
      if (news.low !== null) effects.push(lowFuel(state, ledger, vehicle, at, news.low))
    }
    return effects
  }

  return { name: 'fuel', step, tick: () => noEffects }
}

/** A refuel is a fact; a drain is a fact and an anomaly, for it may be a theft. */
function stepEffects(thing: string, { kind, at, ...value }: FuelStep, version: EpochMs): Effect[] {
  const fact: Effect = {
    kind: 'fact',
    fact: { type: kind, thing, key: String(at), at, until: at, version, value },
  }
  if (kind === 'refuel') return [fact]
  const { litres: score, toPercent: observed, fromPercent } = value
  const expected = { low: fromPercent - fuelLimits.stepPercent }
  return [
    fact,
    {
      kind: 'anomaly',
      anomaly: { thing, measure: 'fuelLevel', at, detector: 'fuel-drain', score, observed, expected },
    },
  ]
}

function lowFuel(
  state: DeviceState,
  ledger: FuelState,
  vehicle: FuelVehicle,
  moment: EpochMs,
  low: boolean,
): Effect {
  const floor = tickFloorOf(state)
  const at = Math.max(moment, floor + 1)
  if (at > moment) setTickFloor(state, at) // the next one may be as old: it must not have the same time
  const { lowPercent, hysteresis } = fuelLimits
  const level = ledger.level.toFixed(1)
  const range = Math.round(rangeKm(ledger, vehicle))
  return {
    kind: 'transition',
    transition: {
      id: transitionId('fuel-low', state.thing, 'fuelLevel', at),
      rule: 'fuel-low',
      thing: state.thing,
      key: 'fuelLevel',
      to: low ? 'active' : 'clear',
      at,
      severity: 'minor',
      why: {
        detector: 'fuel-low',
        text: low
          ? `the tank is at ${level} %, below ${lowPercent} %; it lasts for about ${range} km`
          : `the tank is at ${level} %, above ${lowPercent + hysteresis} % again`,
        observed: ledger.level,
        expected: { low: lowPercent },
        unit: '%',
        details: { rangeKm: range },
      },
    },
  }
}

/** Reads a vehicle's fuel out of its state; null before any fuel signal. */
export function readFuel(layout: Layout): (state: DeviceState, vehicle: FuelVehicle) => VehicleFuel | null {
  const ledgerOf = stateRecord(layout, 'fuel', fuelFields)
  return (state, vehicle) => {
    const ledger = ledgerOf(state)
    if (ledger.at === 0) return null
    const hasLevel = ledger.level > 0
    return {
      at: ledger.at,
      levelPercent: hasLevel ? ledger.level : null,
      rateLph: ledger.rateAt > 0 ? ledger.rateLph : null,
      litresPer100Km: 100 * economyLPerKm(ledger, vehicle),
      rangeKm: hasLevel ? rangeKm(ledger, vehicle) : null,
      usedL: ledger.usedL,
    }
  }
}
