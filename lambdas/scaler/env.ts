import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  /** Stream names by trade. */
  TRADE_STREAMS: 'map',
  MIN_SHARDS: 'count',
  MAX_SHARDS: 'count',
  TARGET_LATENCY_MS: 'count',
  PARALLELIZATION: 'count',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
