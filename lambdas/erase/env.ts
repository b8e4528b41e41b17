export type { ErasedTable } from '../../src/adapters/aws/dynamo/erase-items.ts'
import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  ERASURES_TABLE: 'text',
  /** Name by table, of every one that may hold something of a device. */
  TABLES: 'map',
  LAKE_BUCKET: 'text',
  FAILURES_BUCKET: 'text',
  PUBLISH_QUEUE: 'text',
  HOT_ERASE_FUNCTION: 'text',
  OUTPUT_STREAM: 'text',
  HOT_DAYS: 'count',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
