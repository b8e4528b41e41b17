import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Change, Device, DeviceType } from '../../../core/device/profile.ts'
import { trades, type EpochMs } from '../../../core/telemetry/reading.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { ConfigStore } from '../../../ports/config-store.ts'
import type { DeviceDirectory, DeviceQuery } from '../../../ports/device-directory.ts'
import type { Things } from '../iot/iot-things.ts'
import { text, toItem, type Dynamo, type Item } from './item.ts'
import { queryAll } from './read-all.ts'

export interface DynamoDeviceDirectoryOptions {
  dynamo: Dynamo
  table: string
  config: ConfigStore
  things: Things
  clock: Pick<Clock, 'now'>
  /** How long after its publication a change holds, so that every function knows it by then. */
  effectiveAfterMs: number
}

/** Devices in DynamoDB as they will be; every change is published as configuration, and the thing exists before it. */
export function dynamoDeviceDirectory(options: DynamoDeviceDirectoryOptions): DeviceDirectory {
  const { dynamo, table, config, things, clock, effectiveAfterMs } = options

  async function get(thing: string): Promise<Device | null> {
    const { Item: item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: { thing: { S: thing } }, ConsistentRead: true }),
    )
    return item ? deviceOf(item) : null
  }

  async function publish(
    change: { [K in Change['kind']]: Omit<Extract<Change, { kind: K }>, 'effectiveFrom'> }[Change['kind']],
  ): Promise<EpochMs> {
    const effectiveFrom = clock.now() + effectiveAfterMs
    await config.put([{ ...change, effectiveFrom }])
    return effectiveFrom
  }

  async function ofTrade(trade: string, query: DeviceQuery): Promise<Device[]> {
    const found: Device[] = []
    const items = queryAll(dynamo, {
      TableName: table,
      IndexName: 'byTrade',
      KeyConditionExpression: 'trade = :t AND thing > :c',
      ExpressionAttributeValues: { ':t': { S: trade }, ':c': { S: query.cursor ?? ' ' } },
    })
    for await (const item of items) {
      const device = deviceOf(item)
      if (matches(device, query)) found.push(device)
      if (found.length === query.limit) break
    }
    return found
  }

  async function types(): Promise<DeviceType[]> {
    const newest = new Map<string, DeviceType>()
    for (const change of await config.all()) if (change.kind === 'type') newest.set(change.key, change.value)
    return [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  return {
    get,
    list: async (query) => {
      const wanted = query.trade === undefined ? trades : [query.trade]
      const lists = await Promise.all(wanted.map(async (trade) => ofTrade(trade, query)))
      return lists
        .flat()
        .sort((a, b) => (a.thing < b.thing ? -1 : 1))
        .slice(0, query.limit)
    },
    put: async (device) => {
      await things.ensure(device.thing, device.trade)
      const { thing, trade, gateway } = device
      await dynamo.send(
        new PutItemCommand({
          TableName: table,
          Item: toItem({ thing, trade, gateway, device: JSON.stringify(device) }),
        }),
      )
      return { effectiveFrom: await publish({ kind: 'device', key: thing, value: device }) }
    },
    remove: async (thing) => {
      if (!(await get(thing))) return false
      await publish({ kind: 'device', key: thing, value: null })
      await things.remove(thing)
      await dynamo.send(new DeleteItemCommand({ TableName: table, Key: { thing: { S: thing } } }))
      return true
    },
    types,
    putType: async (given) => {
      const version = ((await types()).find((t) => t.name === given.name)?.version ?? 0) + 1
      const type: DeviceType = { ...given, version }
      return { type, effectiveFrom: await publish({ kind: 'type', key: type.name, value: type }) }
    },
  }
}

const deviceOf = (item: Item): Device => JSON.parse(text(item, 'device')) as Device

function matches({ thing, type, site, status, attributes }: Device, query: DeviceQuery): boolean {
  if (query.site !== undefined && site !== query.site) return false
  if (query.status !== undefined && status !== query.status) return false
  const wanted = query.text?.toLowerCase()
  if (wanted === undefined) return true
  return [thing, type, site ?? '', ...Object.values(attributes)].some((word) =>
    word.toLowerCase().includes(wanted),
  )
}
