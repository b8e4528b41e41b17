import { constant, lag, noise, sum, wander, within } from '../process.ts'
import type { MachineKind } from './machine.ts'

const RATED = { current: 28, synchronousRpm: 1500, slip: 0.025, windingRise: 55, bearingRise: 28 } as const

/** A four-pole induction motor of about 15 kW on a 50 Hz grid. */
export const motor: MachineKind = {
  kind: 'motor',
  measures: ['temperature', 'temperature@bearing', 'vibration', 'current', 'rpm'],
  modes: {
    bearingWear: { shows: ['vibration', 'temperature@bearing'] },
    coolingBlocked: { shows: ['temperature'] },
    imbalance: { shows: ['vibration'] },
    phaseLoss: { shows: ['current', 'temperature', 'vibration', 'rpm'] },
  },
  create: ({ random, ambient, load, wear }) => {
    const loadNow = within(0, 1.25, sum(constant(load), wander(random.fork('load'), 0.05, 90)))
    const winding = lag(300)
    const bearing = lag(200)
    const grain = (name: string, spread: number) => noise(random.fork(name), spread)
    const [warmth, warmthBearing, shake, amps, turns, knock] = [
      grain('winding', 0.08),
      grain('bearing', 0.08),
      grain('vibration', 0.07),
      grain('current', 0.12),
      grain('rpm', 0.6),
      grain('knock', 1),
    ] as const
    return {
      advance: (at, seconds, severity) => {
        const l = loadNow(at, seconds)
        const air = ambient(at, seconds)
        const [worn, blocked, uneven, lost] = ['bearingWear', 'coolingBlocked', 'imbalance', 'phaseLoss'].map(severity) as [number, number, number, number] // prettier-ignore
        // Copper losses go with the square of the current; a lost phase makes the two left carry √3 of it.
        const share = Math.sqrt(0.09 + 0.91 * l * l) * (1 + 0.73 * lost)
        const slip = RATED.slip * l * (1 + 1.5 * lost)
        const speed = 1 - slip
        const rise = RATED.windingRise * share * share * (1 + 1.6 * blocked)
        const friction = RATED.bearingRise * (0.6 + 0.4 * l) * (1 + 0.15 * wear + 1.4 * worn)
        // A spall knocks now and then before it rumbles all the time.
        const knocking = worn * Math.abs(knock(at, seconds)) * 0.9
        const vibration =
          (0.9 + 0.5 * l + 0.6 * wear + 5.5 * uneven + 2 * lost) * speed * speed + 4.5 * worn + knocking
        return {
          temperature: winding(air + rise, seconds) + warmth(at, seconds),
          'temperature@bearing': bearing(air + friction, seconds) + warmthBearing(at, seconds),
          vibration: Math.max(0.05, vibration + shake(at, seconds)),
          current: Math.max(0, RATED.current * share + amps(at, seconds)),
          rpm: RATED.synchronousRpm * speed + turns(at, seconds),
        }
      },
    }
  },
}
