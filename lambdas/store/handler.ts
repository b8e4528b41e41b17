import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { dynamoMarkBook } from '../../src/adapters/aws/dynamo/dynamo-mark-book.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { hotStoreOf } from '../middleware/hot-store.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { storeHandler } from './store-effects.ts'

const env = parseEnv(process.env)
const store = hotStoreOf(env)
const marks = dynamoMarkBook(new DynamoDBClient(), env.MARKS_TABLE)
const clock = systemClock()

/** Writes what the pipelines found to the hot store, then says which minutes that makes dirty. */
export const handler = observed(({ logger }) =>
  storeHandler({
    store,
    marks,
    clock,
    onFailure: (error) => logger.warn('the batch stopped; what is left of it comes again', error as Error),
  }),
)
