import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Change } from '../../../core/device/profile.ts'
import { forgetDevice, type BirthTable } from '../../../core/telemetry/birth-table.ts'
import { mentions } from '../../../ports/raw-record.ts'
import { bytes, text, toItem, type Dynamo, type Item } from './item.ts'
import { queryAll, scanAll } from './read-all.ts'

/** The tables that hold anything of a device, by their names in this deployment. The audit log is none of them: it keeps that a device was erased. */
export const erasedTables = [
  'State', 'Births', 'Registry', 'Commands', 'Jobs', 'Retirements', 'Groups', 'Config', 'AlarmBook', 'Quarantine', 'Marks', 'Presence', 'Facts', 'WorkOrders', 'Provisioning',
] as const // prettier-ignore
export type ErasedTable = (typeof erasedTables)[number]

export interface EraseItemsOptions {
  /** Whether also the change goes that took the device out of the configuration: once everybody must have read it. */
  last: boolean
}

/** Removes every item of a device, wherever it is by key, index or content, and gives how many. Doing it again does what is left. */
export async function eraseItems(
  dynamo: Dynamo,
  tables: Readonly<Record<ErasedTable, string>>,
  thing: string,
  { last }: EraseItemsOptions,
): Promise<number> {
  let removed = 0
  const value = { ':t': { S: thing } }
  const remove =
    (table: ErasedTable, ...key: string[]) =>
    async (item: Item): Promise<void> => {
      const { Attributes } = await dynamo.send(
        new DeleteItemCommand({
          TableName: tables[table],
          Key: Object.fromEntries(key.map((name) => [name, item[name]!])),
          ReturnValues: 'ALL_OLD',
        }),
      )
      if (Attributes) removed++
    }
  const put = async (table: ErasedTable, item: Item): Promise<void> =>
    void (await dynamo.send(new PutItemCommand({ TableName: tables[table], Item: item })))
  const each = async (items: AsyncIterable<Item>, work: (item: Item) => Promise<void>): Promise<void> => {
    for await (const item of items) await work(item)
  }
  const partition = (table: ErasedTable, index?: string) =>
    queryAll(dynamo, {
      TableName: tables[table],
      ...(index !== undefined && { IndexName: index }),
      KeyConditionExpression: 'thing = :t',
      ExpressionAttributeValues: value,
    })
  const whole = (table: ErasedTable) => scanAll(dynamo, { TableName: tables[table] })
  const ofThing = (table: ErasedTable) =>
    scanAll(dynamo, {
      TableName: tables[table],
      FilterExpression: 'thing = :t',
      ExpressionAttributeValues: value,
    })

  for (const table of ['State', 'Registry', 'Presence'] as const)
    await remove(table, 'thing')(toItem({ thing }))
  await each(partition('Births'), remove('Births', 'thing', 'child'))
  await each(partition('Marks'), remove('Marks', 'thing', 'minute'))
  await each(partition('Commands'), remove('Commands', 'thing', 'entry'))
  await each(partition('Groups', 'byThing'), remove('Groups', 'group', 'thing'))
  await each(partition('WorkOrders', 'byThing'), remove('WorkOrders', 'id'))
  await each(partition('AlarmBook', 'byThing'), async ({ alarm }) =>
    each(
      queryAll(dynamo, {
        TableName: tables.AlarmBook,
        KeyConditionExpression: 'alarm = :a',
        ExpressionAttributeValues: { ':a': alarm! },
      }),
      remove('AlarmBook', 'alarm', 'entry'),
    ),
  )
  // No index knows the devices of these: an erasure is rare, and they are read once a pass.
  await each(ofThing('Facts'), remove('Facts', 'owner', 'key'))
  await each(ofThing('Retirements'), remove('Retirements', 'fingerprint'))
  await each(whole('Provisioning'), async (item) => {
    if (text(item, 'list').startsWith('allowed/') && text(item, 'name') === thing)
      await remove('Provisioning', 'list', 'name')(item)
  })
  await each(whole('Quarantine'), async (item) => {
    const record = {
      topic: text(item, 'topic'),
      client: text(item, 'client'),
      payload: bytes(item, 'payload'),
    }
    if (mentions(record, thing)) await remove('Quarantine', 'id')(item)
  })
  await each(whole('Jobs'), async (item) => {
    if (text(item, 'entry') === `gone#${thing}`) return remove('Jobs', 'job', 'entry')(item)
    const names = text(item, 'things').split(' ')
    // Its place stays, so that those of the others do.
    if (names.includes(thing))
      await put('Jobs', { ...item, ...toItem({ things: names.map((name) => (name === thing ? ERASED : name)).join(' ') }) }) // prettier-ignore
  })
  await each(whole('Births'), async (item) => {
    const others = withoutDevice(item, thing)
    if (others) await put('Births', others)
  })
  for (const kind of ['device', 'learned', 'log'])
    await each(
      queryAll(dynamo, {
        TableName: tables.Config,
        KeyConditionExpression: 'kind = :k',
        ExpressionAttributeValues: { ':k': { S: kind } },
      }),
      async (item) => {
        const change = JSON.parse(text(item, 'change')) as Change
        const isOwn = (change.kind === 'device' || change.kind === 'learned') && change.key === thing
        if (isOwn && (last || change.value !== null)) await remove('Config', 'kind', 'version')(item)
      },
    )
  return removed
}

/** A name that no device can have. */
const ERASED = '$erased'

/** An edge node's births without those of one device below it; null where it has none. */
function withoutDevice(item: Item, thing: string): Item | null {
  const packed = item['z']?.B
  if (!packed) return null
  const table = JSON.parse(inflateRawSync(packed).toString()) as BirthTable
  const kept = forgetDevice(table, thing)
  return kept === table ? null : { ...item, z: { B: deflateRawSync(JSON.stringify(kept)) } }
}
