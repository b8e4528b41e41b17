import * as z from 'zod'
import { epochMs, thingName } from './schemas.ts'

const fingerprint = z.string().meta({ description: 'SHA-256 of the certificate, lower-case hex.' })
export const credentialSchema = z
  .object({
    fingerprint,
    thing: thingName,
    serial: z.string(),
    status: z.enum(['active', 'revoked']),
    notBefore: epochMs,
    notAfter: epochMs,
  })
  .meta({ id: 'Credential' })
const endpointShape = {
  endpoint: z.string().meta({ description: 'Where to connect: mqtts://host:port.' }),
  caPem: z.string().meta({ description: 'The authority of the server’s certificate.' }),
}
export const deviceEndpointSchema = z.object(endpointShape).meta({ id: 'DeviceEndpoint' })
export const issuedCredentialSchema = z
  .object({
    fingerprint,
    certificatePem: z.string(),
    privateKeyPem: z.string().meta({ description: 'Given this once and kept nowhere.' }),
    ...endpointShape,
  })
  .meta({ id: 'IssuedCredential' })
