import { describe, expect, it } from 'vitest'
import { dynamoAlarmBook } from '../../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoConfigStore } from '../../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import {
  dynamoQuarantine,
  dynamoQuarantineWriter,
} from '../../../src/adapters/aws/dynamo/dynamo-quarantine.ts'
import { dynamoStateStore, itemBytes } from '../../../src/adapters/aws/dynamo/dynamo-state-store.ts'
import { addSeries } from '../../../src/core/telemetry/device-state.ts'
import { tradePipelines } from '../../../src/pipeline/trades.ts'
import { dynamoDouble } from '../../aws/dynamo-double.ts'
import { alarmBookContract, transition } from '../../contracts/alarm-book.ts'
import { configStoreContract } from '../../contracts/config-store.ts'
import { quarantineContract } from '../../contracts/quarantine.ts'
import { stateStoreContract } from '../../contracts/state-store.ts'

const pipelines = tradePipelines()
const layouts = Object.values(pipelines).map((p) => p.layout)
const stateStore = (double: ReturnType<typeof dynamoDouble>) =>
  dynamoStateStore({
    dynamo: double.client,
    stateTable: 'State',
    birthsTable: 'Births',
    layouts,
    fresh: pipelines.plant.layout,
  })

stateStoreContract('DynamoDB', () => {
  const double = dynamoDouble()
  return { store: stateStore(double), other: () => stateStore(double) }
})
alarmBookContract('DynamoDB', () => dynamoAlarmBook(dynamoDouble().client, 'AlarmBook'))
configStoreContract('DynamoDB', () => dynamoConfigStore(dynamoDouble().client, 'Config', { now: () => 1 }))
quarantineContract('DynamoDB', () => {
  const { client } = dynamoDouble()
  return {
    write: dynamoQuarantineWriter(client, 'Quarantine', 90),
    quarantine: dynamoQuarantine(client, 'Quarantine'),
  }
})

describe('dynamoStateStore', () => {
  it('fits ten measures into one write unit, deflating only where that saves one', async () => {
    const double = dynamoDouble()
    const store = stateStore(double)
    const states = await store.load(['plant-7-compressor-12', 'pump-1'])
    for (let i = 0; i < 10; i++) {
      addSeries(states[0]!, `temperature@bearing${i}`)
      addSeries(states[1]!, `t@${i}`)
    }
    states[0]!.f64.fill(1_763_812_800_000 + Math.PI, 4)
    states[0]!.u32[0] = layouts[0]!.format
    await store.commit(states)
    const [long, short] = double.items('State')
    expect([itemBytes(long!), itemBytes(short!)].map((size) => size <= 1024)).toEqual([true, true])
    expect([Object.keys(long!), Object.keys(short!)]).toEqual([
      ['thing', 'v', 'z'],
      ['thing', 'v', 'b', 'm'],
    ])
    expect((await store.load(['plant-7-compressor-12']))[0]).toEqual(states[0])
  })

  it('reads a batch in requests of a hundred keys, strongly consistent', async () => {
    const seen: unknown[] = []
    const double = dynamoDouble({ before: (_name, input) => void seen.push(input['RequestItems']) })
    await stateStore(double).load(Array.from({ length: 230 }, (_, i) => `d${i}`))
    expect(seen).toHaveLength(3)
    expect(seen).toEqual(
      seen.map(() => ({ State: expect.objectContaining({ ConsistentRead: true }) as unknown })),
    )
  })

  it('asks again for keys that the table had no capacity for', async () => {
    const double = dynamoDouble()
    let first = true
    const send = double.client.send.bind(double.client) as (command: unknown) => Promise<unknown>
    const short = {
      send: async (command: { input: { RequestItems: Record<string, { Keys: unknown[] }> } }) => {
        if (!first) return send(command)
        first = false
        return {
          Responses: {},
          UnprocessedKeys: { State: { Keys: command.input.RequestItems['State']!.Keys } },
        }
      },
    }
    await stateStore(double).commit(await stateStore(double).load(['a']))
    const store = dynamoStateStore({
      dynamo: short as never,
      stateTable: 'State',
      birthsTable: 'Births',
      layouts,
      fresh: pipelines.plant.layout,
    })
    expect((await store.load(['a']))[0]!.version).toBe(1)
  })
})

describe('dynamoAlarmBook', () => {
  it('takes a transition once when two deliver it at the same moment', async () => {
    const double = dynamoDouble()
    const books = [dynamoAlarmBook(double.client, 'AlarmBook'), dynamoAlarmBook(double.client, 'AlarmBook')]
    const taken = await Promise.all(books.map(async (book) => book.apply([transition()], 1, () => true)))
    expect(taken.flat()).toHaveLength(1)
    expect(await books[0]!.get('limit/pump-1/temperature')).toMatchObject({ occurrences: 1 })
  })
})

describe('dynamoConfigStore', () => {
  it('lists what was published lately, with an overlap', async () => {
    let now = 1_000_000
    const store = dynamoConfigStore(dynamoDouble().client, 'Config', { now: () => now })
    const learned = (key: string) => ({ kind: 'learned', key, effectiveFrom: now + 10, value: {} }) as const
    await store.put([learned('old')])
    now += 120_000
    await store.put([learned('new')])
    expect((await store.since(now)).map((c) => c.key)).toEqual(['new'])
    expect((await store.since(0)).map((c) => c.key)).toEqual(['old', 'new'])
  })
})
