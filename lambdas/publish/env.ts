import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  LAKE_BUCKET: 'text',
  MANIFEST_TABLE: 'text',
  ERASURES_TABLE: 'text',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
