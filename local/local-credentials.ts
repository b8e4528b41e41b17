import type { Broker } from '../src/adapters/local/broker/broker.ts'
import type { DeviceCredentials } from '../src/ports/device-credentials.ts'
import type { LocalDevices } from './local-devices.ts'

/** Credentials as the API offers them: issuing names the endpoint, revoking cuts what is connected. */
export function localCredentials(parts: {
  devices: Pick<LocalDevices, 'issue' | 'credentialsOf' | 'revoke'>
  broker: Pick<Broker, 'reloadCrl'>
  caPem(): string
  endpoint: string
}): DeviceCredentials {
  const { devices, broker, caPem, endpoint } = parts
  return {
    endpoint: () => ({ endpoint, caPem: caPem() }),
    issue: async (thing) => ({ ...(await devices.issue(thing)), caPem: caPem(), endpoint }),
    list: async (thing) => devices.credentialsOf(thing).sort((a, b) => b.notBefore - a.notBefore),
    revoke: async (thing, fingerprint) => {
      if (!devices.credentialsOf(thing).some((known) => known.fingerprint === fingerprint)) return null
      const revoked = await devices.revoke(fingerprint)
      broker.reloadCrl()
      return revoked
    },
  }
}
