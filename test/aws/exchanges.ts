import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CreateTableCommand, DynamoDBClient, type AttributeDefinition } from '@aws-sdk/client-dynamodb'
import { IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { tableShapes } from '../../lib/constructs/tables.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import { dynamoDouble } from './dynamo-double.ts'

/** What was asked of AWS and what it said; or what a device heard. */
type Exchange =
  | {
      ask: string
      input: unknown
      answer?: unknown
      error?: { name: string; message: string; status: number }
    }
  | { heard: string; topic: string; body: unknown }
type Asked = Extract<Exchange, { ask: string }>
interface Client {
  send(command: Sent): Promise<unknown>
}
type Sent = { constructor: { name: string }; input: object }

/** Set by `npm run test:aws`: the emulator, which is then asked instead of the record. */
export const emulator = process.env['CONTRACT_ENDPOINT']
const recording = process.env['RECORD_EXCHANGES'] !== undefined
const clients = { iot: IoTClient, data: IoTDataPlaneClient, cognito: CognitoIdentityProviderClient }

/**
 * AWS as a suite sees it: the emulator while `npm run test:aws` runs, and what that has answered (RECORD_EXCHANGES=1)
 * otherwise. Each request must be one that was recorded, as often as it was; requests that run in parallel may change
 * places, the same one gets its answers in their order.
 */
export function awsExchanges(suite: string) {
  const file = fileURLToPath(new URL(`../fixtures/aws/${suite}.json`, import.meta.url))
  const record: Exchange[] =
    emulator === undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Exchange[]) : []
  const used = new Set<Exchange>()
  const listeners: ((thing: string, topic: string, body: unknown) => void)[] = []

  function known(ask: string, input: object): Asked {
    const shown = JSON.stringify(plain(input))
    const at = record.findIndex((e) => 'ask' in e && !used.has(e) && e.ask === ask && JSON.stringify(e.input) === shown) // prettier-ignore
    const found = record[at]
    if (!found || !('ask' in found))
      throw new Error(`${suite}: not as recorded: ${ask} ${shown}; record again by RECORD_EXCHANGES=1 npm run test:aws`) // prettier-ignore
    used.add(found)
    for (let i = at + 1, next = record[i]; next && 'heard' in next; next = record[++i]) {
      const { heard, topic, body } = next
      used.add(next)
      for (const listener of listeners) listener(heard, topic, body)
    }
    return found
  }

  async function ask(name: string, input: object, live: () => Promise<unknown>): Promise<unknown> {
    if (emulator === undefined) {
      const { error, answer } = known(name, input)
      if (error) throw Object.assign(new Error(error.message), { name: error.name, $metadata: { httpStatusCode: error.status } }) // prettier-ignore
      return revived(answer)
    }
    const exchange: Asked = { ask: name, input: plain(input) }
    record.push(exchange)
    try {
      const answer = await live()
      exchange.answer = plain(answer)
      return answer
    } catch (error) {
      const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } }
      exchange.error = { name, message, status: $metadata?.httpStatusCode ?? 500 }
      throw error
    }
  }

  return {
    client: <K extends keyof typeof clients>(kind: K): InstanceType<(typeof clients)[K]> => {
      const real =
        emulator === undefined ? null : (new clients[kind]({ endpoint: emulator, ...identity }) as Client)
      const send = async (command: Sent) => {
        const { name } = command.constructor
        return ask(name.replace(/Command$/, ''), command.input, async () => answersNot[name]?.(command.input, record) ?? real!.send(command)) // prettier-ignore
      }
      return { send } as never
    },
    ask,
    /** What devices hear goes into the record, or comes out of it. */
    heard: (thing: string, topic: string, body: unknown) => void record.push({ heard: thing, topic, body }),
    onHeard: (listener: (thing: string, topic: string, body: unknown) => void) =>
      void listeners.push(listener),
    /** Throws if something that was recorded was never asked. */
    close: () => {
      if (emulator === undefined) {
        const left = record.filter((e) => 'ask' in e && !used.has(e)) as Asked[]
        if (left.length > 0) throw new Error(`${suite}: recorded but not asked: ${left.map(({ ask }) => ask).join(', ')}`) // prettier-ignore
      } else if (recording) {
        mkdirSync(new URL('.', `file://${file}`), { recursive: true })
        writeFileSync(file, `[\n${record.map((e) => JSON.stringify(e)).join(',\n')}\n]\n`)
      }
    },
  }
}

