import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closed, connectDevice, startBox, until, type Box, type DeviceCertificate } from './bench-box.ts'

const DEVICES = 40
const WAITING = 3
let box: Box
let certificates: DeviceCertificate[]
let bystander: DeviceCertificate

beforeAll(async () => {
  box = await startBox({
    limits: { handshakesAtOnce: 4, handshakeMs: 60_000, connectMs: 60_000, packetMs: 60_000 },
  })
  bystander = await box.enroll('bystander')
  certificates = await Promise.all(Array.from({ length: DEVICES }, (_, i) => box.enroll(`motor-${i}`)))
})
afterAll(() => box.close())

describe('a reconnect storm', () => {
  it('brings every device back with what it could not send, and takes all of one that stayed meanwhile', async () => {
    const clients = await Promise.all(
      certificates.map((certificate, i) =>
        connectDevice(box, certificate, {
          clientId: `motor-${i}`,
          reconnectPeriod: 1,
          connectTimeout: 60_000,
        }),
      ),
    )
    const steady = await connectDevice(box, bystander, { clientId: 'bystander' })
    let cut = 0
    steady.on('close', () => cut++)

    await Promise.all(
      clients.map((client) => {
        const end = closed(client)
        client.stream.destroy()
        return end
      }),
    )
    const sent = clients.flatMap((client, i) =>
      Array.from({ length: WAITING }, (_, n) =>
        client.publishAsync(`dt/plant/motor-${i}/telemetry`, String(n), { qos: 1 }),
      ),
    )
    const meanwhile = (async () => {
      let n = 0
      do await steady.publishAsync('dt/plant/bystander/telemetry', String(n++), { qos: 1 })
      while (box.broker.stats().connected <= DEVICES)
      return n
    })()
    await Promise.all(sent)
    const steadily = await meanwhile

    const taken = new Set(box.taken.map(({ topic, payload }) => `${topic} ${String(payload)}`))
    expect(taken.size).toBe(DEVICES * WAITING + steadily)
    expect(cut).toBe(0)
    await until(() => box.broker.stats().connected === DEVICES + 1)
    await Promise.all([...clients, steady].map((client) => client.endAsync()))
  })
})
