import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** The part of DynamoDB's client that adapters use. */
export type Dynamo = Pick<DynamoDBClient, 'send'>

export type Item = Record<string, AttributeValue>
type Plain = string | number | boolean | Uint8Array | null | undefined

/** Plain fields as attributes; what is null or undefined is left out, for a key of an index may be neither. */
export function toItem(fields: Readonly<Record<string, Plain>>): Item {
  const item: Item = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue
    if (typeof value === 'string') item[name] = { S: value }
    else if (typeof value === 'number') item[name] = { N: String(value) }
    else if (typeof value === 'boolean') item[name] = { BOOL: value }
    else item[name] = { B: value }
  }
  return item
}

export const text = (item: Item, name: string): string => item[name]?.S ?? ''
export const textOrNull = (item: Item, name: string): string | null => item[name]?.S ?? null
export const number = (item: Item, name: string): number => Number(item[name]?.N)
export const numberOrNull = (item: Item, name: string): number | null => {
  const value = item[name]?.N
  return value === undefined ? null : Number(value)
}
export const bytes = (item: Item, name: string): Uint8Array => item[name]?.B ?? new Uint8Array(0)

/** Times in a sort key: as wide as any, so that text order is time order. */
export const padded = (at: number): string => String(at).padStart(16, '0')

/** Whether a conditional write met another one's result. */
export const isConflict = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'ConditionalCheckFailedException' ||
    error.name === 'TransactionCanceledException' ||
    error.name === 'TransactionConflictException')
