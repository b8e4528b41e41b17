import mqtt, { type MqttClient } from 'mqtt'
import { CliFailure } from '../exit-codes.ts'
import type { DeviceIdentity } from './certificates.ts'

/** One device's MQTT connection, with its own certificate. Comes back by itself when it is lost. */
export interface DeviceConnection {
  /** QoS 1; resolves when it has been acknowledged, over a later connection if need be. */
  publish(topic: string, payload: string): Promise<void>
  /** Hears everything that comes on topics of this filter. */
  subscribe(filter: string, heard: (topic: string, payload: string) => void): Promise<void>
  /** Now, and whenever it has come back. */
  onConnect(ready: () => void): void
  /** Goes away without a goodbye; what is not acknowledged is sent again after `resume`. */
  suspend(): void
  resume(): void
  end(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 15_000

export async function connectDevice(endpoint: string, identity: DeviceIdentity): Promise<DeviceConnection> {
  const { thing, certificate, key, ca } = identity
  const client = mqtt.connect(endpoint, {
    clientId: thing,
    cert: certificate,
    key,
    ca,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 1000,
    reschedulePings: true,
  })
  await firstConnection(client, endpoint, thing)
  client.on('error', () => {}) // it reconnects; what it could not send waits
  return {
    publish: async (topic, payload) => {
      for (;;)
        try {
          await client.publishAsync(topic, payload, { qos: 1 })
          return
        } catch (error) {
          // MQTT.js refuses what was published while it resent older messages if that connection breaks too
          // (_flushStoreProcessingQueue); such a message was never kept, so it is given again.
          if (client.disconnecting || (error as Error).message !== 'Connection closed') throw error
        }
    },
    subscribe: async (filter, heard) => {
      client.on('message', (topic, payload) => heard(topic, payload.toString()))
      await client.subscribeAsync(filter, { qos: 1 })
    },
    onConnect: (ready) => {
      client.on('connect', ready)
      if (client.connected) ready()
    },
    suspend: () => client.stream.destroy(),
    resume: () => {
      if (!client.connected) client.reconnect()
    },
    // Without a connection there is nobody to say goodbye to, and what waits would wait for ever.
    end: () => client.endAsync(!client.connected),
  }
}

async function firstConnection(client: MqttClient, endpoint: string, thing: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve())
      client.once('error', reject)
      client.once('close', () => reject(new Error('the connection was closed')))
    })
  } catch (error) {
    client.end(true)
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EHOSTUNREACH')
      throw new CliFailure('unreachable', `${endpoint} does not answer (${message || code}); is the box up?`)
    throw new CliFailure(
      'denied',
      `${endpoint} did not let ${thing} in (${message}); its certificate may be revoked, or ${thing} suspended`,
    )
  }
}
