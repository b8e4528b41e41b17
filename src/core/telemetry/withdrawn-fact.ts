import type { EpochMs } from './reading.ts'
import type { Fact } from './stage.ts'

/** Takes back a fact that a better look has not confirmed: an upsert that no range of times finds again. */
export const withdrawnFact = ({ type, thing, key, at }: Fact, version: EpochMs): Fact => ({
  type,
  thing,
  key,
  at,
  until: BEFORE_ALL_TIME,
  version,
  value: {},
})

/** Ranges are asked for by overlap, and none begins before the epoch. */
const BEFORE_ALL_TIME = -1
