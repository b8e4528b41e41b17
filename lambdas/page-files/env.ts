import type { PageConfig } from '../../src/ports/page-config.ts'
import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  PAGE_BUCKET: 'text',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

/** What `lib/` tells the page through this function. */
export type Config = PageConfig

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
