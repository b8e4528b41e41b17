import { registerHooks } from 'node:module'

interface Command {
  constructor: { name: string }
  input: Record<string, unknown>
}
type Send = (command: Command) => unknown

const global = globalThis as { telltaleBenchSend?: Send }

/** The SDK's packages as handlers see them from now on: clients that hand commands to `send`, commands that hold input. */
export async function replaceSdk(packages: readonly string[], send: Send): Promise<void> {
  global.telltaleBenchSend = send
  const sources = new Map<string, string>()
  for (const name of packages) {
    const names = Object.keys((await import(name)) as object).filter((n) => /^[A-Z]\w*$/.test(n))
    sources.set(`double:${name}`, names.map(double).join('\n'))
  }
  registerHooks({
    resolve: (specifier, context, next) =>
      sources.has(`double:${specifier}`)
        ? { url: `double:${specifier}`, shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      sources.has(url)
        ? { format: 'module', source: sources.get(url)!, shortCircuit: true }
        : next(url, context),
  })
}

function double(name: string): string {
  if (name.endsWith('Client') || !name.endsWith('Command'))
    return `export class ${name} extends Error { async send(command) { return globalThis.telltaleBenchSend(command) } }`
  return `export class ${name} { constructor(input) { this.input = input } }`
}

interface StateItem {
  v: { N: string }
}

/** Answers of tables, streams and the rest: states are kept and compared by version, everything else is taken. */
export function memoryCloud(configuration: readonly object[]) {
  const states = new Map<string, StateItem>()
  const counts = { stateWrites: 0, stateBytes: 0, outputBytes: 0 }
  const outputs: Uint8Array[] = []
  const objects = new Map<string, Uint8Array>()
  const messages: string[] = []
  let sequence = 10n ** 55n

  const answers: Record<string, (input: Record<string, unknown>) => unknown> = {
    BatchGetItemCommand: ({ RequestItems }) => {
      const [[table, { Keys }]] = Object.entries(RequestItems as Record<string, { Keys: { thing: { S: string } }[] }>) as [[string, { Keys: { thing: { S: string } }[] }]] // prettier-ignore
      return { Responses: { [table]: Keys.flatMap(({ thing }) => states.get(thing.S) ?? []) } }
    },
    PutItemCommand: ({ TableName, Item, ExpressionAttributeValues }) => {
      if (TableName !== 'State') return {}
      const item = Item as StateItem & { thing: { S: string }; b?: { B: Uint8Array }; z?: { B: Uint8Array } }
      const stored = states.get(item.thing.S)
      const wanted = (ExpressionAttributeValues as { ':v'?: { N: string } } | undefined)?.[':v']?.N
      if (stored?.v.N !== wanted)
        throw Object.assign(new Error('conflict'), { name: 'ConditionalCheckFailedException' })
      states.set(item.thing.S, item)
      counts.stateWrites++
      counts.stateBytes = Math.max(counts.stateBytes, itemBytes(item as never))
      return {}
    },
    QueryCommand: ({ ExpressionAttributeValues }) => {
      const kind = (ExpressionAttributeValues as Record<string, { S?: string }>)[':k']?.S
      return { Items: configuration.filter((change) => (change as { kind: string }).kind === kind).map((change) => ({ change: { S: JSON.stringify(change) } })) } // prettier-ignore
    },
    PutRecordsCommand: ({ Records }) => ({
      Records: (Records as { Data: Uint8Array }[]).map(({ Data }) => {
        counts.outputBytes += Data.length
        if (outputs.length < 2000) outputs.push(Data)
        return { SequenceNumber: String(sequence++) }
      }),
    }),
    PutObjectCommand: ({ Key, Body }) => void objects.set(Key as string, Body as Uint8Array),
    DeleteObjectCommand: ({ Key }) => void objects.delete(Key as string),
    ListObjectsV2Command: ({ Prefix, Delimiter }) => {
      const keys = [...objects.keys()].filter((key) => key.startsWith(Prefix as string)).sort()
      if (Delimiter === undefined) return { Contents: keys.map((Key) => ({ Key })) }
      const { length } = Prefix as string
      const ends = keys.map((key) => key.indexOf(Delimiter as string, length))
      const begins = new Set(keys.flatMap((key, i) => (ends[i] === -1 ? [] : [key.slice(0, ends[i]! + 1)])))
      return { CommonPrefixes: [...begins].map((begin) => ({ Prefix: begin })) }
    },
    SendMessageBatchCommand: ({ Entries }) => {
      for (const { MessageBody } of Entries as { MessageBody: string }[]) messages.push(MessageBody)
      return {}
    },
    GetObjectCommand: ({ Key }) => ({
      Body: {
        transformToString: async () => Buffer.from(objects.get(Key as string)!).toString(),
        transformToByteArray: async () => objects.get(Key as string)!,
      },
    }),
    GetSecretValueCommand: () => ({ SecretString: '{"token":"t"}' }),
    ScanCommand: () => ({ Items: [...states.values()] }),
  }
  return {
    send: (command: Command) => answers[command.constructor.name]?.(command.input) ?? {},
    counts,
    outputs,
    objects,
    messages,
    states,
  }
}

function itemBytes(item: Record<string, { S?: string; N?: string; B?: Uint8Array }>): number {
  let size = 0
  for (const [name, { S, N, B }] of Object.entries(item))
    size +=
      name.length +
      (S !== undefined ? Buffer.byteLength(S) : B ? B.length : Math.ceil((N ?? '').length / 2) + 1)
  return size
}
