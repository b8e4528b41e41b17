import { createHash } from 'node:crypto'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import type { ErasureProgress } from '../../../ports/erasures.ts'
import type { Place } from '../lake/landing.ts'
import { number, numberOrNull, text, textOrNull, toItem, type Dynamo, type Item } from './item.ts'
import { queryList } from './read-all.ts'

/** An erasure as its function goes about it. */
export interface Erasure extends Omit<ErasureProgress, 'waiting'> {
  /** Hash of the name, under which it is found once the name is forgotten. */
  id: string
  /** Empty once it is erased. */
  thing: string
  pass: 1 | 2
  /** What the pass does next, and from where on. */
  step: string
  cursor: string
}

const MAIN = 'erasure'
const PLACE = 'place#'
export const OPEN = 'open'
/** So long somebody may ask what became of it. */
const KEPT_S = 400 * 86_400

export const erasureId = (thing: string): string => createHash('sha256').update(thing).digest('hex')
export const erasureKey = (id: string, entry = MAIN): Item => toItem({ id, entry })
export const placeKey = (id: string, { table, day, bucket }: Place): Item =>
  erasureKey(id, `${PLACE}${table}#${day}#${bucket}`)

export async function getErasure(dynamo: Dynamo, table: string, id: string): Promise<Erasure | null> {
  const { Item: item } = await dynamo.send(new GetItemCommand({ TableName: table, Key: erasureKey(id), ConsistentRead: true })) // prettier-ignore
  return item ? erasureOf(item) : null
}

/** Places of the lake that wait to be looked through. */
export async function erasurePlaces(dynamo: Dynamo, table: string, id: string): Promise<Place[]> {
  const items = await queryList(dynamo, {
    TableName: table,
    KeyConditionExpression: 'id = :i AND begins_with(#e, :p)',
    ExpressionAttributeNames: { '#e': 'entry' },
    ExpressionAttributeValues: { ':i': { S: id }, ':p': { S: PLACE } },
    ConsistentRead: true,
  })
  return items.map((item): Place => {
    const [, kind = '', day = '', bucket = ''] = text(item, 'entry').split('#')
    return { table: kind as Place['table'], day: Number(day), bucket }
  })
}

/** What of an erasure others are told. */
export const progressOf = ({ id: _, thing: __, pass: ___, step: ____, cursor: _____, ...known }: Erasure, waiting: number): ErasureProgress => ({ ...known, waiting }) // prettier-ignore

export const itemOf = ({ thing, ...erasure }: Erasure): Item => {
  const { finishedAt } = erasure
  return toItem({
    ...erasure,
    entry: MAIN,
    ...(finishedAt === null ? { thing, [OPEN]: OPEN } : { forgetAt: Math.floor(finishedAt / 1000) + KEPT_S }),
  })
}

export const erasureOf = (item: Item): Erasure => ({
  id: text(item, 'id'),
  thing: textOrNull(item, 'thing') ?? '',
  state: text(item, 'state') as Erasure['state'],
  requestedAt: number(item, 'requestedAt'),
  settlesAt: number(item, 'settlesAt'),
  finishedAt: numberOrNull(item, 'finishedAt'),
  items: number(item, 'items'),
  files: number(item, 'files'),
  hotStoreForgetsAt: numberOrNull(item, 'hotStoreForgetsAt'),
  pass: number(item, 'pass') === 2 ? 2 : 1,
  step: text(item, 'step'),
  cursor: text(item, 'cursor'),
})
