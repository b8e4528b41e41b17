import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Change, Device, DeviceType } from '../../../core/device/profile.ts'
import { trades, type EpochMs } from '../../../core/telemetry/reading.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { ConfigStore } from '../../../ports/config-store.ts'
import type { DeviceDirectory, DeviceQuery } from '../../../ports/device-directory.ts'
import { inParallel } from '../back-off.ts'
import type { Things } from '../iot/iot-things.ts'
import { text, toItem, type Dynamo, type Item } from './item.ts'
import { getAll, queryAll } from './read-all.ts'

export interface DynamoDeviceDirectoryOptions {
  dynamo: Dynamo
  table: string
  config: ConfigStore
  things: Things
  clock: Pick<Clock, 'now'>
  /** How long after its publication a change holds, so that every function knows it by then. */
  effectiveAfterMs: number
  /** Ascending. */
  membersOf(group: string, after: string): AsyncIterable<string>
}

type ChangeOf<K extends Change['kind']> = Omit<Extract<Change, { kind: K }>, 'effectiveFrom'>

type Partition = [index: string, key: string, value: string]

/** IoT Core's control plane takes ten requests of a kind a second; three a device. */
const WRITES_AT_ONCE = 8
/** Keys of one BatchGetItem. */
const PAGE = 100

/** Devices in DynamoDB as they will be; every change is published as configuration, and the thing exists before it. */
export function dynamoDeviceDirectory(options: DynamoDeviceDirectoryOptions): DeviceDirectory {
  const { dynamo, table, config, things, clock, effectiveAfterMs, membersOf } = options

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

  async function publish(changes: readonly ChangeOf<'device' | 'type'>[]): Promise<EpochMs> {
    const effectiveFrom = clock.now() + effectiveAfterMs
    await config.put(changes.map((change) => ({ ...change, effectiveFrom }) as Change))
    return effectiveFrom
  }

  /** The partitions, by index, that leave the fewest devices to look at. */
  function partitionsOf({ gateway, site, type, trade }: DeviceQuery): Partition[] {
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

  async function* inGroup(group: string, after: string): AsyncGenerator<Device> {
    let names: string[] = []
    async function* page(): AsyncGenerator<Device> {
      const found = await getMany(names)
      for (const name of names) if (found.has(name)) yield found.get(name)!
      names = []
    }
    for await (const name of membersOf(group, after)) if (names.push(name) === PAGE) yield* page()
    yield* page()
  }

  async function firstMatches(devices: AsyncIterable<Device>, query: DeviceQuery): Promise<Device[]> {
    const found: Device[] = []
    for await (const device of devices) {
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

  async function putMany(devices: readonly Device[]): Promise<{ effectiveFrom: EpochMs }> {
    const before = await getMany(devices.map(({ thing }) => thing))
    await inParallel(devices, WRITES_AT_ONCE, async (device) => {
      const { thing, trade, type, site, gateway, status } = device
      await things.ensure(thing, trade)
      if (before.has(thing) && before.get(thing)!.status !== status) await things.setStatus(thing, status)
      await dynamo.send(
        new PutItemCommand({
          TableName: table,
          Item: toItem({ thing, trade, type, site, gateway, device: JSON.stringify(device) }),
        }),
      )
    })
    const changes = devices.map((value): ChangeOf<'device'> => ({ kind: 'device', key: value.thing, value }))
    return { effectiveFrom: await publish(changes) }
  }

  return {
    get,
    getMany,
    list: async (query) => {
      const after = query.cursor ?? ' '
      if (query.group !== undefined) return firstMatches(inGroup(query.group, after), query)
      const lists = await Promise.all(
        partitionsOf(query).map(async (partition) => firstMatches(inPartition(...partition, after), query)),
      )
      return lists
        .flat()
        .sort((a, b) => (a.thing < b.thing ? -1 : 1))
        .slice(0, query.limit)
    },
    put: (device) => putMany([device]),
    putMany,
    remove: async (thing) => {
      if (!(await get(thing))) return false
      await publish([{ kind: 'device', key: thing, value: null }])
      await things.remove(thing)
      await dynamo.send(new DeleteItemCommand({ TableName: table, Key: { thing: { S: thing } } }))
      return true
    },
    types,
    typeVersions: async (name) =>
      (await config.all()).flatMap((change) =>
        change.kind === 'type' && change.key === name ? [change.value] : [],
      ),
    putType: async (given) => {
      const version = ((await types()).find((t) => t.name === given.name)?.version ?? 0) + 1
      const type: DeviceType = { ...given, version }
      return { type, effectiveFrom: await publish([{ kind: 'type', key: type.name, value: type }]) }
    },
  }
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
