import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closed, connectDevice, startBox, until, type Box, type DeviceCertificate } from './bench-box.ts'

let box: Box
let motor: DeviceCertificate
let pump: DeviceCertificate

beforeAll(async () => {
  box = await startBox()
  motor = await box.enroll('motor-1')
  pump = await box.enroll('pump-1')
})
afterAll(() => box.close())

describe('startBroker', () => {
  it('takes a publish of a device under its own name into the journal', async () => {
    const client = await connectDevice(box, motor, { clientId: 'motor-1' })
    await client.publishAsync('dt/plant/motor-1/telemetry', '{"measures":{"rpm":1480}}', { qos: 1 })
    expect(box.taken.at(-1)).toMatchObject({ topic: 'dt/plant/motor-1/telemetry', client: 'motor-1' })
    await client.endAsync()
  })

  it('takes Basic Ingest without its prefix', async () => {
    const client = await connectDevice(box, motor, { clientId: 'motor-1' })
    await client.publishAsync('$aws/rules/telltale_plant/dt/plant/motor-1/telemetry/c1', 'x', { qos: 1 })
    expect(box.taken.at(-1)?.topic).toBe('dt/plant/motor-1/telemetry/c1')
    await client.endAsync()
  })

  it('acknowledges QoS 1 only when the journal has it', async () => {
    const client = await connectDevice(box, motor, { clientId: 'motor-1' })
    const order: string[] = []
    let store: () => void = () => undefined
    box.onIngest((_message, done) => {
      store = () => {
        order.push('stored')
        done()
      }
      setTimeout(store, 100)
    })
    await client.publishAsync('dt/plant/motor-1/telemetry', 'x', { qos: 1 })
    order.push('acknowledged')
    expect(order).toEqual(['stored', 'acknowledged'])
    await client.endAsync()
    box.onIngest((message, done) => {
      box.taken.push(message)
      done()
    })
  })

  it('refuses a client id that is not the certificate name', async () => {
    await expect(connectDevice(box, motor, { clientId: 'pump-1' })).rejects.toThrow('Not authorized')
    expect(box.audited.at(-1)).toMatchObject({ action: 'connect_denied' })
  })

  it('closes the connection of a device that publishes as another', async () => {
    const client = await connectDevice(box, pump, { clientId: 'pump-1' })
    const end = closed(client)
    const before = box.taken.length
    client.publish('dt/plant/motor-1/telemetry', 'x', { qos: 0 })
    await end
    expect(box.taken.length).toBe(before)
    expect(box.audited.at(-1)).toMatchObject({ action: 'publish_denied', actor: 'pump-1' })
    await until(() => box.presence.at(-1)?.eventType === 'disconnected')
    expect(box.presence.at(-1)).toMatchObject({ clientId: 'pump-1', disconnectReason: 'AUTH_ERROR' })
    client.end(true)
  })
})
