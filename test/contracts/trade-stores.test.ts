import { describe, expect, it } from 'vitest'
import { dynamoJobLedger } from '../../src/adapters/aws/trades/dynamo-job-ledger.ts'
import { dynamoWorkOrders } from '../../src/adapters/aws/trades/dynamo-work-orders.ts'
import { s3ModelRegistry } from '../../src/adapters/aws/trades/s3-model-registry.ts'
import { openTrades } from '../../src/adapters/local/trades/schema.ts'
import { sqliteJobLedger } from '../../src/adapters/local/trades/sqlite-job-ledger.ts'
import { sqliteWorkOrders } from '../../src/adapters/local/trades/sqlite-work-orders.ts'
import type { WorkOrder } from '../../src/core/maintenance/work-order.ts'
import type { JobLedger } from '../../src/ports/job-ledger.ts'
import type { ModelRegistry } from '../../src/ports/model-registry.ts'
import type { WorkOrders } from '../../src/ports/work-orders.ts'
import { modelRegistryContract } from './model-registry.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'

const order = (id: string, over: Partial<WorkOrder> = {}): WorkOrder => ({
  id,
  thing: 'press-1',
  mode: 'bearing',
  status: 'open',
  openedAt: 1,
  dueAt: 2,
  action: 'look',
  failureProbability: 0.7,
  openedBy: null,
  evidence: ['a "b"'],
  startedAt: null,
  closedAt: null,
  by: null,
  finding: null,
  foundMode: null,
  comment: null,
  ...over,
})

/** S3 as far as a registry needs it: a key that is written only once. */
function objectStore() {
  const objects = new Map<string, string>()
  return {
    send: async ({ constructor, input }: { constructor: { name: string }; input: { Key: string; Body: string; IfNoneMatch?: string } }) => {
      const { Key, Body, IfNoneMatch } = input
      if (constructor.name === 'PutObjectCommand') {
        if (IfNoneMatch === '*' && objects.has(Key)) throw Object.assign(new Error('exists'), { name: 'PreconditionFailed' })
        return void objects.set(Key, Body)
      }
      if (!objects.has(Key)) throw Object.assign(new Error('none'), { name: 'NoSuchKey' })
      return { Body: { transformToString: async () => objects.get(Key) } }
    },
  } as never
} // prettier-ignore

const orders: [string, () => WorkOrders][] = [
  ['SQLite', () => sqliteWorkOrders(openTrades(':memory:'))],
  ['DynamoDB', () => dynamoWorkOrders(dynamoDouble().client, 'WorkOrders')],
]
describe.each(orders)('work orders in %s', (_name, make) => {
  it('opens an order once, whatever comes again under its id', async () => {
    const book = make()
    await book.open(order('a'))
    await book.open(order('a', { action: 'other' }))
    expect(await book.get('a')).toEqual(order('a'))
    expect(await book.get('b')).toBeNull()
  })

  it('moves an order only from the status that was seen', async () => {
    const book = make()
    await book.open(order('a'))
    const started = order('a', { status: 'inProgress', startedAt: 5, by: 'me' })
    expect(await book.move(started, 'open')).toBe(true)
    expect(await book.move(order('a', { status: 'cancelled' }), 'open')).toBe(false)
    expect(await book.get('a')).toEqual(started)
    expect(await book.move(order('none', { status: 'done' }), 'open')).toBe(false)
  })

  it('lists by thing and status, ascending, from a cursor on', async () => {
    const book = make()
    for (const id of ['c', 'a', 'e', 'b', 'd'])
      await book.open(order(id, { thing: id < 'c' ? 'press-1' : 'press-2' }))
    await book.move(order('d', { thing: 'press-2', status: 'done' }), 'open')
    const ids = async (query: Parameters<WorkOrders['list']>[0]) =>
      (await book.list(query)).map(({ id }) => id)
    expect(await ids({ limit: 10 })).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(await ids({ limit: 2, cursor: 'b' })).toEqual(['c', 'd'])
    expect(await ids({ limit: 10, thing: 'press-2' })).toEqual(['c', 'd', 'e'])
    expect(await ids({ limit: 10, thing: 'press-2', status: 'open' })).toEqual(['c', 'e'])
    expect(await ids({ limit: 1, status: 'done' })).toEqual(['d'])
    expect(await ids({ limit: 10, status: 'cancelled' })).toEqual([])
  })
})

const ledgers: [string, () => JobLedger][] = [
  ['SQLite', () => sqliteJobLedger(openTrades(':memory:'))],
  ['DynamoDB', () => dynamoJobLedger(dynamoDouble().client, 'Progress')],
]
describe.each(ledgers)('job ledger in %s', (_name, make) => {
  it('remembers the last finished minute of each job and never moves back', async () => {
    const ledger = make()
    expect(await ledger.last('learn')).toBeNull()
    for (const minute of [7, 9, 8]) await ledger.finish('learn', minute)
    await ledger.finish('zones', 3)
    expect([await ledger.last('learn'), await ledger.last('zones')]).toEqual([9, 3])
  })
})

const registries: [string, () => ModelRegistry][] = [
  ['S3 and DynamoDB', () => s3ModelRegistry({ s3: objectStore(), bucket: 'lake', dynamo: dynamoDouble().client, table: 'Config' })], // prettier-ignore
]
for (const [name, make] of registries) modelRegistryContract(name, async () => make())
