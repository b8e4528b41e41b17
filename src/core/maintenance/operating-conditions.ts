import type { Run } from './run-to-failure.ts'

/** Which regime a row was measured in, and what each sensor usually shows there. Plain values: it travels in a model file. */
export interface OperatingConditions {
  /** Smallest setting values that open a new level, by setting: a row's levels name its regime. */
  breaks: number[][]
  regimes: Record<string, { mean: number[]; std: number[] }>
  /** Sensors that vary within a regime; the others say nothing. */
  sensors: number[]
}

/** A gap wider than this share of a setting's range parts two levels. */
const LEVEL_GAP = 0.05
/** Share of the sensors' variance that levels must explain, else they are noise of one steady regime. */
const EXPLAINED = 0.5
/** Threat: settings that drift freely would give each row a regime of its own. */
const MAX_REGIMES = 64

/** Finds the regimes that the settings form, if the sensors bear them out, and the sensors' moments in each. */
export function learnConditions(runs: readonly Run[]): OperatingConditions {
  const settings = runs[0]?.settings.length ?? 0
  const breaks = Array.from({ length: settings }, (_, s) =>
    levelBreaks(runs.flatMap((run) => [...run.settings[s]!])),
  )
  const steady = describe(
    runs,
    breaks.map(() => []),
  )
  if (breaks.every((levels) => levels.length === 0)) return steady
  const levelled = describe(runs, breaks)
  const regimes = Object.keys(levelled.regimes).length
  return regimes <= MAX_REGIMES && explainedShare(runs, steady, levelled) > EXPLAINED ? levelled : steady
}

/** The regime of row i. A regime that training never saw is read as the one whose key comes nearest. */
export function regimeOf(conditions: OperatingConditions, run: Run, i: number): string {
  const levels = conditions.breaks.map((breaks, s) => breaks.filter((b) => run.settings[s]![i]! >= b).length)
  const key = levels.join(',')
  if (conditions.regimes[key]) return key
  const distance = (other: string) =>
    other.split(',').reduce((sum, level, s) => sum + Math.abs(Number(level) - levels[s]!), 0)
  return Object.keys(conditions.regimes).reduce((best, other) =>
    distance(other) < distance(best) ? other : best,
  )
}

/** Each kept sensor of a run in standard deviations from what is usual in its regime. */
export function standardize(conditions: OperatingConditions, run: Run): Float64Array[] {
  const regimes = run.cycles.map((_, i) => conditions.regimes[regimeOf(conditions, run, i)]!)
  return conditions.sensors.map((sensor) =>
    Float64Array.from(
      run.sensors[sensor]!,
      (value, i) => (value - regimes[i]!.mean[sensor]!) / regimes[i]!.std[sensor]!,
    ),
  )
}

function levelBreaks(values: number[]): number[] {
  const sorted = Float64Array.from(values).sort()
  const gap = LEVEL_GAP * (sorted.at(-1)! - sorted[0]!)
  const breaks: number[] = []
  for (let i = 1; i < sorted.length; i++)
    if (gap > 0 && sorted[i]! - sorted[i - 1]! > gap) breaks.push((sorted[i]! + sorted[i - 1]!) / 2)
  return breaks
}

function describe(runs: readonly Run[], breaks: number[][]): OperatingConditions {
  const count = runs[0]?.sensors.length ?? 0
  const sums: Record<string, { n: number; mean: number[]; m2: number[] }> = {}
  const conditions: OperatingConditions = { breaks, regimes: {}, sensors: [] }
  for (const run of runs) {
    for (let i = 0; i < run.cycles.length; i++) {
      const key = breaks.map((levels, s) => levels.filter((b) => run.settings[s]![i]! >= b).length).join(',')
      const sum = (sums[key] ??= {
        n: 0,
        mean: Array<number>(count).fill(0),
        m2: Array<number>(count).fill(0),
      })
      sum.n += 1
      for (let s = 0; s < count; s++) {
        const before = run.sensors[s]![i]! - sum.mean[s]!
        sum.mean[s]! += before / sum.n
        sum.m2[s]! += before * (run.sensors[s]![i]! - sum.mean[s]!)
      }
    }
  }
  const varies = new Set<number>()
  for (const [key, { n, mean, m2 }] of Object.entries(sums)) {
    const std = m2.map((m, s) => {
      const deviation = Math.sqrt(m / Math.max(n - 1, 1))
      if (deviation > 1e-9 * Math.max(Math.abs(mean[s]!), 1e-9)) varies.add(s)
      return deviation > 1e-9 * Math.max(Math.abs(mean[s]!), 1e-9) ? deviation : 1
    })
    conditions.regimes[key] = { mean, std }
  }
  return { ...conditions, sensors: [...varies].sort((a, b) => a - b) }
}

/** Mean over sensors of the share of variance that goes away once a sensor is compared with its regime. */
function explainedShare(
  runs: readonly Run[],
  steady: OperatingConditions,
  levelled: OperatingConditions,
): number {
  const total = Object.values(steady.regimes)[0]!.std
  const within = total.map(() => 0)
  let rows = 0
  for (const run of runs) {
    rows += run.cycles.length
    for (let i = 0; i < run.cycles.length; i++) {
      const { mean } = levelled.regimes[regimeOf(levelled, run, i)]!
      for (const s of steady.sensors) within[s]! += (run.sensors[s]![i]! - mean[s]!) ** 2
    }
  }
  const shares = steady.sensors.map((s) => 1 - within[s]! / (rows * total[s]! ** 2))
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(shares.length, 1)
}
