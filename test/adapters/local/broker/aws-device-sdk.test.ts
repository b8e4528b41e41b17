import { iot, mqtt as crt } from 'aws-iot-device-sdk-v2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBox, until, type Box, type DeviceCertificate } from './bench-box.ts'

let box: Box
let motor: DeviceCertificate

beforeAll(async () => {
  box = await startBox()
  motor = await box.enroll('motor-1')
})
afterAll(() => box.close())

function connection(clientId: string): crt.MqttClientConnection {
  const config = iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(
    motor.certificatePem,
    motor.privateKeyPem,
  )
    .with_certificate_authority(box.authority.rootPem())
    .with_endpoint('localhost')
    .with_port(box.broker.ports.mqtt)
    .with_client_id(clientId)
    .with_clean_session(true)
    .build()
  return new crt.MqttClient().new_connection(config)
}

describe('aws-iot-device-sdk-v2', () => {
  it('connects, publishes with QoS 1 and receives a command', async () => {
    const device = connection('motor-1')
    device.on('error', () => undefined)
    await device.connect()
    const commands: string[] = []
    const granted = await device.subscribe('cmd/plant/motor-1/+/request', crt.QoS.AtLeastOnce, (topic) => {
      commands.push(topic)
    })
    expect(granted.qos).toBe(1)
    await device.publish(
      '$aws/rules/telltale_plant/dt/plant/motor-1/telemetry',
      '{"measures":{}}',
      crt.QoS.AtLeastOnce,
    )
    expect(box.taken.at(-1)).toMatchObject({ topic: 'dt/plant/motor-1/telemetry', client: 'motor-1' })
    await box.broker.publish('cmd/plant/motor-1/set/request', Buffer.from('{}'), { qos: 1 })
    await until(() => commands.length === 1)
    const denied = await device.subscribe('cmd/plant/pump-1/#', crt.QoS.AtLeastOnce)
    expect(denied.error_code ?? denied.qos).not.toBe(1)
    await device.disconnect()
  })

  it('is refused under another client id', async () => {
    const device = connection('pump-1')
    device.on('error', () => undefined)
    await expect(device.connect()).rejects.toThrow()
  })
})
