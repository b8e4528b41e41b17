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
import { InvokeCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
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
import { connectAsync, type IClientOptions } from 'mqtt'
import { bulk } from './bulk.ts'
import { eraseDevice } from './erase-device.ts'
import { provisionByClaim } from './provision-by-claim.ts'
import type { Step } from './run.ts'

/** Outputs by stack, as the CDK writes them. */
export type Outputs = Record<string, Record<string, string>>

const THING = 'press-7'
const PATIENCE_MS = 90_000

/** From registering a device by the API to its reading and its alarm, over the wire all the way. Gives its end: to erase the device. */
export async function journey(outputs: Outputs, endpoint: string, step: Step): Promise<() => Promise<void>> { // prettier-ignore
  const { queue, api, request } = await step('sign in, subscribe a queue to alerts', async () => {
    await giveHotStoreToken()
    return { queue: await alertQueue(), ...apiOf(outputs, endpoint, await signIn(outputs)) }
  })
  const credential = await step('register a device by the API', async () => {
    await api('PUT', '/v1/types/press', {
      trade: 'plant',
      measures: { temperature: { unit: 'Cel', low: 0, high: 80 } },
    })
    await api('PUT', `/v1/devices/${THING}`, { trade: 'plant', type: 'press', site: 'north' })
    const issued = await api<Credential>('POST', `/v1/devices/${THING}/credentials`)
    await sleep(15_000) // the registration holds once every function must know it
    return issued
  })

  const at = Date.now() - 2000
  await step('publish with its certificate', async () => {
    const device = await connect(endpoint, THING, credential)
    const message = { at, step: 1000, measures: { temperature: [21.5, 95] } }
    const topic = `dt/plant/${THING}/telemetry`
    await device.publishAsync(topic, JSON.stringify(message), { qos: 1 })
    await device.publishAsync(topic, '{"at": 1, "measures"', { qos: 1 })
    await device.endAsync()
  })

  await step('the readings come back from the API', async () => {
    const readings = await eventually('the readings', async () => {
      const { items } = await api<{ items: { value: number }[] }>('GET', `/v1/devices/${THING}/readings?from=${at - 1000}&to=${at + 5000}`)
      return items.length === 2 ? items : null
    })
    assert.deepEqual(readings.map(({ value }) => value), [21.5, 95])
    const { series } = await api<{ series: { value: number[] }[] }>('GET', `/v1/series?things=${THING}&from=${at - 1000}&to=${at + 5000}&resolution=raw`)
    assert.deepEqual(series.map(({ value }) => value), [[21.5, 95]])
    const { items: [latest] } = await api<{ items: { value: number }[] }>('GET', `/v1/latest?things=${THING}`)
    assert(JSON.stringify(latest).includes('95'), `the latest value is ${JSON.stringify(latest)}`)
  })

  await step('the torn message is in quarantine', async () => {
    const { items } = await api<{ items: { client: string; reason: string }[] }>('GET', '/v1/quarantine?limit=10')
    assert.deepEqual(items.map(({ client, reason }) => [client, reason]), [[THING, 'bad_json']])
  })

  await step('the alarm arrives in SQS', async () => {
    const alarm = await eventually('the alarm', async () => received(queue))
    assert.equal(alarm.thing, THING)
    assert.equal(alarm.to, 'active')
    const { items } = await api<{ items: { thing: string; state: string }[] }>('GET', '/v1/alarms')
    assert.deepEqual(items.map(({ thing, state }) => [thing, state]), [[THING, 'unackActive']])
  })

  await step('every job runs on a minute that is folded and stored', async () => {
    const progress = await eventually('the jobs', async () => {
      await invoke('tick')
      await sleep(5000)
      const table = await invoke('jobs')
      const { Items = [] } = await new DynamoDBClient().send(new ScanCommand({ TableName: table['PROGRESS_TABLE'] }))
      const done = Items.map(({ name }) => name?.S ?? '').filter((name) => name.startsWith('job/'))
      return done.length > 0 ? done : null
    })
    assert(progress.includes('job/learn') && progress.includes('job/zones'), `finished are ${progress.join(', ')}`)
  })

  await step('reports, readings as files, retention, refolding', async () =>
    bulk({ thing: THING, at, api, request, invoke, eventually })) // prettier-ignore

  await step('claims become devices by templates of the API', async () =>
    provisionByClaim({ api, connect: async (clientId, certificate) => connect(endpoint, clientId, { ...certificate, endpoint: credential.endpoint }) })) // prettier-ignore

  return async () => step('everything stored of the device is erased', async () => eraseDevice(THING, { api, invoke, eventually, at })) // prettier-ignore
} // prettier-ignore

/** Runs a function by the name that it has in `lambdas/`; gives its environment. */
async function invoke(service: string): Promise<Record<string, string>> {
  const lambda = new LambdaClient()
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {}))
    for (const { FunctionName, Environment } of Functions) {
      const variables = Environment?.Variables ?? {}
      if (variables['POWERTOOLS_SERVICE_NAME'] !== service) continue
      const event = JSON.stringify({ job: service, scheduledAt: new Date().toISOString() })
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: event }),
      )
      const answer = Buffer.from(Payload ?? []).toString()
      if (FunctionError !== undefined) throw new Error(`${service} failed: ${answer.slice(0, 1000)}`)
      return variables
    }
  throw new Error(`no function ${service} was deployed`)
}

interface Credential {
  certificatePem: string
  privateKeyPem: string
  /** Where the device connects: `mqtts://host:port`. */
  endpoint: string
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
  const request = async (
    method: string,
    path: string,
    given?: { body: Uint8Array<ArrayBuffer>; type: string },
  ): Promise<Buffer> => {
    const response = await fetch(`${endpoint}/restapis/${id}/v/_user_request_${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(given && { 'content-type': given.type }) },
      ...(given && { body: given.body }),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${bytes.toString().slice(0, 500)}`) // prettier-ignore
    return bytes
  }
  const api = async <T = unknown>(method: string, path: string, body?: unknown): Promise<T> => {
    const given = body === undefined ? undefined : { body: new Uint8Array(Buffer.from(JSON.stringify(body))), type: 'application/json' } // prettier-ignore
    const text = (await request(method, path, given)).toString()
    return (text === '' ? null : JSON.parse(text)) as T
  }
  return { api, request }
}

/** As the device: with the certificate that it was given, over TLS. */
async function connect(
  endpoint: string,
  clientId: string,
  { certificatePem, privateKeyPem, endpoint: given }: Credential,
) {
  // prettier-ignore
  const ministack = await fetch(`${endpoint}/_ministack/iot/ca.pem`).catch(() => null)
  const isMinistack = ministack?.ok === true
  // An emulator’s certificate is for its own names, by an authority of its own.
  const trust = isMinistack ? { ca: await ministack.text(), checkServerIdentity: () => undefined } : { rejectUnauthorized: false } // prettier-ignore
  const options: IClientOptions = {
    clientId,
    cert: certificatePem,
    key: privateKeyPem,
    reconnectPeriod: 0,
    connectTimeout: 10_000,
    ...trust,
  }
  return connectAsync(isMinistack ? 'mqtts://127.0.0.1:8883' : given, options)
}
