import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Env as PageWatchEnv } from '../../lambdas/page-watch/env.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { Schedule } from './schedule.ts'

/** Looks at the page every five minutes, since CloudFront's own metrics are in another region than its alarms could be. */
export class PageWatch extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { url: string; paths: readonly string[]; ops: Operations },
  ) {
    super(scope, id)
    const fn = new NodeFunction<PageWatchEnv>(this, 'Function', {
      name: 'page-watch',
      description: 'Looks at the page and the API behind it as a browser would',
      memoryMiB: 256,
      timeout: Duration.seconds(30),
      ops: props.ops,
      env: { PAGE_URL: props.url, PATHS: props.paths.join(',') },
    })
    new Schedule(this, 'Schedule', {
      fn,
      jobs: { look: 'rate(5 minutes)' },
      staleAfter: Duration.minutes(4),
      ops: props.ops,
    })
  }
}
