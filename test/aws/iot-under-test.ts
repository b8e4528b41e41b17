import { setTimeout as sleep } from 'node:timers/promises'
import { CreatePolicyCommand, CreateThingCommand, CreateThingTypeCommand } from '@aws-sdk/client-iot'
import { connectAsync, type IClientOptions } from 'mqtt'
import { iotCredentials } from '../../src/adapters/aws/iot/iot-credentials.ts'
import { covers } from '../../src/adapters/local/broker/topics.ts'
import type { ExecutionStatus } from '../../src/core/device/job-execution.ts'
import type { JsonObject } from '../../src/core/device/json.ts'
import type { ConnectedDevice } from '../contracts/device-link.ts'
import { emulator, type awsExchanges } from './exchanges.ts'

type Exchanges = ReturnType<typeof awsExchanges>

export const policy = 'contract-device'

/** What the stacks make: the trade's thing type, and the policy that devices' certificates get. */
export async function makeDeployment(exchanges: Exchanges): Promise<void> {
  const iot = exchanges.client('iot')
  await iot.send(new CreateThingTypeCommand({ thingTypeName: 'plant' })).catch(known)
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }] }) // prettier-ignore
  await iot.send(new CreatePolicyCommand({ policyName: policy, policyDocument })).catch(known)
}

/** Things of these names, of trade plant. */
export async function makeThings(exchanges: Exchanges, things: readonly string[]): Promise<void> {
  await makeDeployment(exchanges)
  const iot = exchanges.client('iot')
  for (const thingName of things)
    await iot.send(new CreateThingCommand({ thingName, thingTypeName: 'plant' })).catch(known)
}

function known(error: Error): void {
  if (error.name !== 'ResourceAlreadyExistsException') throw error
}

/** AWS IoT Jobs as a device sees it over HTTPS: begins its part and ends it. */
export async function reportJob(exchanges: Exchanges, thing: string, job: string, status: ExecutionStatus): Promise<void> {
  for (const step of ['IN_PROGRESS', status])
    await exchanges.ask('UpdateJobExecution', { thing, job, status: step }, async () => {
      const response = await fetch(`${emulator}/things/${thing}/jobs/${job}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: 'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/iot-jobs-data/aws4_request, SignedHeaders=host, Signature=none',
        },
        body: JSON.stringify({ status: step }),
      })
      if (!response.ok) throw new Error(`the device could not report ${step}: ${await response.text()}`)
      return { status: response.status }
    })
} // prettier-ignore

/** The emulator's certificate is for its own names. */
const anyName = { checkServerIdentity: () => undefined }
const optionsOf = async (clientId: string, cert: string, key: string): Promise<IClientOptions> => {
  const ca = await (await fetch(`${emulator}/_ministack/iot/ca.pem`)).text()
  return { clientId, cert, key, ca, reconnectPeriod: 0, ...anyName }
}

/** A device with a certificate of its own, over MQTT to the emulator; what it did and heard is recorded. */
export async function connectDevice(exchanges: Exchanges, thing: string): Promise<ConnectedDevice> {
  await makeThings(exchanges, [thing])
  const [iot, data] = [exchanges.client('iot'), exchanges.client('data')]
  const credentials = iotCredentials({ iot, data, policy, endpoint: { endpoint: '', caPem: '' } }) // prettier-ignore
  const { certificatePem: cert, privateKeyPem: key } = await credentials.issue(thing)
  const client = emulator === undefined ? null : await connectAsync('mqtts://127.0.0.1:8883', await optionsOf(thing, cert, key)) // prettier-ignore
  const filters = new Map<string, { topic: string; body: JsonObject }[]>()
  const hear = (topic: string, body: unknown): void => {
    for (const [filter, heard] of filters)
      if (covers(filter, topic)) heard.push({ topic, body: body as JsonObject })
  }
  client?.on('message', (topic, payload) => {
    const body = JSON.parse(payload.toString()) as JsonObject
    exchanges.heard(thing, topic, body)
    hear(topic, body)
  })
  exchanges.onHeard((to, topic, body) => to === thing && hear(topic, body))
  // What was heard belongs to the step that caused it, so each waits until it has been heard.
  const settled = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work
    if (client) await sleep(300)
    return result
  }
  return {
    publish: async (topic, payload) =>
      void (await settled(exchanges.ask('publish', { thing, topic, payload }, async () => {
        await client!.publishAsync(topic, payload, { qos: 1 })
        await sleep(300)
      }))), // prettier-ignore
    hear: async (filter) => {
      const heard: { topic: string; body: JsonObject }[] = []
      filters.set(filter, heard)
      await exchanges.ask('subscribe', { thing, filter }, async () => void (await client!.subscribeAsync(filter, { qos: 1 }))) // prettier-ignore
      return heard
    },
    close: async () => {
      await client?.endAsync()
    },
  }
}
