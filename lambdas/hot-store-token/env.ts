import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  INFLUX_URL: 'text',
  INFLUX_ORG: 'text',
  INFLUX_BUCKET: 'text',
  RETENTION_DAYS: 'count',
  /** ARN of the secret with the user and password that the instance was made with. */
  ADMIN_SECRET: 'text',
  /** ARN of the secret that receives `{"token": …}`. */
  TOKEN_SECRET: 'text',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
