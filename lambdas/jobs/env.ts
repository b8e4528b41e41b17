import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  HOTQUERY_FUNCTION: 'text',
  OUTPUT_STREAM: 'text',
  TRADE_STREAMS: 'map',
  STATE_TABLE: 'text',
  MARKS_TABLE: 'text',
  PROGRESS_TABLE: 'text',
  CONFIG_TABLE: 'text',
  REGISTRY_TABLE: 'text',
  ALARM_TABLE: 'text',
  QUARANTINE_TABLE: 'text',
  PRESENCE_TABLE: 'text',
  MANIFEST_TABLE: 'text',
  ALERT_TOPIC: 'text',
  LAKE_BUCKET: 'text',
  ATHENA_WORKGROUP: 'text',
  GLUE_DATABASE: 'text',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
