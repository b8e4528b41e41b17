import { strict as assert } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MqttClient } from 'mqtt'

export interface ProvisionByClaimParts {
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
  connect(
    clientId: string,
    certificate: { certificatePem: string; privateKeyPem: string },
  ): Promise<MqttClient>
}

interface Answer {
  topic: string
  body: {
    certificateOwnershipToken?: string
    certificatePem?: string
    privateKey?: string
    thingName?: string
  }
}

const PATIENCE_MS = 20_000
const template = {
  type: 'press',
  body: {
    Parameters: { Serial: { Type: 'String' } },
    DeviceConfiguration: { greeting: { 'Fn::Join': [' ', ['hello', { Ref: 'Serial' }]] } },
    Resources: {
      thing: {
        Type: 'AWS::IoT::Thing',
        Properties: {
          ThingName: { 'Fn::Join': ['-', ['press', { Ref: 'Serial' }]] },
          ThingTypeName: 'plant',
        },
      },
      certificate: {
        Type: 'AWS::IoT::Certificate',
        Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
      },
    },
  },
}

/** A batch’s template, allow-list and claim are made by the API; then devices come with the claim’s certificate. */
export async function provisionByClaim({ api, connect }: ProvisionByClaimParts): Promise<void> {
  await api('PUT', '/v1/provisioning/templates/batch-1', template)
  // Once more, as a person who corrects it: another version of the same template.
  await api('PUT', '/v1/provisioning/templates/batch-1', template)
  await api('POST', '/v1/provisioning/templates/batch-1/allowed', { things: ['press-31', 'press-33'] })
  const made = await api<{ claim: { fingerprint: string }; certificatePem: string; privateKeyPem: string }>('POST', '/v1/provisioning/claims', { name: 'line-4', template: 'batch-1' }) // prettier-ignore
  const claim = await connect('line-4-a', made)
  const ask = asking(claim)

  const come = async (serial: string) => {
    const signed = await ask('$aws/certificates/create/json', {})
    assert(signed.topic.endsWith('/accepted'), JSON.stringify(signed))
    const parameters = { Serial: serial }
    const { certificateOwnershipToken, certificatePem = '', privateKey: privateKeyPem = '' } = signed.body
    const answer = await ask('$aws/provisioning-templates/batch-1/provision/json', { certificateOwnershipToken, parameters }) // prettier-ignore
    return { ...answer, certificatePem, privateKeyPem }
  }
  const admitted = await come('31')
  assert(admitted.topic.endsWith('/accepted'), JSON.stringify(admitted.body))
  assert.equal(admitted.body.thingName, 'press-31')
  const stranger = await come('32')
  assert(stranger.topic.endsWith('/rejected'), JSON.stringify(stranger.body))
  const again = await come('31')
  assert(again.topic.endsWith('/rejected'), 'a device that is in service was taken over')

  const device = await api<{ type: string; status: string }>('GET', '/v1/devices/press-31')
  assert.deepEqual([device.type, device.status], ['press', 'active'])
  await (await connect('press-31', admitted)).endAsync()
  await api('DELETE', `/v1/provisioning/claims/${made.claim.fingerprint}`)
  const { items } = await api<{ items: { action: string; actor: string; subject: string }[] }>('GET', '/v1/audit?limit=50') // prettier-ignore
  const noted = items.filter(({ actor }) => actor === 'line-4').map(({ action, subject }) => `${action} ${subject}`) // prettier-ignore
  assert.deepEqual(noted.sort(), ['provision.refuse press-31', 'provision.refuse press-32', 'provision.register press-31']) // prettier-ignore
  await claim.endAsync({ force: true } as never)
}

/** Asks on one of the reserved topics and waits for its answer. */
function asking(client: MqttClient) {
  const answers: Answer[] = []
  client.on('message', (topic, payload) => {
    answers.push({ topic, body: JSON.parse(payload.toString()) as Answer['body'] })
  })
  return async (topic: string, body: object): Promise<Answer> => {
    await client.subscribeAsync([`${topic}/accepted`, `${topic}/rejected`], { qos: 1 })
    answers.length = 0
    await client.publishAsync(topic, JSON.stringify(body), { qos: 1 })
    for (let waited = 0; waited < PATIENCE_MS; waited += 100) {
      const found = answers.find((answer) => answer.topic.startsWith(`${topic}/`))
      if (found) return found
      await sleep(100)
    }
    throw new Error(`no answer on ${topic} within ${PATIENCE_MS} ms`)
  }
}
