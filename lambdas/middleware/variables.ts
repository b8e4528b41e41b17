/**
 * What an environment variable holds: any text, text that may be empty (a part that this deployment does not have),
 * a whole number, `name=value` pairs, or one of a few words.
 */
type Kind = 'text' | 'optional' | 'count' | 'map' | readonly string[]
export type Spec = Readonly<Record<string, Kind>>

/** What the deployment gives: text for every name. */
export type Given<S extends Spec> = { readonly [K in keyof S]: string }

/** What the function works with. */
export type Parsed<S extends Spec> = {
  readonly [K in keyof S]: S[K] extends readonly (infer Word)[]
    ? Word
    : S[K] extends 'count'
      ? number
      : S[K] extends 'map'
        ? ReadonlyMap<string, string>
        : string
}

/** Parses the environment when a function loads, and throws one error that names every variable that is wrong. */
export function parseVariables<const S extends Spec>(
  spec: S,
  source: Readonly<Record<string, string | undefined>>,
): Parsed<S> {
  const problems: string[] = []
  const entries = Object.entries(spec).map(([name, kind]) => {
    const value = source[name]
    const problem = problemOf(kind, value)
    if (problem) problems.push(`${name} is ${JSON.stringify(value) ?? 'not set'}: ${problem}`)
    return [name, problem ? undefined : valueOf(kind, value ?? '')] as const
  })
  if (problems.length > 0) throw new Error(`environment of the function: ${problems.join('; ')}`)
  return Object.fromEntries(entries) as Parsed<S>
}

function problemOf(kind: Kind, value: string | undefined): string | null {
  if (typeof kind !== 'string') return kind.includes(value ?? '') ? null : `allowed are ${kind.join(', ')}`
  if (value === undefined) return 'must be set'
  return checks[kind](value)
}

const checks: Record<Extract<Kind, string>, (value: string) => string | null> = {
  optional: () => null,
  text: (value) => (value === '' ? 'must not be empty' : null),
  count: (value) => (/^\d{1,15}$/.test(value) ? null : 'must be a whole number'),
  map: (value) =>
    value.split(',').every((pair) => /^[^=]+=.+$/.test(pair))
      ? null
      : 'must be name=value pairs with commas between',
}

function valueOf(kind: Kind, value: string): unknown {
  if (kind === 'count') return Number(value)
  if (kind !== 'map') return value
  return new Map(
    value.split(',').map((pair): [string, string] => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
