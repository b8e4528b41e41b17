import type { Device, DeviceType } from '../../../core/device/profile.ts'
import { trades } from '../../../core/telemetry/reading.ts'
import type { ConfigStore } from '../../../ports/config-store.ts'
import type { DeviceDirectory, DeviceQuery } from '../../../ports/device-directory.ts'
import { text, type Dynamo, type Item } from './item.ts'
import { getAll, queryAll } from './read-all.ts'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'

export interface DynamoDeviceReaderOptions {
  dynamo: Dynamo
  table: string
  config: Pick<ConfigStore, 'all'>
}

type Partition = [index: string, key: string, value: string]

export interface DeviceReader extends Pick<DeviceDirectory, 'get' | 'getMany' | 'types'> {
  /** Of any group. */
  list(query: Omit<DeviceQuery, 'group'>): Promise<Device[]>
}

/** Devices in DynamoDB, for those who change nothing. */
export function dynamoDeviceReader({ dynamo, table, config }: DynamoDeviceReaderOptions): DeviceReader {
  async function get(thing: string): Promise<Device | null> {
    const { Item: item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: { thing: { S: thing } }, ConsistentRead: true }),
    )
    return item ? deviceOf(item) : null
  }

  async function getMany(names: readonly string[]): Promise<Map<string, Device>> {
    const keys = [...new Set(names)].map((thing): Item => ({ thing: { S: thing } }))
    return new Map((await getAll(dynamo, table, keys)).map((item) => [text(item, 'thing'), deviceOf(item)]))
  }

  /** The partitions, by index, that leave the fewest devices to look at. */
  function partitionsOf({ gateway, site, type, trade }: Omit<DeviceQuery, 'group'>): Partition[] {
    if (gateway !== undefined) return [['byGateway', 'gateway', gateway]]
    if (site !== undefined) return [['bySite', 'site', site]]
    if (type !== undefined) return [['byType', 'type', type]]
    return (trade === undefined ? trades : [trade]).map((one) => ['byTrade', 'trade', one])
  }

  async function* inPartition(
    index: string,
    key: string,
    value: string,
    after: string,
  ): AsyncGenerator<Device> {
    // prettier-ignore
    const items = queryAll(dynamo, {
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#k = :k AND thing > :c',
      ExpressionAttributeNames: { '#k': key },
      ExpressionAttributeValues: { ':k': { S: value }, ':c': { S: after } },
    })
    for await (const item of items) yield deviceOf(item)
  }

  async function types(): Promise<DeviceType[]> {
    const newest = new Map<string, DeviceType>()
    for (const change of await config.all()) if (change.kind === 'type') newest.set(change.key, change.value)
    return [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  return {
    get,
    getMany,
    list: async (query) => {
      const after = query.cursor ?? ' '
      const lists = await Promise.all(
        partitionsOf(query).map(async (partition) => firstMatches(inPartition(...partition, after), query)),
      )
      return lists
        .flat()
        .sort((a, b) => (a.thing < b.thing ? -1 : 1))
        .slice(0, query.limit)
    },
    types,
  }
} // prettier-ignore

/** As many as were asked for, in the order in which they come. */
export async function firstMatches(devices: AsyncIterable<Device>, query: DeviceQuery): Promise<Device[]> {
  const found: Device[] = []
  for await (const device of devices) {
    if (matches(device, query)) found.push(device)
    if (found.length === query.limit) break
  }
  return found
}

const deviceOf = (item: Item): Device => JSON.parse(text(item, 'device')) as Device

function matches(device: Device, query: DeviceQuery): boolean {
  const { thing, type, site, attributes } = device
  for (const field of ['trade', 'type', 'site', 'status', 'gateway'] as const)
    if (query[field] !== undefined && device[field] !== query[field]) return false
  const { tag } = query
  if (tag && !Object.hasOwn(attributes, tag.name)) return false
  if (tag?.value !== undefined && attributes[tag.name] !== tag.value) return false
  const wanted = query.text?.toLowerCase()
  if (wanted === undefined) return true
  return [thing, type, site ?? '', ...Object.values(attributes)].some((word) =>
    word.toLowerCase().includes(wanted),
  )
}
