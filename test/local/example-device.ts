// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-explicit-any */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { DeviceBox } from './device-box.ts'

export interface ExampleDevice {
  thing: string
  cert: string
  key: string
  ca: string
}

/** Registers a motor and writes what an example needs to be it. */
export async function writeDevice(box: DeviceBox, thing: string): Promise<ExampleDevice> {
  await box.devices.put({ thing, trade: 'plant', type: 'motor', status: 'active', attributes: {} }, 'test')
  const { certificatePem, privateKeyPem } = await box.devices.issue(thing)
  const path = (name: string): string => join(box.dir, `${thing}.${name}.pem`)
  const files = { thing, cert: path('cert'), key: path('key'), ca: path('ca') }
  writeFileSync(files.cert, certificatePem)
  writeFileSync(files.key, privateKeyPem, { mode: 0o600 })
  writeFileSync(files.ca, box.rootPem)
  return files
}

/** Runs an example that sends `count` readings: all of them arrive once, in order, and it does a command that waited for it. */
export async function expectExampleWorks(
  box: DeviceBox,
  { thing, count }: { thing: string; count: number },
  command: { file: string; args?: readonly string[]; env?: NodeJS.ProcessEnv },
): Promise<void> {
  const from = Date.now()
  const commands = `/v1/devices/${thing}/commands`
  expect((await box.api('POST', commands, { name: 'blink', payload: { times: 2 } })).status).toBe(201)
  const child = spawn(command.file, command.args ?? [], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...command.env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString())) // prettier-ignore
  const ended = once(child, 'exit') as Promise<[number | null]>
  try {
    const [code] = await ended
    expect(code, said).toBe(0)
    await box.settled()
    const readings = await box.api('GET', `/v1/devices/${thing}/readings?from=${from}&to=${Date.now() + 1}&limit=1000`) // prettier-ignore
    const items = readings.body.items as { at: number; value: number }[]
    expect(items, said).toHaveLength(count)
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted((a, b) => a - b))
    for (const { value } of items) expect(Math.abs(value - 20)).toBeLessThanOrEqual(5)
    expect((await box.api('GET', commands)).body.items, said).toMatchObject([{ status: 'succeeded' }])
  } finally {
    child.kill('SIGKILL')
  }
}
