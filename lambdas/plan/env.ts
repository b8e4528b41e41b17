import { parseVariables, type Given, type Spec } from '../middleware/variables.ts'

const variables = {
  HOTQUERY_FUNCTION: 'text',
  CONFIG_TABLE: 'text',
  ALARM_TABLE: 'text',
  FACTS_TABLE: 'text',
  WORK_ORDERS_TABLE: 'text',
  /** Forecast source in Open-Meteo's form; empty where nobody is asked. */
  WEATHER_URL: 'optional',
} as const satisfies Spec

/** What `lib/` gives this function. */
export type Env = Given<typeof variables>

export const parseEnv = (source: NodeJS.ProcessEnv) => parseVariables(variables, source)
