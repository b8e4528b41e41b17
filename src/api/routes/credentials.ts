import * as z from 'zod'
import type { DeviceCredentials } from '../../ports/device-credentials.ts'
import { visibleDevice } from '../auth.ts'
import { credentialSchema, deviceEndpointSchema, issuedCredentialSchema } from '../credential-schemas.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { thingName, thingParams } from '../schemas.ts'

const params = z.strictObject({
  thing: thingName,
  fingerprint: z
    .string()
    .regex(/^[\da-f]{64}$/, { error: 'must be a SHA-256 in lower-case hex' })
    .meta({ description: 'SHA-256 of the certificate, lower-case hex.' }),
})

/** A device that may get certificates: its key went to the scrapyard with a retired one. */
export async function certifiable(principal: Principal, ports: ApiPorts, thing: string): Promise<void> {
  const { status } = await visibleDevice(principal, ports, thing)
  if (status === 'retired')
    throw new ApiProblem('not_allowed_now', `${thing} is retired; make it active first`)
}

export const credentials = (ports: ApiPorts, desk: DeviceCredentials) => [
  endpoint(
    {
      id: 'getDeviceEndpoint',
      method: 'get',
      path: '/v1/connection',
      tag: 'devices',
      summary: 'Where devices connect, and the authority that they are to trust there',
      role: 'viewer',
      answers: [{ status: 200, description: 'The endpoint', schema: deviceEndpointSchema }],
    },
    () => desk.endpoint(),
  ),
  endpoint(
    {
      id: 'listCredentials',
      method: 'get',
      path: '/v1/devices/{thing}/credentials',
      tag: 'devices',
      summary: 'Certificates of one device, newest first',
      role: 'operator',
      params: thingParams,
      answers: [
        { status: 200, description: 'All of them', schema: z.object({ items: z.array(credentialSchema) }) },
      ],
      problems: ['no_such_device'],
    },
    async ({ params: { thing }, principal }) => {
      await visibleDevice(principal, ports, thing)
      return { items: await desk.list(thing) }
    },
  ),
  endpoint(
    {
      id: 'issueCredential',
      method: 'post',
      path: '/v1/devices/{thing}/credentials',
      tag: 'devices',
      summary: 'A new certificate with its private key, given this once',
      description:
        'Certificates that the device already has stay valid; revoke them when it has changed over.',
      role: 'admin',
      params: thingParams,
      body: z.strictObject({}),
      answers: [{ status: 201, description: 'The credential', schema: issuedCredentialSchema }],
      problems: ['no_such_device', 'not_allowed_now'],
    },
    async ({ params: { thing }, principal }) => {
      await certifiable(principal, ports, thing)
      const issued = await desk.issue(thing)
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'credential.issue',
        subject: thing,
        detail: issued.fingerprint,
      })
      return issued
    },
  ),
  endpoint(
    {
      id: 'revokeCredential',
      method: 'delete',
      path: '/v1/devices/{thing}/credentials/{fingerprint}',
      tag: 'devices',
      summary: 'Revoke a certificate and cut the device’s connections',
      description: 'Revoking twice changes nothing.',
      role: 'admin',
      params,
      answers: [{ status: 200, description: 'The credential as it is now', schema: credentialSchema }],
      problems: ['no_such_device', 'no_such_credential'],
    },
    async ({ params: { thing, fingerprint }, principal }) => {
      await visibleDevice(principal, ports, thing)
      const revoked = await desk.revoke(thing, fingerprint)
      if (!revoked) throw new ApiProblem('no_such_credential', `${thing} has no certificate ${fingerprint}`)
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'credential.revoke',
        subject: thing,
        detail: fingerprint,
      })
      return revoked
    },
  ),
]
