import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { OutboxEntry } from '../../../core/alarm/transition.ts'
import type { BirthTable } from '../../../core/telemetry/birth-table.ts'
import {
  emptyState,
  openState,
  type DeviceState,
  type StoredState,
} from '../../../core/telemetry/device-state.ts'
import type { Layout } from '../../../core/telemetry/layout.ts'
import type { StateStore } from '../../../ports/state-store.ts'
import { inParallel } from '../back-off.ts'
import { isConflict, text, type Dynamo, type Item } from './item.ts'
import { getAll } from './read-all.ts'

export interface DynamoStateStoreOptions {
  dynamo: Dynamo
  stateTable: string
  birthsTable: string
  /** Every format that this release reads. */
  layouts: readonly Layout[]
  /** The layout of a device that has no state yet. */
  fresh: Layout
}

/** AWS: a write costs one unit a KB begun, so this is what an item should stay below. */
const WRITE_UNIT_BYTES = 1024
const COMMITS_AT_ONCE = 64
/** The one birth item of an edge node: its table covers its devices. */
const NODE = '*'

/**
 * Fast state in DynamoDB: one item a device, read strongly consistent, written only over the version that was read.
 * Attribute names count as bytes, hence their length: v version, b bytes, m measures, z both deflated where that saves
 * a write unit, o outbox.
 */
export function dynamoStateStore(options: DynamoStateStoreOptions): StateStore {
  const { dynamo, stateTable, birthsTable, layouts, fresh } = options
  const savedBirths = new Map<string, string>()

  async function commitOne(state: DeviceState): Promise<boolean> {
    const isNew = state.version === 0
    try {
      await dynamo.send(
        new PutItemCommand({
          TableName: stateTable,
          Item: stateItem(state, state.version + 1),
          ConditionExpression: isNew ? 'attribute_not_exists(thing)' : 'v = :v',
          ...(!isNew && { ExpressionAttributeValues: { ':v': { N: String(state.version) } } }),
        }),
      )
    } catch (error) {
      if (isConflict(error)) return false
      throw error
    }
    state.version++
    return true
  }

  return {
    load: async (things) => {
      const keys = [...new Set(things)].map((thing): Item => ({ thing: { S: thing } }))
      const items = await getAll(dynamo, stateTable, keys)
      const states = new Map(items.map((item) => [text(item, 'thing'), openState(storedOf(item), layouts)]))
      return things.map((thing) => {
        let state = states.get(thing)
        if (!state) states.set(thing, (state = emptyState(thing, fresh)))
        return state
      })
    },
    commit: async (states) => {
      const refused: string[] = []
      await inParallel(states, COMMITS_AT_ONCE, async (state) => {
        if (!(await commitOne(state))) refused.push(state.thing)
      })
      return refused
    },
    all: () => [],
    loadBirths: async (things) => {
      const keys = things.map((thing): Item => ({ thing: { S: thing }, child: { S: NODE } }))
      const items = await getAll(dynamo, birthsTable, keys)
      return new Map(
        items.map((item): [string, BirthTable] => {
          const json = inflateRawSync(item['z']?.B ?? new Uint8Array(0)).toString()
          savedBirths.set(text(item, 'thing'), json)
          return [text(item, 'thing'), JSON.parse(json) as BirthTable]
        }),
      )
    },
    saveBirths: async (births) => {
      for (const [thing, table] of births) {
        const json = JSON.stringify(table)
        if (savedBirths.get(thing) === json) continue
        await dynamo.send(
          new PutItemCommand({
            TableName: birthsTable,
            Item: { thing: { S: thing }, child: { S: NODE }, z: { B: deflateRawSync(json) } },
          }),
        )
        savedBirths.set(thing, json)
      }
    },
  }
}

/** Reads states without taking part in their commits; those that are stored, in the order asked for. */
export async function readStates(
  dynamo: Dynamo,
  table: string,
  things: readonly string[],
  layouts: readonly Layout[],
): Promise<DeviceState[]> {
  const keys = [...new Set(things)].map((thing): Item => ({ thing: { S: thing } }))
  const items = await getAll(dynamo, table, keys)
  const byThing = new Map(items.map((item) => [text(item, 'thing'), item]))
  return things.flatMap((thing) => {
    const item = byThing.get(thing)
    return item ? [openState(storedOf(item), layouts)] : []
  })
}

function stateItem(state: DeviceState, version: number): Item {
  const item: Item = {
    thing: { S: state.thing },
    v: { N: String(version) },
    b: { B: state.bytes },
    m: { S: state.measures.join('\n') },
  }
  if (state.outbox.length > 0) item['o'] = { S: JSON.stringify(state.outbox) }
  const size = itemBytes(item)
  if (size > WRITE_UNIT_BYTES) {
    const { thing, v, o } = item
    const packed = deflateRawSync(Buffer.concat([Buffer.from(`${state.measures.join('\n')}\0`), state.bytes]))
    const smaller: Item = { thing: thing!, v: v!, z: { B: packed }, ...(o && { o }) }
    if (Math.ceil(itemBytes(smaller) / WRITE_UNIT_BYTES) < Math.ceil(size / WRITE_UNIT_BYTES)) return smaller
  }
  return item
}

/** What a state item holds. */
export function storedOf(item: Item): StoredState {
  const unpacked = item['z']?.B && inflateRawSync(item['z'].B)
  const end = unpacked?.indexOf(0) ?? 0
  const measures = unpacked ? unpacked.toString('utf8', 0, end) : text(item, 'm')
  const outbox = text(item, 'o')
  return {
    thing: text(item, 'thing'),
    version: Number(item['v']?.N),
    measures: measures === '' ? [] : measures.split('\n'),
    outbox: outbox === '' ? [] : (JSON.parse(outbox) as OutboxEntry[]),
    // A copy of its own: views of eight bytes need an aligned buffer.
    bytes: new Uint8Array(unpacked ? unpacked.subarray(end + 1) : (item['b']?.B ?? [])),
  }
}

/** AWS: an item's size is that of its names and values in UTF-8; a number takes a byte a two digits and one more. */
export function itemBytes(item: Item): number {
  let size = 0
  for (const [name, value] of Object.entries(item)) {
    size += Buffer.byteLength(name)
    if (value.S !== undefined) size += Buffer.byteLength(value.S)
    else if (value.B !== undefined) size += value.B.length
    else if (value.N !== undefined) size += Math.ceil(value.N.length / 2) + 1
    else size += 1
  }
  return size
}
