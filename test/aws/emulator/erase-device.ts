import { strict as assert } from 'node:assert'
import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'

export interface EraseDeviceParts {
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
  invoke(service: string): Promise<Record<string, string>>
  eventually<T>(what: string, look: () => Promise<T | null>): Promise<T>
  /** When the device sent readings. */
  at: number
}

/** MiniStack does not know DeleteConnection, so that no device can be removed there: its item goes by hand. */
const MINISTACK = process.env['TELLTALE_EMULATOR_INSIDE'] !== undefined

async function unregister(thing: string, { TABLES = '' }: Record<string, string>): Promise<void> {
  const table = /\bRegistry=([^,\s]+)/.exec(TABLES)?.[1]
  assert(table, `no registry among the tables of the function: ${TABLES}`)
  await new DynamoDBClient().send(new DeleteItemCommand({ TableName: table, Key: { thing: { S: thing } } }))
}

interface Erasure {
  state: string
  items: number
  waiting: number
  hotStoreForgetsAt: number | null
}

/**
 * Erases a device and looks whether what is stored of it is gone, as far as the endpoint can do that. The second pass, 25 hours later, is beyond a test with a
 * real clock (test/lambdas/erase.test.ts has it).
 */
export async function eraseDevice(thing: string, { api, invoke, eventually, at }: EraseDeviceParts): Promise<void> {
  const range = `from=${at - 60_000}&to=${at + 60_000}`
  if (MINISTACK) await unregister(thing, await invoke('erase'))
  const begun = await api<Erasure>('DELETE', `/v1/devices/${thing}/data`)
  assert.equal(begun.state, 'erasing')
  await assert.rejects(api('PUT', `/v1/devices/${thing}`, { trade: 'plant', type: 'press' }), /being_erased/)
  assert.equal((await api<Erasure>('GET', `/v1/devices/${thing}/erasure`)).state, 'erasing')
  // Nor does it know ListNamedShadowsForThing, with which the function begins: no further there.
  if (MINISTACK) return
  const settling = await eventually('the first pass', async () => {
    await invoke('erase')
    const erasure = await api<Erasure>('GET', `/v1/devices/${thing}/erasure`)
    return erasure.state === 'settling' ? erasure : null
  })
  assert(settling.items > 3, `${settling.items} items were removed`)
  assert.equal(settling.waiting, 0)
  await assert.rejects(api('GET', `/v1/devices/${thing}`), /no_such_device/)
  for (const path of ['/v1/quarantine?limit=10', '/v1/alarms', `/v1/series?things=${thing}&${range}&resolution=raw`]) {
    const answer = JSON.stringify(await api('GET', path).catch((error: unknown) => String(error)))
    assert(!answer.includes('21.5') && !answer.includes(`"${thing}"`), `${path} still has ${answer.slice(0, 500)}`)
  }
} // prettier-ignore
