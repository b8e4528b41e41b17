import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  FAILURES_BUCKET: 'text',
  LAKE_BUCKET: 'text',
  /** Address of the queue of connection events. */
  PRESENCE_QUEUE: 'text',
  OUTPUT_STREAM: 'text',
  TRADE_STREAMS: 'map',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
