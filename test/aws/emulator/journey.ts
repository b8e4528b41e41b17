import { strict as assert } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { ListTopicsCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { connectAsync } from 'mqtt'

/** Outputs by stack, as the CDK writes them. */
export type Outputs = Record<string, Record<string, string>>

const THING = 'press-7'
const PATIENCE_MS = 90_000

/** From registering a device by the API to its reading and its alarm, over the wire all the way. */
export async function journey(outputs: Outputs, endpoint: string): Promise<void> {
  await giveHotStoreToken()
  const queue = await alertQueue()
  const api = apiOf(outputs, endpoint, await signIn(outputs))

  await api('PUT', '/v1/types/press', {
    trade: 'plant',
    measures: { temperature: { unit: 'Cel', low: 0, high: 80 } },
  })
  await api('PUT', `/v1/devices/${THING}`, { trade: 'plant', type: 'press', site: 'north' })
  const credential = await api<{ certificatePem: string; privateKeyPem: string }>(
    'POST',
    `/v1/devices/${THING}/credentials`,
  )
  await sleep(15_000) // the registration holds once every function must know it

  const at = Date.now() - 2000
  const device = await connect(endpoint, credential)
  const message = { at, step: 1000, measures: { temperature: [21.5, 95] } }
  await device.publishAsync(`dt/plant/${THING}/telemetry`, JSON.stringify(message), { qos: 1 })

  const readings = await eventually('the readings in the API', async () => {
    const { items } = await api<{ items: { value: number }[] }>(
      'GET',
      `/v1/devices/${THING}/readings?from=${at - 1000}&to=${at + 5000}`,
    )
    return items.length === 2 ? items : null
  })
  assert.deepEqual(
    readings.map(({ value }) => value),
    [21.5, 95],
  )

  const alarm = await eventually('the alarm in SQS', async () => received(queue))
  assert.equal(alarm.thing, THING)
  assert.equal(alarm.to, 'active')
  await device.endAsync()
}

async function eventually<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const until = Date.now() + PATIENCE_MS
  let trouble: unknown = null
  while (Date.now() < until) {
    try {
      const found = await look()
      if (found !== null) return found
    } catch (error) {
      trouble = error
    }
    await sleep(1000)
  }
  throw new Error(`${what} did not come within ${PATIENCE_MS} ms`, { cause: trouble })
}

/** Stands in for the custom resource that makes a token where the hot store is Timestream. */
async function giveHotStoreToken(): Promise<void> {
  const secrets = new SecretsManagerClient()
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand())
  const secret = SecretList.find(({ Name }) => Name?.includes('HotStore'))
  assert(secret?.ARN, 'the hot store’s secret was not deployed')
  await secrets.send(
    new PutSecretValueCommand({ SecretId: secret.ARN, SecretString: JSON.stringify({ token: 'emulator' }) }),
  )
}

async function alertQueue(): Promise<string> {
  const [sqs, sns] = [new SQSClient(), new SNSClient()]
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'alerts' }))
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const { Topics = [] } = await sns.send(new ListTopicsCommand())
  const topic = Topics.find(({ TopicArn }) => TopicArn?.includes('Alerts'))
  assert(topic, 'the alerts topic was not deployed')
  await sns.send(
    new SubscribeCommand({
      TopicArn: topic.TopicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.['QueueArn'],
      Attributes: {
        RawMessageDelivery: 'true',
        FilterPolicy: JSON.stringify({ trade: ['plant'], site: ['north'] }),
      },
    }),
  )
  assert(QueueUrl)
  return QueueUrl
}

async function received(queue: string): Promise<{ thing: string; to: string } | null> {
  const { Messages = [] } = await new SQSClient().send(
    new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 1 }),
  )
  const body = Messages[0]?.Body
  return body === undefined ? null : (JSON.parse(body) as { thing: string; to: string })
}

/** A person of the pool, in the group of administrators. */
async function signIn(outputs: Outputs): Promise<string> {
  const UserPoolId = find(outputs, (key) => key === 'UserPool')
  const cognito = new CognitoIdentityProviderClient()
  const [Username, Password] = ['admin@example.com', 'Correct-horse-7-battery']
  await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }))
  await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }))
  await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: 'admin' }))
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'test',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    }),
  )
  const { AuthenticationResult } = await cognito.send(
    new InitiateAuthCommand({
      ClientId: UserPoolClient?.ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    }),
  )
  assert(AuthenticationResult?.IdToken, 'the person could not sign in')
  return AuthenticationResult.IdToken
}

function find(outputs: Outputs, matches: (key: string) => boolean): string {
  const found = Object.values(outputs)
    .flatMap((stack) => Object.entries(stack))
    .find(([key]) => matches(key))
  assert(
    found,
    `no such output among ${Object.values(outputs)
      .flatMap((stack) => Object.keys(stack))
      .join(', ')}`,
  )
  return found[1]
}

/** The deployed API, called through the emulator’s own path for it. */
function apiOf(outputs: Outputs, endpoint: string, token: string) {
  const host = Object.entries(outputs).find(([stack]) => stack.endsWith('api'))?.[1]['Url'] ?? ''
  const id = /^https?:\/\/([a-z0-9]+)\.execute-api/.exec(host)?.[1]
  assert(id, `the API’s address is ${host}`)
  return async <T = unknown>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${endpoint}/restapis/${id}/v/_user_request_${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }
}

/** As the device: with the certificate that it was given, over TLS. */
async function connect(
  endpoint: string,
  { certificatePem, privateKeyPem }: { certificatePem: string; privateKeyPem: string },
) {
  const ca = await (await fetch(`${endpoint}/_ministack/iot/ca.pem`)).text()
  return connectAsync('mqtts://127.0.0.1:8883', {
    clientId: THING,
    ca,
    cert: certificatePem,
    key: privateKeyPem,
    // The emulator’s certificate is for its own names.
    checkServerIdentity: () => undefined,
    reconnectPeriod: 0,
    connectTimeout: 10_000,
  } as Parameters<typeof connectAsync>[1])
}
