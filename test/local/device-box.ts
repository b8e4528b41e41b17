// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-argument, typescript/no-unsafe-return, typescript/no-explicit-any */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type MqttClient } from 'mqtt'
import { iot, mqtt as crt } from 'aws-iot-device-sdk-v2'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'

export interface Credential {
  certificatePem: string
  privateKeyPem: string
}

export interface DeviceBox extends Box {
  dir: string
  said: string[]
  api(method: string, path: string, body?: unknown, token?: string): Promise<{ status: number; body: any }>
  /** Registers a device and connects it under its own name. */
  device(thing: string): Promise<MqttClient>
  connect(thing: string, credential: Credential, options?: { clean?: boolean }): Promise<MqttClient>
  sdk(clientId: string, credential: Credential): crt.MqttClientConnection
  restart(): Promise<void>
}

const motor = {
  name: 'motor',
  trade: 'plant',
  measures: { temperature: { unit: 'Cel' } },
  actuators: { valve: { low: 0, high: 100, ratePerMinute: 50, leaseMs: 600_000 } },
} as const

/** A whole box on free ports, with one type, and ways to be a device of it. */
export async function startDeviceBox(): Promise<DeviceBox> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-devices-'))
  const said: string[] = []
  const start = (): Promise<Box> =>
    startBox({
      ...boxDefaults,
      dir,
      mqttPort: 0,
      httpsPort: 0,
      httpPort: 0,
      notifiers: [],
      version: '0',
      log: (line) => said.push(line),
    })
  let box = await start()
  await box.devices.putType(motor, 'test')

  const connectAs = (
    thing: string,
    { certificatePem, privateKeyPem }: Credential,
    options: { clean?: boolean } = {},
  ): Promise<MqttClient> =>
    new Promise((resolve, reject) => {
      const client = connect({
        host: '127.0.0.1',
        port: box.ports.mqtt,
        protocol: 'mqtts',
        ca: box.rootPem,
        cert: certificatePem,
        key: privateKeyPem,
        clientId: thing,
        reconnectPeriod: 0,
        connectTimeout: 5000,
        ...options,
      })
      let cause = 'closed'
      const refused = (): void => {
        client.end(true)
        reject(new Error(cause))
      }
      client.on('error', (error) => (cause = error.message))
      client.once('close', refused)
      client.once('connect', () => {
        client.off('close', refused)
        resolve(client)
      })
    })

  const own = {
    dir,
    said,
    api: async (method: string, path: string, body?: unknown, token = box.token) => {
      const response = await fetch(box.url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
    },
    connect: connectAs,
    device: async (thing: string) => {
      await box.devices.put(
        { thing, trade: 'plant', type: 'motor', status: 'active', attributes: {} },
        'test',
      )
      return connectAs(thing, await box.devices.issue(thing))
    },
    sdk: (clientId: string, { certificatePem, privateKeyPem }: Credential) => {
      const config = iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(certificatePem, privateKeyPem)
        .with_certificate_authority(box.rootPem)
        .with_endpoint('localhost')
        .with_port(box.ports.mqtt)
        .with_client_id(clientId)
        .with_clean_session(true)
        .build()
      const connection = new crt.MqttClient().new_connection(config)
      connection.on('error', () => undefined)
      return connection
    },
    restart: async () => {
      await box.close()
      box = await start()
    },
    close: async () => {
      await box.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return new Proxy(own as unknown as DeviceBox, {
    get: (target, key) => (key in own ? Reflect.get(target, key) : Reflect.get(box, key)) as unknown,
  })
}

/** What a client hears on these filters, as parsed JSON by topic. */
export async function hearing(
  client: MqttClient,
  ...filters: string[]
): Promise<{ topic: string; body: any }[]> {
  const heard: { topic: string; body: unknown }[] = []
  client.on('message', (topic, payload) =>
    heard.push({ topic, body: JSON.parse(payload.toString()) as unknown }),
  )
  await client.subscribeAsync(filters, { qos: 1 })
  return heard
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}
