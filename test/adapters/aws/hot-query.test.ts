import { describe, expect, it } from 'vitest'
import { answerHotQuery, hotQueryReader } from '../../../src/adapters/aws/hot/hot-query.ts'
import type { HotTelemetry } from '../../../src/adapters/aws/hot/hot-store.ts'

const range = { thing: 'p', from: 0, to: 10, limit: 5 }
const store: HotTelemetry = {
  readings: async ({ thing }) => [
    { measure: thing, at: 1, value: 2, text: null, quality: 'good', receivedAt: 3 },
  ],
  windows: async () => [],
  anomalies: async () => Promise.reject(new Error('the hot store answered 503')),
}
/** Lambda in between: JSON both ways, a throw as a function error. */
const lambda = {
  send: async ({ input }: { input: { FunctionName: string; Payload: string } }) => {
    try {
      const answer = await answerHotQuery(store, JSON.parse(input.Payload))
      return { Payload: Buffer.from(JSON.stringify(answer)) }
    } catch (error) {
      return {
        FunctionError: 'Unhandled',
        Payload: Buffer.from(JSON.stringify({ errorMessage: (error as Error).message })),
      }
    }
  },
}
const reader = hotQueryReader(lambda as never, 'hotquery')

describe('hotQueryReader', () => {
  it('asks the function that is in the hot store’s network', async () => {
    expect(await reader.readings(range)).toEqual(await store.readings(range))
    expect(await reader.windows(range)).toEqual([])
  })

  it('says why the hot store could not be read', async () => {
    await expect(reader.anomalies({ from: 0, to: 1, limit: 1 })).rejects.toThrow(/answered 503/)
  })
})

describe('answerHotQuery', () => {
  it('refuses what is no question', async () => {
    for (const event of [null, {}, { question: 'constructor' }, { question: 'write', query: {} }])
      await expect(answerHotQuery(store, event)).rejects.toThrow(/unknown question/)
  })
})
