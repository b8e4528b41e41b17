import type { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import type { DynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import type { S3 } from '../../src/adapters/aws/lake/lake-files.ts'
import { dynamoSites } from '../../src/adapters/aws/trades/dynamo-sites.ts'
import { dynamoWorkOrders } from '../../src/adapters/aws/trades/dynamo-work-orders.ts'
import { s3ModelRegistry } from '../../src/adapters/aws/trades/s3-model-registry.ts'
import type { TradePorts } from '../../src/api/ports.ts'
import { machineKind } from '../../src/pipeline/machine-profile.ts'
import { trainingExamples } from '../../src/pipeline/training-examples.ts'
import type { MachineWatch } from '../../src/ports/machine-watch.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { currentConfiguration, EFFECTIVE_AFTER_MS } from '../middleware/current-configuration.ts'
import { iotSetPoints } from '../middleware/shadow-set-points.ts'
import { askFunction, type Functions } from './ask-function.ts'
import type { parseEnv } from './env.ts'

export interface AwsTradesParts {
  env: Pick<
    ReturnType<typeof parseEnv>,
    'CONFIG_TABLE' | 'WORK_ORDERS_TABLE' | 'LAKE_BUCKET' | 'PLAN_FUNCTION'
  >
  dynamo: Dynamo
  s3: S3
  data: Pick<IoTDataPlaneClient, 'send'>
  lambda: Functions
  facts: DynamoFacts
  machines: Pick<MachineWatch, 'past'>
  clock: Clock
}

/** Buildings and maintenance on AWS. */
export function awsTrades({
  env,
  dynamo,
  s3,
  data,
  lambda,
  facts,
  machines,
  clock,
}: AwsTradesParts): TradePorts {
  const config = dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock)
  const current = currentConfiguration(config, clock)
  const orders = dynamoWorkOrders(dynamo, env.WORK_ORDERS_TABLE)
  return {
    sites: dynamoSites({ config, clock, effectiveAfterMs: EFFECTIVE_AFTER_MS }),
    orders,
    models: s3ModelRegistry({ s3, bucket: env.LAKE_BUCKET, dynamo, table: env.CONFIG_TABLE }),
    modelNames: ['failure'],
    machine: async (thing) => {
      const profile = (await current()).profile(thing, clock.now())
      return profile && machineKind(profile)
    },
    examples: async (question) =>
      trainingExamples({ configuration: await current(), orders, machines }, question),
    plan: async (site) => {
      await askFunction(lambda, env.PLAN_FUNCTION, { site }, `the plan of building ${site}`)
    },
    store: facts.write,
    setPoints: iotSetPoints(data, clock),
  }
}
