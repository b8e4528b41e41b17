import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  STATE_TABLE: 'text',
  PRESENCE_TABLE: 'text',
  PROGRESS_TABLE: 'text',
  ALARM_TABLE: 'text',
  ALERT_TOPIC: 'text',
  LAKE_BUCKET: 'text',
  CONFIG_TABLE: 'text',
  /** Stream names by trade. */
  TRADE_STREAMS: 'map',
  /** Batches of a shard that a pipeline function handles at the same time. */
  PARALLELIZATION: 'count',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
