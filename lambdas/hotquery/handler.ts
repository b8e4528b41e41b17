import { answerHotQuery } from '../../src/adapters/aws/hot/hot-query.ts'
import { hotStoreOf } from '../middleware/hot-store.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'

const store = hotStoreOf(parseEnv(process.env))

/** Reads the hot store for those who are not in its network. */
export const handler = observed(() => async (event: unknown) => answerHotQuery(store, event))
