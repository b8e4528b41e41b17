import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'

export interface SyntheticFleet {
  text: string
  /** Cycles left after the last one, unit by unit. */
  remaining: number[]
}

const regimeSettings = [
  [0, 0, 100],
  [10, 0.25, 100],
  [20, 0.7, 100],
  [25, 0.62, 60],
  [35, 0.84, 100],
  [42, 0.84, 100],
] as const

/** Machines in C-MAPSS form: three of the 21 sensors drift as the machine wears, all shift with the regime. */
export function fleetOfRuns(spec: {
  seed: number
  units: number
  regimes: number
  cut?: boolean
}): SyntheticFleet {
  const random = seededRandom(spec.seed)
  const noise = () => random() + random() + random() - 1.5
  const lines: string[] = []
  const remaining: number[] = []
  for (let unit = 1; unit <= spec.units; unit++) {
    const life = 120 + Math.floor(random() * 60)
    const left = spec.cut ? 5 + Math.floor(random() * 85) : 0
    remaining.push(left)
    for (let cycle = 1; cycle <= life - left; cycle++) {
      const regime = Math.floor(random() * spec.regimes)
      const wear = Math.exp((cycle - life) / 40)
      const settings = regimeSettings[regime]!.map((s) => s + 0.002 * noise())
      const sensors = Array.from({ length: 21 }, (_, s) =>
        s % 5 === 0 ? 500 : 500 + 40 * regime * (1 + s / 7) + noise() + (s % 7 === 1 ? 8 * wear : 0),
      )
      lines.push([unit, cycle, ...settings, ...sensors].map((v) => +v.toFixed(4)).join(' ') + '  ')
    }
  }
  return { text: lines.join('\n') + '\n', remaining }
}
