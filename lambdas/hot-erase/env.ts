import { hotStoreVariables } from '../middleware/hot-store-variables.ts'
import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  ...hotStoreVariables,
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
