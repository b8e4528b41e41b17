import type { Elsewhere } from '../../src/api/elsewhere.ts'
import { ApiProblem } from '../../src/api/problem.ts'

/** What AWS does otherwise than by this API, or not yet. Routes behind these paths are not in the bundle. */
export const elsewhere = {
  'ANY /v1/authority/*': 'Amazon’s authority signs certificates here: GET /v1/connection names its root',
  'ANY /v1/live': 'API Gateway holds no stream open: poll /v1/latest and /v1/alarms',
  'ANY /v1/export': 'Athena reads the lake here, in the work group of the storage stack; or GET /v1/series',
  'ANY /v1/import':
    'files come in by messages here: dt/{trade}/{thing}/backfill, or POST /v1/devices/{thing}/readings',
  'ANY /v1/map/*': 'no road map is kept here: Amazon Location is asked for ways',
  'ANY /v1/reports/*': 'nobody writes reports here: GET /v1/series has their figures',
  'PUT /v1/retention':
    'retention belongs to the deployment here: set retentionDays (hot, warm, cold, raw) in cdk.json and deploy',
  'POST /v1/history/refold':
    'the function redrive sends archived messages again: invoke it with {"raw":{"trade":"plant","from":"2026-11-01","to":"2026-11-03"}} (docs/operations.md, redrive)',
  'POST /v1/history/rebuild':
    'the function redrive makes the windows of a published day again (docs/operations.md, redrive)',
} as const satisfies Elsewhere

/** For ports that must have what never comes to them. */
export function notByApi(request: keyof typeof elsewhere): never {
  throw new ApiProblem('not_by_api', elsewhere[request])
}
