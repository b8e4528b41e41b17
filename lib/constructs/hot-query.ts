import { Duration } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Env as HotqueryEnv } from '../../lambdas/hotquery/env.ts'
import type { HotStore } from './hot-store.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'

/** Reads the hot store for those outside its network: the API and the jobs. */
export function hotQuery(scope: Construct, id: string, hotStore: HotStore, ops: Operations): NodeFunction {
  const fn = new NodeFunction<HotqueryEnv>(scope, id, {
    name: 'hotquery',
    description: 'Reads the hot store for the API and the jobs, which are not in its network',
    memoryMiB: 1024,
    timeout: Duration.seconds(29),
    place: hotStore.place,
    ops,
    env: hotStore.env,
  })
  hotStore.open(fn, 'read')
  return fn
}
