import { afterAll, describe, expect, it } from 'vitest'
import { dynamoFacts } from '../../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { influxHttp } from '../../../src/adapters/aws/influx/influx-http.ts'
import { influxStore } from '../../../src/adapters/aws/influx/influx-store.ts'
import { windowsOf } from '../../../src/adapters/aws/hot/window-rule.ts'
import { readingLines } from '../../../src/adapters/aws/influx/line-protocol.ts'
import type { WindowRow } from '../../../src/core/window/window.ts'
import { dynamoDouble } from '../../aws/dynamo-double.ts'
import { influxRecording } from '../../aws/influx-recording.ts'
import { NOON, pack, readingStoreContract } from '../../contracts/reading-store.ts'

const recording = influxRecording()
afterAll(recording.save)

async function freshStore() {
  const { bucket, fetch } = recording.next()
  if (recording.live !== undefined) {
    const query = async (q: string) =>
      globalThis.fetch(`${recording.live}/query?q=${encodeURIComponent(q)}`, { method: 'POST' })
    await query(`DROP DATABASE ${bucket}`)
    await query(`CREATE DATABASE ${bucket}`)
  }
  return influxStore(influxHttp({ url: 'http://influx.test', bucket, readToken: async () => 'token', fetch }))
}

readingStoreContract('InfluxDB, with facts in DynamoDB', async () => {
  const store = await freshStore()
  const facts = dynamoFacts(dynamoDouble().client, 'Facts')
  return {
    write: async (effects, now) => {
      await store.write(effects, now)
      await store.writeWindows(windowsOf(effects), Infinity)
      await facts.write(effects.flatMap((effect) => (effect.kind === 'fact' ? [effect.fact] : [])))
    },
    reader: { ...store, facts: facts.facts },
  }
})

describe('influxStore', () => {
  it('erases a device, whatever it is called, and nobody else', async () => {
    const store = await freshStore()
    // Names are letters, digits, and `:`, `_`, `-` (core/telemetry/limits); the others show that nothing is injected.
    const names = ['p', 'p-1', 'r/p', `p" or 'x' = 'x`, 'p:1']
    const anomaly = (thing: string) => ({ kind: 'anomaly' as const, anomaly: { thing, measure: 't', at: NOON, detector: 'z', score: 1, observed: 2, expected: {} } }) // prettier-ignore
    const window = (thing: string): WindowRow => ({ thing, measure: 't', minute: NOON / 60_000, version: NOON, repaired: false, n: 1, sum: 1, m2: 0, min: 1, max: 1, first: 1, last: 1 }) // prettier-ignore
    for (const thing of names) {
      await store.write([pack(thing, 100, 1, { t: [[0, 1]] }), anomaly(thing)], NOON)
      await store.writeWindows([window(thing)], 0)
    }
    const all = { from: 0, to: NOON + 86_400_000, limit: 1000 }
    const held = async (thing: string): Promise<number[]> => [
      (await store.readings({ thing, ...all })).length,
      (await store.windows({ thing, ...all })).length,
      (await store.anomalies({ thing, ...all })).length,
    ]
    const left = [...names]
    for (const gone of [names[3]!, 'p', 'p', 'never-there']) {
      expect(await store.erase(gone)).toBe(true)
      if (left.includes(gone)) left.splice(left.indexOf(gone), 1)
      for (const thing of names) expect([thing, await held(thing)]).toEqual([thing, left.includes(thing) ? [1, 1, 1] : [0, 0, 0]]) // prettier-ignore
    }
  })
})

describe('influxHttp', () => {
  const options = { url: 'http://x', bucket: 'b' }

  it('reads the token again when it is refused, once', async () => {
    const tokens: (string | null)[] = []
    let reads = 0
    const influx = influxHttp({
      ...options,
      readToken: async () => `t${++reads}`,
      fetch: async (_url, init) => {
        const token = new Headers(init.headers).get('authorization')
        tokens.push(token)
        return new Response(null, { status: token === 'Token t1' ? 401 : 204 })
      },
    })
    await influx.write(['a b=1 1'])
    await influx.write(['a b=1 1'])
    expect(tokens).toEqual(['Token t1', 'Token t2', 'Token t2'])
  })

  it('says what the store answered', async () => {
    const influx = influxHttp({
      ...options,
      readToken: async () => 't',
      fetch: async () => new Response('field type conflict', { status: 422 }),
    })
    await expect(influx.write(['a b=1 1'])).rejects.toThrow('the hot store answered 422: field type conflict')
  })
})

describe('readingLines', () => {
  it('writes one line a device and time, whole numbers as floats', () => {
    const point = {
      thing: 'p',
      at: 1000,
      value: 21,
      text: null,
      quality: 'good',
      receivedAt: 5,
      confirmedAt: null,
      careful: false,
    } as const
    expect(
      readingLines([
        { ...point, measure: 't' },
        { ...point, measure: 'u', value: 0.5 },
      ]),
    ).toEqual(['r/p t=21,t~=80,u=0.5,u~=80 1000000'])
  })

  it('says of a settled one when its value was confirmed, and that it no longer is', () => {
    const point = { thing: 'p', measure: 't', at: 1000, value: 21, text: null, quality: 'good', receivedAt: 5, careful: true } as const // prettier-ignore
    expect(readingLines([{ ...point, confirmedAt: 9 }])).toEqual(['r/p t=21,t~=80,t^=9 1000000'])
    expect(readingLines([{ ...point, confirmedAt: null }])).toEqual(['r/p t=21,t~=80,t^=0 1000000'])
  })
})

describe('influxStore', () => {
  const windowAt = (minute: number, over: Partial<WindowRow> = {}): WindowRow => ({ thing: 'p', measure: 't', minute, version: 5, repaired: false, n: 2, sum: 3, m2: 0.5, min: 1, max: 2, first: 1, last: 2, ...over }) // prettier-ignore
  const noteOf = (requests: string[]) =>
    influxStore(
      influxHttp({
        url: 'http://x',
        bucket: 'b',
        readToken: async () => 't',
        fetch: async (url) => {
          requests.push(new URL(url).pathname)
          return new Response(url.includes('/query') ? '{"results":[{}]}' : null, { status: url.includes('/query') ? 200 : 204 }) // prettier-ignore
        },
      }),
    )

  it('asks for no window that no repair has come to', async () => {
    const requests: string[] = []
    await noteOf(requests).writeWindows([windowAt(70), windowAt(71)], 70)
    expect(requests.filter((path) => path.endsWith('/query'))).toEqual([])
    await noteOf(requests).writeWindows([windowAt(70), windowAt(71)], 72)
    expect(requests.filter((path) => path.endsWith('/query'))).toHaveLength(1)
  })
})
