import mqtt, { type MqttClient } from 'mqtt'
import type { Box } from '../../../local/box.ts'

export interface SimulatedDevice {
  thing: string
  /** At the present moment unless the payload says otherwise. */
  publish(payload: object): Promise<void>
  /** As it is, for what is not JSON. */
  publishText(text: string): Promise<void>
  close(): Promise<void>
}

export interface Keys {
  certificatePem: string
  privateKeyPem: string
}

/** A device that speaks to the box over MQTT with its own certificate. */
export async function connectDevice(
  box: Box,
  trade: string,
  thing: string,
  keys: Keys,
): Promise<SimulatedDevice> {
  const client: MqttClient = await mqtt.connectAsync({
    host: '127.0.0.1',
    port: box.ports.mqtt,
    protocol: 'mqtts',
    key: keys.privateKeyPem,
    cert: keys.certificatePem,
    ca: box.rootPem,
    clientId: thing,
  })
  const topic = `dt/${trade}/${thing}/telemetry`
  const publishText = async (text: string): Promise<void> => {
    await client.publishAsync(topic, text, { qos: 1 })
  }
  return {
    thing,
    publish: async (payload) => publishText(JSON.stringify({ at: Date.now(), ...payload })),
    publishText,
    close: async () => client.endAsync(),
  }
}
