import { admitClaimed } from '../../core/device/admission.ts'
import type { Device } from '../../core/device/profile.ts'
import { isJsonObject, type JsonObject } from '../../core/device/json.ts'
import {
  evaluateTemplate,
  TemplateFault,
  type ProvisionedThing,
} from '../../core/device/provisioning-template.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ProvisioningTemplate } from '../../ports/device-desk-store.ts'

/** A certificate that exists but is nobody's yet. */
export interface PendingCertificate {
  fingerprint: string
  serial: string
  certificatePem: string
  notAfter: EpochMs
}

export interface ProvisioningPorts {
  clock: Clock
  audit: Pick<Audit, 'record'>
  /** The template's name that this claim certificate may use; null if the certificate is no claim. */
  claimOf(fingerprint: string): { name: string; template: string } | null
  template(name: string): Promise<ProvisioningTemplate | null>
  isAllowed(template: string, thing: string): Promise<boolean>
  /** With a key that is handed out once and kept nowhere. */
  createKeys(): Promise<PendingCertificate & { privateKeyPem: string }>
  signCsr(csrPem: string): Promise<PendingCertificate>
  device(thing: string): Device | null
  /** Whether the device holds a certificate that is accepted now. */
  hasCredential(thing: string): boolean
  /** Registers the device and makes the certificate its own. */
  adopt(device: Device, certificate: PendingCertificate, by: string): Promise<void>
  randomToken(): string
}

export interface ProvisioningDesk {
  answer(
    topic:
      { kind: 'certificate'; verb: 'create' | 'create-from-csr' } | { kind: 'provision'; template: string },
    body: JsonObject | null,
    from: { principal: string },
  ): Promise<{ accepted: boolean; answer: JsonObject }>
}

/** AWS IoT: a certificate that nobody registers with within an hour is forgotten. */
const TOKEN_MS = 3_600_000
/** One leaked claim certificate must not fill the memory. */
const PENDING_PER_CLAIM = 20
const CSR_BYTES = 16 * 1024

class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.code = code
  }
}

/** Fleet provisioning by claim as AWS IoT Core does it, with its topics, tokens and error bodies. */
export function createProvisioningDesk(ports: ProvisioningPorts): ProvisioningDesk {
  const { clock, audit } = ports
  /** By ownership token. In memory on purpose: a device whose box restarted begins again. */
  const pending = new Map<string, { certificate: PendingCertificate; claim: string; expiresAt: EpochMs }>()

  const note = (actor: string, action: string, subject: string, detail: string): void =>
    audit.record({ at: clock.now(), actor, action, subject, detail })

  function claimOf(principal: string): { name: string; template: string } {
    const claim = ports.claimOf(principal)
    if (!claim) throw new Refusal(403, 'AccessDenied', 'this certificate is no claim certificate')
    return claim
  }

  function keep(certificate: PendingCertificate, principal: string): string {
    const now = clock.now()
    const own: string[] = []
    for (const [token, waiting] of pending) {
      if (waiting.expiresAt <= now) pending.delete(token)
      else if (waiting.claim === principal) own.push(token)
    }
    if (own.length >= PENDING_PER_CLAIM) pending.delete(own[0]!)
    const token = ports.randomToken()
    pending.set(token, { certificate, claim: principal, expiresAt: now + TOKEN_MS })
    return token
  }

  async function create(body: JsonObject, principal: string, csr: boolean): Promise<JsonObject> {
    const claim = claimOf(principal)
    const made = csr ? await signed(body['certificateSigningRequest']) : await ports.createKeys()
    note(claim.name, 'provision.certificate', claim.template, made.fingerprint)
    return {
      certificateId: made.fingerprint,
      certificatePem: made.certificatePem,
      ...('privateKeyPem' in made && { privateKey: made.privateKeyPem as string }),
      certificateOwnershipToken: keep(
        { fingerprint: made.fingerprint, serial: made.serial, certificatePem: made.certificatePem, notAfter: made.notAfter }, // prettier-ignore
        principal,
      ),
    }
  }

  async function signed(csr: unknown): Promise<PendingCertificate> {
    if (typeof csr !== 'string' || csr.length > CSR_BYTES)
      throw new Refusal(
        400,
        'InvalidCertificateSigningRequest',
        'certificateSigningRequest must be PKCS #10 in PEM',
      )
    try {
      return await ports.signCsr(csr)
    } catch (error) {
      throw new Refusal(400, 'InvalidCertificateSigningRequest', (error as Error).message)
    }
  }

  async function provision(name: string, body: JsonObject, principal: string): Promise<JsonObject> {
    const claim = claimOf(principal)
    const template = claim.template === name ? await ports.template(name) : null
    if (!template?.enabled) throw new Refusal(403, 'AccessDenied', `the claim may not use template ${name}`)
    const { certificate } = redeem(body['certificateOwnershipToken'], principal)
    const wish = wishOf(template, body['parameters'], certificate.fingerprint)
    const device = await admit(wish, template, claim.name)
    await ports.adopt(device, certificate, claim.name)
    note(claim.name, 'provision.register', device.thing, certificate.fingerprint)
    return { deviceConfiguration: wish.deviceConfiguration, thingName: device.thing }
  }

  /** A token serves once, whatever comes of it, and only the claim that it was given to. */
  function redeem(token: unknown, principal: string) {
    const waiting = typeof token === 'string' ? pending.get(token) : undefined
    if (waiting?.claim !== principal || waiting.expiresAt <= clock.now())
      throw new Refusal(
        403,
        'InvalidCertificateOwnershipToken',
        'the token is unknown, used or expired; begin again',
      )
    pending.delete(token as string)
    return waiting
  }

  function wishOf(template: ProvisioningTemplate, given: unknown, certificateId: string): ProvisionedThing {
    const parameters = isJsonObject(given) ? given : {}
    const texts = Object.entries(parameters)
    if (texts.length > 100 || texts.some(([, value]) => typeof value !== 'string'))
      throw new Refusal(400, 'InvalidParameters', 'parameters must map names to texts')
    try {
      return evaluateTemplate(template.body, parameters as Record<string, string>, certificateId)
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error
      throw new Refusal(
        400,
        error.fault === 'template' ? 'InvalidTemplate' : 'InvalidParameters',
        error.message,
      )
    }
  }

  async function admit(
    wish: ProvisionedThing,
    template: ProvisioningTemplate,
    claim: string,
  ): Promise<Device> {
    const { thing } = wish
    const admitted = admitClaimed(wish, {
      allowed: !template.allowListed || (await ports.isAllowed(template.name, thing)),
      device: ports.device(thing),
      hasCredential: ports.hasCredential(thing),
      type: template.type,
    })
    if (typeof admitted !== 'string') return admitted
    note(claim, 'provision.refuse', thing, admitted)
    throw new Refusal(401, 'AccessDenied', 'the registry does not admit this device')
  }

  return {
    answer: async (topic, body, { principal }) => {
      try {
        if (!body) throw new Refusal(400, 'InvalidPayload', 'the payload is no JSON object')
        const answer =
          topic.kind === 'provision'
            ? await provision(topic.template, body, principal)
            : await create(body, principal, topic.verb === 'create-from-csr')
        return { accepted: true, answer }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const { status, code, message } = error
        return { accepted: false, answer: { statusCode: status, errorCode: code, errorMessage: message } }
      }
    },
  }
}
