import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  REGISTRY_TABLE: 'text',
  CONFIG_TABLE: 'text',
  PROVISIONING_TABLE: 'text',
  ERASURES_TABLE: 'text',
  AUDIT_TABLE: 'text',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
