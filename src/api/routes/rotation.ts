import * as z from 'zod'
import type { DeviceDesk } from '../../ports/device-desk.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { certifiable } from './credentials.ts'
import { epochMs, thingParams } from '../schemas.ts'

const csr = z
  .string()
  .min(1)
  .max(16_384)
  .meta({ description: 'PKCS #10 in PEM; only its key is taken over.' })
const caPem = z.string().meta({ description: 'Every authority that the device is to trust from now on.' })
const signed = z
  .object({ fingerprint: z.string(), certificatePem: z.string(), caPem })
  .meta({ id: 'SignedCredential' })
const rotated = z
  .object({
    fingerprint: z.string(),
    certificatePem: z.string(),
    caPem,
    privateKeyPem: z
      .string()
      .nullable()
      .meta({ description: 'Given this once; null for a signing request.' }),
    retires: z.array(z.object({ fingerprint: z.string(), at: epochMs })),
  })
  .meta({ id: 'Rotation' })

export const rotation = (ports: ApiPorts, { credentials: desk }: Pick<DeviceDesk, 'credentials'>) => {
  /** Keys and requests are the caller's: what is wrong with them is said, not logged as a failure. */
  async function acceptable<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      const message = (error as Error).message
      if (!/signing request|^key /.test(message)) throw error
      throw new ApiProblem('bad_signing_request', message)
    }
  }
  return [
    endpoint(
      {
        id: 'signCredential',
        method: 'post',
        path: '/v1/devices/{thing}/credentials/sign',
        tag: 'devices',
        summary: 'Sign the key of a device that keeps it to itself',
        role: 'admin',
        params: thingParams,
        body: z.strictObject({ csr }),
        answers: [{ status: 201, description: 'The certificate', schema: signed }],
        problems: ['no_such_device', 'not_allowed_now', 'bad_signing_request'],
      },
      async ({ params: { thing }, body, principal }) => {
        await certifiable(principal, ports, thing)
        const made = await acceptable(desk.sign(thing, body.csr))
        ports.audit.record({ at: ports.clock.now(), actor: principal.name, action: 'credential.sign', subject: thing, detail: made.fingerprint }) // prettier-ignore
        return made
      },
    ),
    endpoint(
      {
        id: 'rotateCredential',
        method: 'post',
        path: '/v1/devices/{thing}/credentials/rotate',
        tag: 'devices',
        summary: 'A new certificate; those before it are revoked after the overlap',
        description:
          'The device must have changed over by then: its connections with an old certificate are cut.',
        role: 'admin',
        params: thingParams,
        body: z.strictObject({
          csr: csr.optional(),
          overlapS: z
            .int()
            .min(0)
            .max(90 * 86_400)
            .default(7 * 86_400),
        }),
        answers: [
          { status: 201, description: 'The new certificate, and when the old ones end', schema: rotated },
        ],
        problems: ['no_such_device', 'not_allowed_now', 'bad_signing_request'],
      },
      async ({ params: { thing }, body: { csr, overlapS }, principal }) => {
        await certifiable(principal, ports, thing)
        const made = await acceptable(
          desk.rotate(thing, { overlapMs: overlapS * 1000, ...(csr !== undefined && { csrPem: csr }) }),
        )
        ports.audit.record({ at: ports.clock.now(), actor: principal.name, action: 'credential.rotate', subject: thing, detail: made.fingerprint }) // prettier-ignore
        return made
      },
    ),
  ]
}
