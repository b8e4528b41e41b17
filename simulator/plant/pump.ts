import { constant, lag, noise, sum, wander, within } from '../process.ts'
import type { MachineKind } from './machine.ts'

const RATED = { shutoffBar: 6.2, flow: 60, dropBar: 2.4, current: 22, rpm: 2920, motorRise: 48 } as const

/** A centrifugal pump of about 11 kW: 60 m³/h at 3.8 bar. */
export const pump: MachineKind = {
  kind: 'pump',
  measures: ['flow', 'pressure', 'temperature', 'vibration', 'current', 'rpm'],
  modes: {
    cavitation: { shows: ['vibration', 'flow', 'pressure', 'current', 'temperature', 'rpm'] },
    sealLeak: { shows: ['flow', 'pressure', 'temperature', 'current'] },
    cloggedFilter: { shows: ['flow', 'pressure', 'current', 'temperature', 'vibration', 'rpm'] },
    bearingWear: { shows: ['vibration', 'temperature'] },
  },
  create: ({ random, ambient, load, wear }) => {
    const demand = within(0.2, 1.2, sum(constant(load), wander(random.fork('demand'), 0.04, 120)))
    const housing = lag(240)
    const grain = (name: string, spread: number) => noise(random.fork(name), spread)
    const [streaming, pressing, warmth, shake, amps, turns, bubbles] = [
      grain('flow', 0.35),
      grain('pressure', 0.02),
      grain('temperature', 0.08),
      grain('vibration', 0.06),
      grain('current', 0.1),
      grain('rpm', 0.8),
      grain('bubbles', 1),
    ] as const
    return {
      advance: (at, seconds, severity) => {
        const air = ambient(at, seconds)
        const [cavitating, leaking, clogged, worn] = ['cavitation', 'sealLeak', 'cloggedFilter', 'bearingWear'].map(severity) as [number, number, number, number] // prettier-ignore
        const wanted = demand(at, seconds)
        const inside = wanted * (1 - 0.55 * clogged) * (1 - 0.25 * cavitating)
        // Head falls with the square of the flow (parabolic pump curve); bubbles break both into pieces.
        const burst = cavitating * bubbles(at, seconds)
        const head =
          (RATED.shutoffBar - RATED.dropBar * inside * inside) * (1 - 0.3 * leaking - 0.35 * cavitating)
        const delivered = RATED.flow * inside * (1 - 0.35 * leaking)
        const power = 0.35 + 0.65 * inside * (1 + 0.1 * leaking)
        const rise = RATED.motorRise * power * power * (1 + 0.1 * wear + 0.8 * worn)
        return {
          flow: Math.max(0, delivered + 6 * burst + streaming(at, seconds)),
          pressure: Math.max(0, head + 0.35 * burst + pressing(at, seconds)),
          temperature: housing(air + rise, seconds) + warmth(at, seconds),
          vibration: Math.max(
            0.05,
            1.1 + 0.4 * inside + 0.5 * wear + 4.2 * worn + 4.6 * cavitating + 0.8 * Math.abs(burst) + shake(at, seconds), // prettier-ignore
          ),
          current: Math.max(0, RATED.current * power + 0.8 * burst + amps(at, seconds)),
          rpm: RATED.rpm * (1 - 0.012 * inside) + turns(at, seconds),
        }
      },
    }
  },
}
