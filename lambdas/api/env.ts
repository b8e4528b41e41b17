import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  HOTQUERY_FUNCTION: 'text',
  PLAN_FUNCTION: 'text',
  DESK_FUNCTION: 'text',
  ERASE_FUNCTION: 'text',
  BULK_FUNCTION: 'text',
  TRADE_STREAMS: 'map',
  STATE_TABLE: 'text',
  CONFIG_TABLE: 'text',
  REGISTRY_TABLE: 'text',
  GROUPS_TABLE: 'text',
  COMMANDS_TABLE: 'text',
  RETIREMENTS_TABLE: 'text',
  TOKENS_TABLE: 'text',
  USER_POOL: 'text',
  ALARM_TABLE: 'text',
  QUARANTINE_TABLE: 'text',
  PRESENCE_TABLE: 'text',
  MANIFEST_TABLE: 'text',
  MARKS_TABLE: 'text',
  ERASURES_TABLE: 'text',
  FACTS_TABLE: 'text',
  WORK_ORDERS_TABLE: 'text',
  AUDIT_TABLE: 'text',
  LAKE_BUCKET: 'text',
  ATHENA_WORKGROUP: 'text',
  GLUE_DATABASE: 'text',
  /** Ages in days at which data moves to the next tier. */
  HOT_DAYS: 'count',
  WARM_DAYS: 'count',
  COLD_DAYS: 'count',
  /** IoT policy that every device's certificate gets. */
  DEVICE_POLICY: 'text',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
