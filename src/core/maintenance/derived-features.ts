import { bestLimits, worthwhile } from './limit.ts'

/** A feature made of two columns, in double precision. */
export interface Formula {
  name: string
  kind: 'difference' | 'product' | 'ratio'
  left: string
  right: string
  scale: number
}

export type Columns = Readonly<Record<string, ArrayLike<number>>>

export function derive({ kind, left, right, scale }: Formula, columns: Columns): Float64Array {
  const [a, b] = [columns[left]!, columns[right]!]
  return Float64Array.from({ length: a.length }, (_, i) => {
    if (kind === 'difference') return (a[i]! - b[i]!) * scale
    return (kind === 'product' ? a[i]! * b[i]! : a[i]! / b[i]!) * scale
  })
}

const [SPEED, TORQUE, WEAR] = [/rotational_speed|^rpm$|speed_rpm/, /torque/, /tool_wear|^wear/]
const [PROCESS, AIR] = [/process_temperature/, /air_temperature|ambient_temperature/]

/** What wears a rotating machine, from what such machines report: heat that cannot leave, mechanical power, and load on a worn tool. */
const physics: readonly [Formula['kind'], name: string, left: RegExp, right: RegExp, scale: number][] = [
  ['difference', 'derived.temperature_difference', PROCESS, AIR, 1],
  ['product', 'derived.power', TORQUE, SPEED, Math.PI / 30], // W of Nm and revolutions a minute
  ['product', 'derived.strain', TORQUE, WEAR, 1],
]

/** The formulas of machine physics whose inputs are there. */
export function knownFormulas(columns: Columns): Formula[] {
  const find = (pattern: RegExp) => Object.keys(columns).find((name) => pattern.test(name))
  return physics.flatMap(([kind, name, a, b, scale]) => {
    const [left, right] = [find(a), find(b)]
    return left !== undefined && right !== undefined ? [{ name, kind, left, right, scale }] : []
  })
}

/** Threat: pairs of a table of hundreds of columns are tens of thousands. */
const PAIRED_COLUMNS = 12

/**
 * Of all differences, products and ratios of two columns, those that part a target's ones better by one limit than any of
 * the given features: at most one a target. Only for rows of training: what is chosen has seen their labels.
 */
export function findFormulas(
  columns: Columns,
  features: Columns,
  targets: readonly ArrayLike<number>[],
): Formula[] {
  const before = targets.map(() => 0)
  const single = new Map(
    Object.entries(features).map(([name, values]) => [name, bestLimits(values, targets)]),
  )
  for (const limits of single.values())
    limits.forEach(({ gain }, t) => (before[t] = Math.max(before[t]!, gain)))
  // The columns that say most by themselves, any target.
  const telling = Object.keys(columns)
    .map((name) => [name, Math.max(0, ...(single.get(name) ?? []).map(({ gain }) => gain))] as const)
    .sort((a, b) => b[1] - a[1])
    .slice(0, PAIRED_COLUMNS)
    .map(([name]) => name)
  const chosen = targets.map((): { gain: number; formula: Formula | null } => ({ gain: 0, formula: null }))
  for (const formula of pairs(telling)) {
    bestLimits(derive(formula, columns), targets).forEach(({ gain }, t) => {
      if (gain > chosen[t]!.gain && worthwhile(gain, before[t]!)) chosen[t] = { gain, formula }
    })
  }
  const found = chosen.flatMap(({ formula }) => formula ?? [])
  return [...new Map(found.map((formula) => [formula.name, formula])).values()]
}

function* pairs(names: readonly string[]): Generator<Formula> {
  for (const [i, left] of names.entries())
    for (const right of names.slice(i + 1)) {
      yield { name: `${left} - ${right}`, kind: 'difference', left, right, scale: 1 }
      yield { name: `${left} * ${right}`, kind: 'product', left, right, scale: 1 }
      yield { name: `${left} / ${right}`, kind: 'ratio', left, right, scale: 1 }
      yield { name: `${right} / ${left}`, kind: 'ratio', left: right, right: left, scale: 1 }
    }
}
