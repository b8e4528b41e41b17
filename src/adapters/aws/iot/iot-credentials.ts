import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  DescribeEndpointCommand,
  DetachPolicyCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
  type CertificateDescription,
  type IoTClient,
} from '@aws-sdk/client-iot'
import type {
  DeviceCredential,
  DeviceCredentials,
  DeviceEndpoint,
} from '../../../ports/device-credentials.ts'
import { keyAndRequest } from './csr.ts'
import type { IotData } from './iot-data.ts'
import { cutConnection } from './iot-things.ts'

export type Iot = Pick<IoTClient, 'send'>

export interface IotCredentialsOptions {
  iot: Iot
  data: IotData
  /** The policy that every device's certificate gets. */
  policy: string
  endpoint: DeviceEndpoint
}

/** Where this account's devices connect. Every IoT endpoint's certificate leads to Amazon's first root. */
export async function iotEndpoint(iot: Iot): Promise<DeviceEndpoint> {
  const { endpointAddress } = await iot.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }))
  const caPem = rootCertificates.find((pem) =>
    new X509Certificate(pem).subject.includes('CN=Amazon Root CA 1'),
  )
  if (endpointAddress === undefined || caPem === undefined)
    throw new Error('this account has no IoT endpoint')
  return { endpoint: `mqtts://${endpointAddress}:8883`, caPem: `${caPem}\n` }
}

export interface IotCredentials extends DeviceCredentials {
  /** Signs the key of a device that keeps it to itself. Throws with a sentence if the request is not acceptable. */
  sign(thing: string, csrPem: string): Promise<{ fingerprint: string; certificatePem: string; caPem: string }>
}

/** Certificates that things of IoT Core have. */
export function iotCertificates({ iot, data }: { iot: Iot; data: IotData }): Pick<DeviceCredentials, 'list' | 'revoke'> {
  async function* principalsOf(thing: string): AsyncGenerator<string> {
    let token: string | undefined
    do {
      const page = await iot.send(
        new ListThingPrincipalsCommand({
          thingName: thing,
          ...(token !== undefined && { nextToken: token }),
        }),
      )
      yield* page.principals ?? []
      token = page.nextToken
    } while (token !== undefined)
  }

  async function certificatesOf(thing: string): Promise<CertificateDescription[]> {
    const found: CertificateDescription[] = []
    try {
      for await (const principal of principalsOf(thing)) {
        const id = /:cert\/([0-9a-f]{64})$/.exec(principal)?.[1]
        if (id === undefined) continue
        const { certificateDescription } = await iot.send(
          new DescribeCertificateCommand({ certificateId: id }),
        )
        if (certificateDescription) found.push(certificateDescription)
      }
    } catch (error) {
      // A thing that is no more took its certificates along.
      if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error
    }
    return found
  }

  return {
    list: async (thing) =>
      (await certificatesOf(thing))
        .map((certificate) => credentialOf(thing, certificate))
        .sort((a, b) => b.notBefore - a.notBefore),
    revoke: async (thing, fingerprint) => {
      const found = (await certificatesOf(thing)).find((c) => c.certificateId === fingerprint)
      if (!found) return null
      await iot.send(new UpdateCertificateCommand({ certificateId: fingerprint, newStatus: 'REVOKED' }))
      await cutConnection(data, thing)
      return { ...credentialOf(thing, found), status: 'revoked' }
    },
  }
} // prettier-ignore

/** Certificates of IoT Core. The key is made here, given to the caller once and kept nowhere. */
export function iotCredentials({ iot, data, policy, endpoint }: IotCredentialsOptions): IotCredentials {
  async function certificateFor(csrPem: string) {
    try {
      return await iot.send(
        new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: true }),
      )
    } catch (error) {
      if (error instanceof Error && error.name === 'InvalidRequestException')
        throw new Error('the certificate signing request is not acceptable: RSA of 2048 bits or more, or P-256 or P-384, in PEM') // prettier-ignore
      throw error
    }
  }

  async function sign(thing: string, csrPem: string) {
    const { certificateArn, certificateId, certificatePem } = await certificateFor(csrPem)
    if (certificateArn === undefined || certificateId === undefined || certificatePem === undefined)
      throw new Error(`IoT Core made no certificate for ${thing}`)
    try {
      await iot.send(new AttachPolicyCommand({ policyName: policy, target: certificateArn }))
      // Exclusive: lifecycle events then name the thing, and policies may use its variables.
      await iot.send(
        new AttachThingPrincipalCommand({
          thingName: thing,
          principal: certificateArn,
          thingPrincipalType: 'EXCLUSIVE_THING',
        }),
      )
    } catch (error) {
      await discard(certificateId, certificateArn)
      throw error
    }
    return { fingerprint: certificateId, certificatePem, caPem: endpoint.caPem }
  }

  /** A certificate that is nobody's, or nobody's yet. What of it cannot be undone says less than why it is undone. */
  async function discard(certificateId: string, target: string): Promise<void> {
    const steps = [
      async () => iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' })),
      async () => iot.send(new DetachPolicyCommand({ policyName: policy, target })),
      async () => iot.send(new DeleteCertificateCommand({ certificateId })),
    ]
    for (const step of steps) await step().catch(() => undefined)
  }

  return {
    endpoint: () => endpoint,
    issue: async (thing) => {
      const { privateKeyPem, csrPem } = keyAndRequest(thing)
      return { ...endpoint, ...(await sign(thing, csrPem)), privateKeyPem }
    },
    sign,
    ...iotCertificates({ iot, data }),
  }
}

/** AWS: a certificate's id is the SHA-256 of it. Its dates are its own word, where it is given. */
function credentialOf(thing: string, certificate: CertificateDescription): DeviceCredential {
  const { certificateId = '', certificatePem, status, validity } = certificate
  const own = certificatePem === undefined ? null : new X509Certificate(certificatePem)
  return {
    fingerprint: certificateId,
    thing,
    serial: own?.serialNumber.toLowerCase() ?? '',
    status: status === 'ACTIVE' ? 'active' : 'revoked',
    notBefore: (own?.validFromDate ?? validity?.notBefore)?.getTime() ?? 0,
    notAfter: (own?.validToDate ?? validity?.notAfter)?.getTime() ?? 0,
  }
}
