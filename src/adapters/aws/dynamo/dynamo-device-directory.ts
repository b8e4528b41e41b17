import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Change, Device, DeviceType } from '../../../core/device/profile.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { ConfigStore } from '../../../ports/config-store.ts'
import type { DeviceDirectory } from '../../../ports/device-directory.ts'
import { inParallel } from '../back-off.ts'
import type { Things } from '../iot/iot-things.ts'
import { dynamoDeviceReader, firstMatches } from './dynamo-device-reader.ts'
import { toItem, type Dynamo } from './item.ts'

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

/** IoT Core's control plane takes ten requests of a kind a second; three a device. */
const WRITES_AT_ONCE = 8
/** Keys of one BatchGetItem. */
const PAGE = 100

/** Devices in DynamoDB as they will be; every change is published as configuration, and the thing exists before it. */
export function dynamoDeviceDirectory(options: DynamoDeviceDirectoryOptions): DeviceDirectory {
  const { dynamo, table, config, things, clock, effectiveAfterMs, membersOf } = options
  const reader = dynamoDeviceReader(options)
  const { get, getMany, types } = reader

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

  async function publish(changes: readonly ChangeOf<'device' | 'type'>[]): Promise<EpochMs> {
    const effectiveFrom = clock.now() + effectiveAfterMs
    await config.put(changes.map((change) => ({ ...change, effectiveFrom }) as Change))
    return effectiveFrom
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
    ...reader,
    list: async ({ group, ...query }) =>
      group === undefined ? reader.list(query) : firstMatches(inGroup(group, query.cursor ?? ' '), query),
    put: (device) => putMany([device]),
    putMany,
    remove: async (thing) => {
      if (!(await get(thing))) return false
      await publish([{ kind: 'device', key: thing, value: null }])
      await things.remove(thing)
      await dynamo.send(new DeleteItemCommand({ TableName: table, Key: { thing: { S: thing } } }))
      return true
    },
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
