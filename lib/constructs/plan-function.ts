import { Duration } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Env as PlanEnv } from '../../lambdas/plan/env.ts'
import type { Deployment } from '../deployment.ts'
import { useTable, writeShadows } from './grants.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import type { Tables } from './tables.ts'

export interface PlanFunctionProps {
  deployment: Deployment
  hotquery: NodeFunction
  tables: Tables
  ops: Operations
}

/** Plans a building when somebody asks the API to; by the clock the jobs do. */
export function planFunction(scope: Construct, id: string, props: PlanFunctionProps): NodeFunction {
  const { deployment, hotquery, tables, ops } = props
  const table = tables.of
  const fn = new NodeFunction<PlanEnv>(scope, id, {
    name: 'plan',
    description: 'Plans one building now, for the API',
    memoryMiB: 1769,
    // The API answers within 29 seconds.
    timeout: Duration.seconds(25),
    ops,
    env: {
      HOTQUERY_FUNCTION: hotquery.lambda.functionName,
      CONFIG_TABLE: table.Config.tableName,
      ALARM_TABLE: table.AlarmBook.tableName,
      FACTS_TABLE: table.Facts.tableName,
      WORK_ORDERS_TABLE: table.WorkOrders.tableName,
      WEATHER_URL: deployment.weatherUrl ?? '',
    },
  })
  fn.allow(['lambda:InvokeFunction'], [hotquery.lambda.functionArn])
  useTable(fn, table.Config, 'query')
  useTable(fn, table.AlarmBook, 'query')
  useTable(fn, table.Facts, 'query', 'put')
  useTable(fn, table.WorkOrders, 'query')
  writeShadows(fn)
  return fn
}
