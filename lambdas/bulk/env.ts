import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  HOTQUERY_FUNCTION: 'text',
  TRADE_STREAMS: 'map',
  CONFIG_TABLE: 'text',
  REGISTRY_TABLE: 'text',
  TOKENS_TABLE: 'text',
  ALARM_TABLE: 'text',
  MANIFEST_TABLE: 'text',
  MARKS_TABLE: 'text',
  FACTS_TABLE: 'text',
  WORK_ORDERS_TABLE: 'text',
  AUDIT_TABLE: 'text',
  LAKE_BUCKET: 'text',
  ATHENA_WORKGROUP: 'text',
  GLUE_DATABASE: 'text',
  /** Queue of the one worker that may change a bucket of a day. */
  PUBLISH_QUEUE: 'text',
  /** Ages in days at which data moves to the next tier. */
  HOT_DAYS: 'count',
  WARM_DAYS: 'count',
  COLD_DAYS: 'count',
  /** IANA zone of the weeks that are reported on by themselves. */
  REPORT_ZONE: 'text',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
