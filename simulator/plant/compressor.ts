import { constant, lag, levels, noise, sum, within } from '../process.ts'
import type { MachineKind } from './machine.ts'

const RATED = { bar: 7.5, flow: 8, current: 62, rpm: 2960, polytropicRise: 64 } as const

/** An oil-injected screw compressor of about 37 kW: 8 m³/min at 7.5 bar, loading and unloading. */
export const compressor: MachineKind = {
  kind: 'compressor',
  measures: ['pressure', 'temperature', 'temperature@oil', 'vibration', 'current', 'flow', 'rpm'],
  modes: {
    valveLeak: { shows: ['pressure', 'temperature', 'flow'] },
    fouledCooler: { shows: ['temperature', 'temperature@oil'] },
    bearingWear: { shows: ['vibration', 'temperature@oil'] },
    airLeak: { shows: ['pressure', 'current'] },
  },
  create: ({ random, ambient, load, wear }) => {
    const stage = levels(random.fork('stage'), [load * 0.8, load, load * 1.15], 240)
    const loadNow = within(0.25, 1.2, sum(constant(0), stage))
    const smooth = lag(15)
    const vessel = lag(20)
    const discharge = lag(180)
    const oil = lag(420)
    const grain = (name: string, spread: number) => noise(random.fork(name), spread)
    const [pressing, warmth, warmthOil, shake, amps, streaming, turns] = [
      grain('pressure', 0.02),
      grain('discharge', 0.12),
      grain('oil', 0.08),
      grain('vibration', 0.08),
      grain('current', 0.25),
      grain('flow', 0.05),
      grain('rpm', 0.7),
    ] as const
    return {
      advance: (at, seconds, severity) => {
        const air = ambient(at, seconds)
        const [leaking, fouled, worn, losing] = ['valveLeak', 'fouledCooler', 'bearingWear', 'airLeak'].map(severity) as [number, number, number, number] // prettier-ignore
        const l = smooth(loadNow(at, seconds), seconds)
        // Gas that leaks back is compressed again: less flow, less pressure, more heat.
        const bar = vessel(RATED.bar - 0.5 * (l - 0.8) - 2.4 * leaking - 2 * losing, seconds)
        const heat = RATED.polytropicRise * (0.55 + 0.4 * l) * (1 + 0.55 * leaking + 0.65 * fouled)
        const oilHeat = 34 * (0.7 + 0.3 * l) * (1 + 0.9 * fouled + 0.35 * worn)
        return {
          pressure: Math.max(0, bar + pressing(at, seconds)),
          temperature: discharge(air + heat, seconds) + warmth(at, seconds),
          'temperature@oil': oil(air + oilHeat, seconds) + warmthOil(at, seconds),
          vibration: Math.max(0.05, 1.8 + 0.7 * l + 0.6 * wear + 4.4 * worn + shake(at, seconds)),
          current: Math.max(0, RATED.current * (0.3 + 0.7 * l) * (1 + 0.12 * losing) + amps(at, seconds)),
          flow: Math.max(0, RATED.flow * l * (1 - 0.4 * leaking) + streaming(at, seconds)),
          rpm: RATED.rpm * (1 - 0.01 * l) + turns(at, seconds),
        }
      },
    }
  },
}
