import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { dynamoMarkBook } from '../../src/adapters/aws/dynamo/dynamo-mark-book.ts'
import { dynamoRepairBound } from '../../src/adapters/aws/dynamo/dynamo-repair-bound.ts'
import { passedBarriers } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { hotStoreOf } from '../middleware/hot-store.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { storeHandler } from './store-effects.ts'

const env = parseEnv(process.env)
const store = hotStoreOf(env)
const dynamo = new DynamoDBClient()
const facts = dynamoFacts(dynamo, env.FACTS_TABLE)
const marks = dynamoMarkBook(dynamo, env.MARKS_TABLE)
const bound = dynamoRepairBound(dynamo, env.PROGRESS_TABLE)
const passed = passedBarriers(dynamo, env.PROGRESS_TABLE).note
const clock = systemClock()

/** Writes what the pipelines found to the hot store, then says which minutes that makes dirty. */
export const handler = observed(({ logger }) =>
  storeHandler({
    store,
    facts,
    marks,
    bound,
    passed,
    clock,
    onFailure: (error) => logger.warn('the batch stopped; what is left of it comes again', error as Error),
  }),
)
