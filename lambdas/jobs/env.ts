import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  HOTQUERY_FUNCTION: 'text',
  OUTPUT_STREAM: 'text',
  TRADE_STREAMS: 'map',
  /** Batches of a shard that a pipeline function handles at the same time. */
  PARALLELIZATION: 'count',
  STATE_TABLE: 'text',
  MARKS_TABLE: 'text',
  PROGRESS_TABLE: 'text',
  COMMANDS_TABLE: 'text',
  PRESENCE_TABLE: 'text',
  AUDIT_TABLE: 'text',
  CONFIG_TABLE: 'text',
  ALARM_TABLE: 'text',
  FACTS_TABLE: 'text',
  WORK_ORDERS_TABLE: 'text',
  ALERT_TOPIC: 'text',
  LAKE_BUCKET: 'text',
  /** Forecast source in Open-Meteo's form; empty where nobody is asked. */
  WEATHER_URL: 'optional',
  /** SageMaker endpoint where models score; empty where this function scores by itself. */
  MODEL_ENDPOINT: 'optional',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
