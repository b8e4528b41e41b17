import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IssuedDeviceCredential } from '../../ports/device-credentials.ts'
import { CliFailure } from '../exit-codes.ts'
import { inPath, type ApiClient } from './api-client.ts'

/** What a device connects with, as PEM. */
export interface DeviceIdentity {
  thing: string
  certificate: string
  key: string
  ca: string
}

const files = (dir: string, thing: string) => ({
  certificate: join(dir, `${thing}.cert.pem`),
  key: join(dir, `${thing}.key.pem`),
  ca: join(dir, 'ca.pem'),
})

/** The identity kept in a folder: `<thing>.cert.pem`, `<thing>.key.pem`, `ca.pem`; null if it is not there. */
export function readIdentity(dir: string, thing: string): DeviceIdentity | null {
  const { certificate, key, ca } = files(dir, thing)
  if (![certificate, key, ca].every((file) => existsSync(file))) return null
  return {
    thing,
    certificate: readFileSync(certificate, 'utf8'),
    key: readFileSync(key, 'utf8'),
    ca: readFileSync(ca, 'utf8'),
  }
}

/** Keeps an identity where `readIdentity` finds it, for this user's eyes only. */
export function writeIdentity(dir: string, identity: DeviceIdentity): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const { certificate, key, ca } = files(dir, identity.thing)
  writeFileSync(key, identity.key, { mode: 0o600 })
  writeFileSync(certificate, identity.certificate)
  writeFileSync(ca, identity.ca)
}

export function requireIdentity(dir: string, thing: string): DeviceIdentity {
  const found = readIdentity(dir, thing)
  if (found) return found
  throw new CliFailure(
    'badInput',
    `${dir} has no ${thing}.cert.pem, ${thing}.key.pem and ca.pem; issue them with telltale devices credential issue ${thing} --out ${dir}`,
  )
}

export async function issueIdentity(
  api: ApiClient,
  thing: string,
): Promise<{ identity: DeviceIdentity; endpoint: string; fingerprint: string }> {
  const path = `/v1/devices/${inPath(thing)}/credentials`
  const issued = await api.send<IssuedDeviceCredential>('POST', path, {})
  const { certificatePem, privateKeyPem, caPem, endpoint, fingerprint } = issued
  return {
    identity: { thing, certificate: certificatePem, key: privateKeyPem, ca: caPem },
    endpoint,
    fingerprint,
  }
}
