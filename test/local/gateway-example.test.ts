// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-unsafe-assignment, typescript/no-explicit-any */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDeviceBox, until, type DeviceBox } from './device-box.ts'

let box: DeviceBox
beforeAll(async () => {
  box = await startDeviceBox()
  const device = { trade: 'plant', type: 'motor', status: 'active', attributes: {} } as const
  await box.devices.put({ ...device, thing: 'gw-1' }, 'test')
  await box.devices.put({ ...device, thing: 'child-1', gateway: 'gw-1' }, 'test')
  const { certificatePem, privateKeyPem } = await box.devices.issue('gw-1')
  writeFileSync(join(box.dir, 'gw.cert.pem'), certificatePem)
  writeFileSync(join(box.dir, 'gw.key.pem'), privateKeyPem, { mode: 0o600 })
  writeFileSync(join(box.dir, 'gw.ca.pem'), box.rootPem)
})
afterAll(() => box.close())

const gateway = (port: number, buffer = 'buffer'): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, '../../examples/devices/gateway/gateway.mjs')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {
      ...process.env,
      ENDPOINT: 'localhost',
      PORT: String(port),
      GATEWAY: 'gw-1',
      CERT: join(box.dir, 'gw.cert.pem'),
      KEY: join(box.dir, 'gw.key.pem'),
      CA: join(box.dir, 'gw.ca.pem'),
      BUFFER: join(box.dir, buffer),
      RECONNECT_MS: '100',
    },
  })

const start = Date.now() - 3_600_000
const line = (n: number): string =>
  `${JSON.stringify({ child: 'child-1', at: start + n * 1000, measures: { temperature: n } })}\n`
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => line(from + i)).join('')
const buffered = (): string[] =>
  readdirSync(join(box.dir, 'buffer')).filter((name) => name.endsWith('.lines'))

describe('examples/devices/gateway', () => {
  it('loses no reading in an hour’s outage with a power cut, and repeats none to the reader', async () => {
    // Nothing listens here: the line is down.
    const down = gateway(1)
    down.stdin!.write(lines(0, 3000))
    const { statSync } = await import('node:fs')
    const wanted = lines(0, 3000).length
    await until(() => {
      try {
        return (
          buffered().reduce((sum, name) => sum + statSync(join(box.dir, 'buffer', name)).size, 0) === wanted
        )
      } catch {
        return false
      }
    })
    down.kill('SIGKILL')
    await once(down, 'exit')
    // The power went in the middle of a write.
    appendFileSync(join(box.dir, 'buffer', buffered().at(-1)!), line(3000).slice(0, 20))

    const up = gateway(box.ports.mqtt)
    up.stdin!.write(lines(3000, 3100))
    await until(() => buffered().length > 0)
    await new Promise((resolve) => setTimeout(resolve, 700))
    // And once more, while it sends.
    up.kill('SIGKILL')
    await once(up, 'exit')

    const again = gateway(box.ports.mqtt)
    again.stdin!.end(lines(3000, 3200))
    const [code] = (await once(again, 'exit')) as [number]
    expect(code).toBe(0)
    await box.settled()
    const values: number[] = []
    for (let path = `/v1/devices/child-1/readings?from=${start}&to=${start + 3_600_000}&limit=1000`; path;) {
      const { body } = await box.api('GET', path)
      const items = body.items as { value: number }[]
      values.push(...items.map(({ value }) => value))
      path = body.next as string
    }
    expect(values).toEqual(Array.from({ length: 3200 }, (_, i) => i))
  })

  it('goes on by itself when the line comes back, again and again', async () => {
    const sockets = new Set<Socket>()
    const line = createServer((near) => {
      const far = connect(box.ports.mqtt, '127.0.0.1')
      for (const [one, other] of [[near, far], [far, near]] as const) one.on('error', () => other.destroy()).on('close', () => other.destroy()).pipe(other) // prettier-ignore
      sockets.add(near)
    })
    const open = (port: number): Promise<void> => new Promise((resolve) => void line.listen(port, '127.0.0.1', resolve)) // prettier-ignore
    await open(0)
    const { port } = line.address() as AddressInfo
    const running = gateway(port, 'line-buffer')
    const from = start - 7_200_000
    const readings = async (): Promise<number> =>
      ((await box.api('GET', `/v1/devices/child-1/readings?from=${from}&to=${start - 1}&limit=1000`)).body.items as unknown[]).length // prettier-ignore
    for (let round = 0; round < 3; round++) {
      const text = Array.from({ length: 50 }, (_, i) => `${JSON.stringify({ child: 'child-1', at: from + (round * 50 + i) * 1000, measures: { temperature: i } })}\n`).join('') // prettier-ignore
      // What is no reading stops nothing.
      running.stdin!.write(`null\n7\n{"torn\n{"child":"a/#","at":1,"measures":{}}\n${text}`)
      await until(async () => (await readings()) === (round + 1) * 50)
      line.close()
      for (const socket of sockets) socket.destroy()
      await open(port)
    }
    running.kill('SIGKILL')
    await once(running, 'exit')
    line.close()
    for (const socket of sockets) socket.destroy()
  })
})
