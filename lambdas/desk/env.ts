import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  STATE_TABLE: 'text',
  PRESENCE_TABLE: 'text',
  CONFIG_TABLE: 'text',
  ALARM_TABLE: 'text',
  AUDIT_TABLE: 'text',
  JOBS_TABLE: 'text',
  RETIREMENTS_TABLE: 'text',
  PROVISIONING_TABLE: 'text',
  /** IoT policy that every device's certificate gets. */
  DEVICE_POLICY: 'text',
  /** As this IoT provisions devices, and the function that it asks before. */
  PROVISIONING_ROLE: 'text',
  PROVISIONING_HOOK: 'text',
  LAKE_BUCKET: 'text',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
