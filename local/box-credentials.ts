import type { Audit } from '../src/ports/audit.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { CredentialDesk } from '../src/ports/device-desk.ts'
import type { RetirementStore } from '../src/ports/device-desk-store.ts'
import type { LocalDevices } from './local-devices.ts'

export interface BoxCredentials extends CredentialDesk {
  /** Revokes what has been overlapped for long enough. */
  sweep(): Promise<void>
  /** Revokes every certificate of a device that has left. */
  revokeAll(thing: string): Promise<void>
}

export interface BoxCredentialParts {
  devices: Pick<LocalDevices, 'issue' | 'sign' | 'credentialsOf' | 'revoke' | 'byFingerprint'>
  store: RetirementStore
  clock: Clock
  audit: Pick<Audit, 'record'>
  caPem(): string
  cut(): void
}

/** Signing requests, and rotation with an overlap: the old certificates end by themselves, even over a restart. */
export function createBoxCredentials({
  devices,
  store,
  clock,
  audit,
  caPem,
  cut,
}: BoxCredentialParts): BoxCredentials {
  const active = (thing: string) => devices.credentialsOf(thing).filter((c) => c.status === 'active')

  async function revoke(fingerprints: readonly string[], why: string): Promise<void> {
    for (const fingerprint of fingerprints) {
      const revoked = await devices.revoke(fingerprint)
      await store.settled(fingerprint)
      if (revoked)
        audit.record({ at: clock.now(), actor: 'telltale', action: 'credential.revoke', subject: revoked.thing, detail: `${fingerprint} ${why}` }) // prettier-ignore
    }
    if (fingerprints.length > 0) cut()
  }

  async function retirements(thing: string) {
    const own = new Set(active(thing).map((c) => c.fingerprint))
    return (await store.planned()).filter(({ fingerprint }) => own.has(fingerprint))
  }

  return {
    sign: async (thing, csrPem) => ({ ...(await devices.sign(thing, csrPem)), caPem: caPem() }),
    rotate: async (thing, { csrPem, overlapMs }) => {
      const old = active(thing)
      const issued =
        csrPem === undefined
          ? await devices.issue(thing)
          : { ...(await devices.sign(thing, csrPem)), privateKeyPem: null }
      const at = clock.now() + overlapMs
      const planned = new Set((await store.planned()).map(({ fingerprint }) => fingerprint))
      // One that is being retired already keeps its date.
      for (const { fingerprint } of old)
        if (!planned.has(fingerprint) || overlapMs === 0) await store.retireAt(fingerprint, at)
      if (overlapMs === 0)
        await revoke(
          old.map((c) => c.fingerprint),
          'after rotation',
        )
      return { ...issued, caPem: caPem(), retires: await retirements(thing) }
    },
    retirements,
    sweep: async () => revoke(await store.due(clock.now()), 'after rotation'),
    revokeAll: async (thing) =>
      revoke(
        active(thing).map((c) => c.fingerprint),
        'with its device',
      ),
  }
}
