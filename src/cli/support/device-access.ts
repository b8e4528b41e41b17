import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DeviceCredential } from '../../ports/device-credentials.ts'
import { CliFailure } from '../exit-codes.ts'
import { inPath, type ApiClient } from './api-client.ts'
import { issueIdentity, readIdentity, writeIdentity } from './certificates.ts'
import { connectDevice, type DeviceConnection } from './device-connection.ts'

export interface DeviceAccess {
  connection: DeviceConnection
  /** Says goodbye, and revokes a certificate that was issued for this run only. */
  close(): Promise<void>
}

/**
 * Connects as a registered device. Its certificate is kept in the box's data directory for the next time; where there
 * is none on this machine, one is issued for this run and revoked after it.
 */
export async function accessDevice(api: ApiClient, thing: string, dataDir: string): Promise<DeviceAccess> {
  const keep = existsSync(dataDir)
  const dir = resolve(dataDir, 'devices')
  const path = `/v1/devices/${inPath(thing)}/credentials`
  const kept = keep ? readIdentity(dir, thing) : null
  if (kept) {
    const fingerprint = new X509Certificate(kept.certificate).fingerprint256.replaceAll(':', '').toLowerCase()
    const { items } = await api.get<{ items: DeviceCredential[] }>(path)
    const known = items.find((credential) => credential.fingerprint === fingerprint)
    if (known?.status === 'revoked')
      throw new CliFailure('denied', `the certificate of ${thing} in ${dir} was revoked; delete ${thing}.cert.pem there to have a new one issued`) // prettier-ignore
    if (known) {
      const { endpoint } = await api.get<{ endpoint: string }>('/v1/connection')
      const connection = await connectDevice(endpoint, kept)
      return { connection, close: () => connection.end() }
    }
  }
  const issued = await issueIdentity(api, thing)
  if (keep) writeIdentity(dir, issued.identity)
  const connection = await connectDevice(issued.endpoint, issued.identity)
  return {
    connection,
    close: async () => {
      await connection.end()
      if (!keep) await api.send('DELETE', `${path}/${issued.fingerprint}`)
    },
  }
}
