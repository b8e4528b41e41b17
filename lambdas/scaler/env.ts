import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  /** Names of provisioned streams, by trade; the output stream's is `output`. */
  STREAMS: 'map',
  MIN_SHARDS: 'count',
  MAX_SHARDS: 'count',
  OUTPUT_MIN_SHARDS: 'count',
  OUTPUT_MAX_SHARDS: 'count',
  /** Name of the trade streams' fan-out consumer. */
  CONSUMER: 'text',
  TARGET_LATENCY_MS: 'count',
  PARALLELIZATION: 'count',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
