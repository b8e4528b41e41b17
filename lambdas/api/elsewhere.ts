import type { Elsewhere } from '../../src/api/elsewhere.ts'

/** What AWS does otherwise than by this API, or not yet. Routes behind these paths are not in the bundle. */
export const elsewhere = {
  'ANY /v1/authority/*': 'Amazon’s authority signs certificates here: GET /v1/connection names its root',
  'ANY /v1/live': 'API Gateway holds no stream open: poll /v1/latest and /v1/alarms',
  'ANY /v1/map/*': 'no road map is kept here: Amazon Location is asked for ways',
} as const satisfies Elsewhere
