// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-argument, typescript/no-unsafe-return, typescript/no-explicit-any */
import { iotidentity, mqtt as crt } from 'aws-iot-device-sdk-v2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateKeys, privateKeyPem, signRequest } from '../../src/adapters/local/ca/x509.ts'
import { startDeviceBox, until, type Credential, type DeviceBox } from './device-box.ts'

/** The template of lib/constructs/device-identity.ts, with a serial number besides. */
const template = {
  Parameters: {
    Thing: { Type: 'String' },
    Trade: { Type: 'String', Default: 'plant' },
    Serial: { Type: 'String', Default: 'none' },
    'AWS::IoT::Certificate::Id': { Type: 'String' },
  },
  Resources: {
    thing: {
      Type: 'AWS::IoT::Thing',
      Properties: {
        ThingName: { 'Fn::Join': ['', ['line-', { Ref: 'Thing' }]] },
        ThingTypeName: { Ref: 'Trade' },
        AttributePayload: { serial: { Ref: 'Serial' } },
      },
      OverrideSettings: { ThingTypeName: 'FAIL', AttributePayload: 'MERGE' },
    },
    certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
    },
  },
  DeviceConfiguration: { site: 'north' },
}

let box: DeviceBox
let claim: Credential
beforeAll(async () => {
  box = await startDeviceBox()
  await box.desk.provisioning.putTemplate({ name: 'factory', body: template, type: 'motor', allowListed: false, enabled: true }) // prettier-ignore
  claim = (await box.desk.provisioning.createClaim('batch-1', 'factory'))!
})
afterAll(() => box.close())

/** One question of the AWS SDK's identity client, answered or refused. */
function ask<T>(
  accepted: (done: (error?: Error, answer?: T) => void) => Promise<unknown>,
  rejected: (done: (error?: Error, answer?: iotidentity.model.ErrorResponse) => void) => Promise<unknown>,
  publish: () => Promise<unknown>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const refused = (answer: iotidentity.model.ErrorResponse | undefined): void =>
      reject(new Error(`${answer?.statusCode} ${answer?.errorCode}`))
    Promise.all([
      accepted((error, answer) => (error ? reject(error) : resolve(answer!))),
      rejected((error, answer) => (error ? reject(error) : refused(answer))),
    ])
      .then(publish)
      .catch(reject)
  })
}

const QOS = crt.QoS.AtLeastOnce
const identityOf = (connection: crt.MqttClientConnection) => {
  const client = new iotidentity.IotIdentityClient(connection)
  return {
    create: () =>
      ask<iotidentity.model.CreateKeysAndCertificateResponse>(
        (done) => client.subscribeToCreateKeysAndCertificateAccepted({}, QOS, done),
        (done) => client.subscribeToCreateKeysAndCertificateRejected({}, QOS, done),
        () => client.publishCreateKeysAndCertificate({}, QOS),
      ),
    createFromCsr: (certificateSigningRequest: string) =>
      ask<iotidentity.model.CreateCertificateFromCsrResponse>(
        (done) => client.subscribeToCreateCertificateFromCsrAccepted({}, QOS, done),
        (done) => client.subscribeToCreateCertificateFromCsrRejected({}, QOS, done),
        () => client.publishCreateCertificateFromCsr({ certificateSigningRequest }, QOS),
      ),
    register: (
      certificateOwnershipToken: string,
      parameters: Record<string, string>,
      templateName = 'factory',
    ) =>
      ask<iotidentity.model.RegisterThingResponse>(
        (done) => client.subscribeToRegisterThingAccepted({ templateName }, QOS, done),
        (done) => client.subscribeToRegisterThingRejected({ templateName }, QOS, done),
        () => client.publishRegisterThing({ templateName, certificateOwnershipToken, parameters }, QOS),
      ),
  }
}

async function asClaim<T>(
  clientId: string,
  work: (identity: ReturnType<typeof identityOf>) => Promise<T>,
): Promise<T> {
  const connection = box.sdk(clientId, claim)
  await connection.connect()
  try {
    return await work(identityOf(connection))
  } finally {
    await connection.disconnect()
  }
}

const provision = (clientId: string, thing: string): Promise<Credential & { certificateId: string }> =>
  asClaim(clientId, async (identity) => {
    const made = await identity.create()
    await identity.register(made.certificateOwnershipToken!, { Thing: thing })
    return {
      certificatePem: made.certificatePem!,
      privateKeyPem: made.privateKey!,
      certificateId: made.certificateId!,
    }
  })

