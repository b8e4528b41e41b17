import type { DynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { hvacOf } from '../../src/pipeline/jobs/hvac.ts'
import type { JobSources } from '../../src/pipeline/jobs/job.ts'
import { createJobRunner } from '../../src/pipeline/jobs/run-jobs.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { SetPointDesk } from '../../src/ports/set-point-desk.ts'
import type { WorkOrders } from '../../src/ports/work-orders.ts'

export interface PlanParts {
  sources: JobSources & { orders: WorkOrders }
  facts: Pick<DynamoFacts, 'write'>
  setPoints: SetPointDesk
  clock: Pick<Clock, 'now'>
}

/** Plans one building now, beside the job of every quarter of an hour. Throws where it could not be planned. */
export async function planSite({ sources, facts, setPoints, clock }: PlanParts, site: string): Promise<void> {
  const runner = createJobRunner({
    // By the clock nothing runs here, so nothing is noted or waited for.
    jobs: [],
    ledger: { last: async () => null, finish: async () => {} },
    passed: async () => true,
    sources,
    store: async (effects) =>
      facts.write(effects.flatMap((effect) => (effect.kind === 'fact' ? [effect.fact] : []))),
    setPoints,
    // A plan raises nothing and changes no configuration.
    deliver: async () => {},
    publish: async () => {},
    now: clock.now,
    failed: (_job, error) => {
      throw error
    },
  })
  await runner.runNow(hvacOf(site))
}
