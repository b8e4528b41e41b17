import { randomBytes } from 'node:crypto'
import { templateFault } from '../src/core/device/provisioning-template.ts'
import { claimPolicy } from '../src/core/device/claim-policy.ts'
import type { Authority } from '../src/adapters/local/ca/authority.ts'
import type { Identity } from '../src/adapters/local/broker/session.ts'
import type { PolicyDocument } from '../src/adapters/local/broker/policy.ts'
import { createProvisioningDesk, type ProvisioningDesk } from '../src/pipeline/devices/provisioning-desk.ts'
import type { Audit } from '../src/ports/audit.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { Provisioning } from '../src/ports/device-desk.ts'
import type { ProvisioningStore } from '../src/ports/device-desk-store.ts'
import type { LocalDevices } from './local-devices.ts'

export interface BoxProvisioning {
  api: Provisioning
  desk: ProvisioningDesk
  /** Who a claim certificate is: no device, and allowed nothing but to become one. */
  identify(fingerprint: string): Identity | null
}

export interface BoxProvisioningParts {
  store: ProvisioningStore
  devices: LocalDevices
  authority: Authority
  clock: Clock
  audit: Pick<Audit, 'record'>
  isConnected(clientId: string): boolean
  /** Takes the revocation list into use and cuts whom it names. */
  cut(): void
}

/** Claim certificates and what they may become, on the box's own authority. */
export async function openBoxProvisioning(parts: BoxProvisioningParts): Promise<BoxProvisioning> {
  const { store, devices, authority, clock, audit, isConnected, cut } = parts
  const claims = new Map((await store.claims()).map((claim) => [claim.fingerprint, claim]))
  const policies = new Map<string, PolicyDocument>()
  const policyFor = (template: string): PolicyDocument => {
    const policy = policies.get(template) ?? claimPolicy(template)
    policies.set(template, policy)
    return policy
  }
  const active = (fingerprint: string) => {
    const claim = claims.get(fingerprint)
    return claim?.status === 'active' ? claim : null
  }
  const template = async (name: string) =>
    (await store.templates()).find((known) => known.name === name) ?? null
  /** AWS IoT signs before it knows the name, too; the registry binds the fingerprint to the thing. */
  const provisional = (): string => `provisioned-${randomBytes(8).toString('hex')}`

  const desk = createProvisioningDesk({
    clock,
    audit,
    claimOf: active,
    template,
    isAllowed: store.isAllowed,
    createKeys: () => authority.issueDevice(provisional()),
    signCsr: (csr) => authority.signCsr(csr, provisional()),
    device: devices.current,
    hasCredential: (thing) =>
      devices.credentialsOf(thing).some((c) => c.status === 'active' && c.notAfter > clock.now()),
    adopt: async (device, certificate, by) => {
      await devices.put(device, by)
      await devices.adopt(device.thing, certificate)
    },
    randomToken: () => randomBytes(48).toString('base64url'),
  })

  return {
    desk,
    identify: (fingerprint) => {
      const claim = active(fingerprint)
      if (!claim) return null
      return {
        thing: `claim:${claim.name}`,
        trade: 'plant',
        status: 'active',
        policy: policyFor(claim.template),
        // Many devices share a claim certificate, each under a client id of its own; none may push out a device.
        admits: (clientId) => !isConnected(clientId),
      }
    },
    api: {
      templates: store.templates,
      putTemplate: async (template) => {
        const fault = templateFault(template.body)
        if (fault === null) await store.putTemplate(template)
        return fault
      },
      claims: async () => [...claims.values()],
      createClaim: async (name, templateName) => {
        if (!(await template(templateName))) return null
        const issued = await authority.issueDevice(`claim:${name}`)
        const { fingerprint, serial, notAfter, certificatePem, privateKeyPem } = issued
        const claim = {
          fingerprint,
          name,
          template: templateName,
          serial,
          status: 'active',
          notAfter,
        } as const
        await store.putClaim(claim)
        claims.set(fingerprint, claim)
        return { claim, certificatePem, privateKeyPem }
      },
      revokeClaim: async (fingerprint) => {
        const claim = claims.get(fingerprint)
        if (!claim) return null
        const revoked = { ...claim, status: 'revoked' } as const
        claims.set(fingerprint, revoked)
        await store.putClaim(revoked)
        await authority.revoke(claim)
        cut()
        return revoked
      },
      allow: store.allow,
      allowed: store.allowed,
      disallow: store.disallow,
    },
  }
}
