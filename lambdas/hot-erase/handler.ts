import { hotStoreOf } from '../middleware/hot-store.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'

const store = hotStoreOf(parseEnv(process.env))

/** Removes a device from the hot store, for the function that erases and is not in its network. */
export const handler = observed(() => async ({ thing }: { thing?: unknown }) => {
  if (typeof thing !== 'string' || thing === '') throw new Error('give the device: {"thing":"pump-1"}')
  return { erased: await store.erase(thing) }
})