describe('provisioning by claim with aws-iot-device-sdk-v2', () => {
  it('gives keys, registers by the template, and lets the device in under its new name', async () => {
    const made = await asClaim('installer-1', async (identity) => {
      const created = await identity.create()
      const registered = await identity.register(created.certificateOwnershipToken!, {
        Thing: 'm1',
        Serial: 'SN-7',
      })
      expect(registered).toMatchObject({ thingName: 'line-m1', deviceConfiguration: { site: 'north' } })
      return { certificatePem: created.certificatePem!, privateKeyPem: created.privateKey! }
    })
    expect(await box.devices.get('line-m1')).toMatchObject({ type: 'motor', attributes: { serial: 'SN-7' } })
    const device = box.sdk('line-m1', made)
    await device.connect()
    await device.publish(
      'dt/plant/line-m1/telemetry',
      JSON.stringify({ at: Date.now(), measures: { temperature: 20 } }),
      QOS,
    )
    await device.disconnect()
    await until(
      async () => ((await box.api('GET', '/v1/devices/line-m1/latest')).body.values ?? []).length === 1,
    )
    const audit = (await box.api('GET', '/v1/audit?subject=line-m1')).body.items as {
      action: string
      actor: string
    }[]
    expect(audit.map(({ action, actor }) => `${actor} ${action}`)).toContain('batch-1 provision.register')
  })

  it('signs a request, so that the key never leaves the device', async () => {
    const keys = await generateKeys()
    const csr = await signRequest(keys, 'whatever')
    const certificatePem = await asClaim('installer-2', async (identity) => {
      const made = await identity.createFromCsr(csr)
      await identity.register(made.certificateOwnershipToken!, { Thing: 'm2' })
      return made.certificatePem!
    })
    const device = box.sdk('line-m2', { certificatePem, privateKeyPem: await privateKeyPem(keys) })
    await device.connect()
    await device.disconnect()
  })

  it('takes a token once, from the claim that got it, for its own template', async () => {
    const other = (await box.desk.provisioning.createClaim('batch-2', 'factory'))!
    await asClaim('installer-3', async (identity) => {
      const { certificateOwnershipToken: token } = await identity.create()
      await identity.register(token!, { Thing: 'm3' })
      await expect(identity.register(token!, { Thing: 'm4' })).rejects.toThrow(
        '403 InvalidCertificateOwnershipToken',
      )
      const second = await identity.create()
      const foreign = box.sdk('installer-4', other)
      await foreign.connect()
      await expect(
        identityOf(foreign).register(second.certificateOwnershipToken!, { Thing: 'm5' }),
      ).rejects.toThrow('403')
      await foreign.disconnect()
    })
    expect(await box.devices.get('line-m4')).toBeNull()
  })

  it('refuses a retired name, and the name of a device that is in service', async () => {
    await provision('installer-5', 'm6')
    await asClaim('installer-6', async (identity) => {
      const again = await identity.create()
      await expect(identity.register(again.certificateOwnershipToken!, { Thing: 'm6' })).rejects.toThrow(
        '401 AccessDenied',
      )
    })
    const device = (await box.devices.get('line-m6'))!
    await box.devices.put({ ...device, status: 'retired' }, 'test')
    await asClaim('installer-7', async (identity) => {
      const again = await identity.create()
      await expect(identity.register(again.certificateOwnershipToken!, { Thing: 'm6' })).rejects.toThrow(
        '401 AccessDenied',
      )
    })
  })

  it('asks the allow-list where the template says so', async () => {
    const { provisioning } = box.desk
    await provisioning.putTemplate({
      name: 'listed',
      body: template,
      type: 'motor',
      allowListed: true,
      enabled: true,
    })
    await provisioning.allow('listed', ['line-expected'])
    const listed = (await provisioning.createClaim('batch-3', 'listed'))!
    const connection = box.sdk('installer-8', listed)
    await connection.connect()
    const identity = identityOf(connection)
    const stranger = await identity.create()
    await expect(identity.register(stranger.certificateOwnershipToken!, { Thing: 'stranger' }, 'listed')).rejects.toThrow('401') // prettier-ignore
    const expected = await identity.create()
    await identity.register(expected.certificateOwnershipToken!, { Thing: 'expected' }, 'listed')
    await connection.disconnect()
    expect(await box.devices.get('line-stranger')).toBeNull()
  })

  it('lets a claim do nothing else, push out no device, and nothing at all once revoked', async () => {
    const device = await provision('installer-9', 'm9')
    const live = box.sdk('line-m9', device)
    await live.connect()
    const intruder = box.sdk('line-m9', claim)
    await expect(intruder.connect()).rejects.toThrow()
    const nosy = box.sdk('installer-10', claim)
    await nosy.connect()
    const listened = await nosy.subscribe('$aws/things/line-m9/shadow/#', QOS)
    expect(listened.error_code ?? listened.qos).not.toBe(1)
    await nosy.disconnect()
    await live.publish(
      'dt/plant/line-m9/telemetry',
      JSON.stringify({ at: Date.now(), measures: { temperature: 20 } }),
      QOS,
    )
    await live.disconnect()
    const spare = (await box.desk.provisioning.createClaim('batch-9', 'factory'))!
    await box.desk.provisioning.revokeClaim(spare.claim.fingerprint)
    await expect(box.sdk('installer-11', spare).connect()).rejects.toThrow()
  })
})