/** What MiniStack 1.5.33 does not know, answered from what it was asked before. */
const answersNot: Readonly<Record<string, (input: object, record: readonly Exchange[]) => unknown>> = {
  ListNamedShadowsForThingCommand: (input, record) => {
    const { thingName: thing } = input as { thingName: string }
    const names = new Set<string>()
    for (const exchange of record) {
      if (!('ask' in exchange) || exchange.error) continue
      const { thingName, shadowName } = exchange.input as { thingName?: string; shadowName?: string }
      if (thingName !== thing || shadowName === undefined) continue
      if (exchange.ask === 'UpdateThingShadow') names.add(shadowName)
      if (exchange.ask === 'DeleteThingShadow') names.delete(shadowName)
    }
    return { results: [...names] }
  },
  DeleteConnectionCommand: () => {
    throw Object.assign(new Error('no such connection'), { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } }) // prettier-ignore
  },
}

const identity = {
  region: 'us-east-1',
  credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
}

/** Tables of these shapes: in the emulator, empty ones, or in memory. */
export async function contractDynamo(): Promise<{ dynamo: Dynamo; table(name: keyof typeof tableShapes): string }> {
  if (emulator === undefined) return { dynamo: dynamoDouble().client, table: (name) => name }
  const dynamo = new DynamoDBClient({ endpoint: emulator, ...identity })
  const prefix = `contract-${process.pid}-${Math.trunc(performance.now())}-`
  for (const [name, shape] of Object.entries(tableShapes)) await dynamo.send(new CreateTableCommand(tableOf(prefix + name, shape))) // prettier-ignore
  return { dynamo, table: (name) => prefix + name }
} // prettier-ignore

type Key = readonly [name: string, type: 'S' | 'N']
interface Shape {
  partition: Key
  sort?: Key
  indexes?: Readonly<Record<string, { partition: Key; sort: Key }>>
}

function tableOf(TableName: string, { partition, sort, indexes = {} }: Shape) {
  const keys = [partition, ...(sort ? [sort] : []), ...Object.values(indexes).flatMap((i) => [i.partition, i.sort])]
  const schema = (p: Key, s?: Key) => [
    { AttributeName: p[0], KeyType: 'HASH' as const },
    ...(s ? [{ AttributeName: s[0], KeyType: 'RANGE' as const }] : []),
  ]
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [...new Map(keys).entries()].map(([AttributeName, AttributeType]): AttributeDefinition => ({ AttributeName, AttributeType })), // prettier-ignore
    KeySchema: schema(partition, sort),
    ...(Object.keys(indexes).length > 0 && {
      GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, i]) => ({
        IndexName,
        KeySchema: schema(i.partition, i.sort),
        Projection: { ProjectionType: 'ALL' as const },
      })),
    }),
  }
} // prettier-ignore

/** What JSON can say of it: bytes as their text, dates marked; a request for a certificate is another each time. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, replaced))
}

function replaced(this: unknown, name: string, value: unknown): unknown {
  const before = (this as Record<string, unknown>)[name]
  if (name === '$metadata') return undefined
  if (name === 'certificateSigningRequest') return '<made for it>'
  if (before instanceof Date) return { $date: before.getTime() }
  if (before instanceof Uint8Array) return { $text: new TextDecoder().decode(before) }
  return value
}

function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived)
  if (typeof value !== 'object' || value === null) return value
  const { $date, $text } = value as { $date?: number; $text?: string }
  if ($date !== undefined) return new Date($date)
  if ($text !== undefined) return new TextEncoder().encode($text)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revived(inner)]))
}
