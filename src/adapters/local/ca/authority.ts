import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { X509Certificate } from '@peculiar/x509'
import { isThingName } from '../../../core/telemetry/limits.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Clock } from '../../../ports/clock.ts'
import { readIfThere, replaceFile } from './files.ts'
import {
  createCrl,
  createLeaf,
  createRoot,
  fingerprintOf,
  generateKeys,
  importKeys,
  parseCertificate,
  parseCrl,
  privateKeyPem,
  provenKey,
  type Issuer,
  type PublicKey,
  type Revocation,
} from './x509.ts'

const DAY = 86_400_000

/** How long each thing that the authority signs holds, in days. */
export interface ValidityDays {
  root: number
  server: number
  device: number
  crl: number
}

const defaultValidity: ValidityDays = { root: 20 * 365, server: 365, device: 5 * 365, crl: 30 }

export interface AuthorityOptions {
  dir: string
  clock: Clock
  /** Further names and addresses in the server's certificate, beside localhost. */
  hosts?: readonly string[]
  validityDays?: Partial<ValidityDays>
}

export interface IssuedCertificate {
  certificatePem: string
  /** SHA-256 in lower-case hex. */
  fingerprint: string
  serial: string
  notAfter: EpochMs
}

export interface ServerIdentity {
  certificatePem: string
  privateKeyPem: string
}

/** The box's own certificate authority. Device keys pass through it once and are never stored. */
export interface Authority {
  rootPem(): string
  server(): ServerIdentity
  crlPem(): string
  issueDevice(thing: string): Promise<IssuedCertificate & { privateKeyPem: string }>
  /** Signs the request's key for this thing; nothing else that the request says is taken over. */
  signCsr(csrPem: string, thing: string): Promise<IssuedCertificate>
  /** On disk and in `crlPem()` when it returns. Revoking twice changes nothing. */
  revoke(serial: string): Promise<void>
  isRevoked(serial: string): boolean
  /** Renews the server's certificate and the revocation list in the last third of their time; says what it renewed. */
  renewIfDue(now: EpochMs): Promise<{ server: boolean; crl: boolean }>
  /** A new key and certificate for the server at once. */
  rotateServer(): Promise<void>
}

export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const { dir, clock } = options
  const days = { ...defaultValidity, ...options.validityDays }
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...(options.hosts ?? [])])]
  const path = (name: string) => join(dir, name)
  mkdirSync(dir, { recursive: true, mode: 0o700 })

  const issuer = await openRoot(path, clock.now(), days.root)
  const rootPem = issuer.certificate.toString('pem')
  const revoked = new Map<string, Revocation>()
  for (const entry of parseRevoked(readIfThere(path('revoked.json')))) revoked.set(entry.serial, entry)
  let server = readServer(path)
  let crlPem = readIfThere(path('crl.pem'))
  /** Writes of the revocation list, one after the other, so that the newest list is the last on disk. */
  let writing: Promise<unknown> = Promise.resolve()

  // A device whose clock is a little behind must find the certificate valid already.
  const validity = (now: EpochMs, forDays: number) => ({
    notBefore: now - DAY,
    notAfter: Math.min(now + forDays * DAY, issuer.certificate.notAfter.getTime()),
  })

  async function rotateServer(now = clock.now()): Promise<void> {
    const keys = await generateKeys()
    const certificate = await createLeaf(issuer, {
      name: hosts.at(3) ?? 'localhost',
      publicKey: keys.publicKey,
      use: 'server',
      hosts,
      ...validity(now, days.server),
    })
    server = { certificatePem: certificate.toString('pem'), privateKeyPem: await privateKeyPem(keys) }
    // One file, so that key and certificate cannot part.
    replaceFile(path('server.pem'), `${server.privateKeyPem}\n${server.certificatePem}\n`, 0o600)
  }

  function signCrl(now: EpochMs): Promise<void> {
    const next = writing.then(async () => {
      crlPem = await createCrl(issuer, [...revoked.values()], {
        thisUpdate: now - DAY,
        nextUpdate: now + days.crl * DAY,
      })
      replaceFile(path('crl.pem'), crlPem, 0o644)
    })
    writing = next.catch(() => undefined)
    return next
  }

  async function issue(thing: string, publicKey: PublicKey): Promise<IssuedCertificate> {
    if (!isThingName(thing))
      throw new Error(`thing name "${thing}" is not allowed; use letters, digits, _ : -`)
    const period = validity(clock.now(), days.device)
    const certificate = await createLeaf(issuer, { name: thing, publicKey, use: 'client', ...period })
    return {
      certificatePem: certificate.toString('pem'),
      fingerprint: fingerprintOf(certificate.rawData),
      serial: certificate.serialNumber,
      notAfter: certificate.notAfter.getTime(),
    }
  }

  const serverDue = (now: EpochMs): boolean =>
    server === null || isDue(parseCertificate(server.certificatePem), now, hosts)

  async function renewIfDue(now: EpochMs): Promise<{ server: boolean; crl: boolean }> {
    const due = { server: serverDue(now), crl: crlPem === null || isCrlDue(crlPem, revoked.size, now) }
    if (due.server) await rotateServer(now)
    if (due.crl) await signCrl(now)
    return due
  }

  await renewIfDue(clock.now())
  return {
    rootPem: () => rootPem,
    server: () => server!,
    crlPem: () => crlPem!,
    issueDevice: async (thing) => {
      const keys = await generateKeys()
      return { ...(await issue(thing, keys.publicKey)), privateKeyPem: await privateKeyPem(keys) }
    },
    signCsr: async (csrPem, thing) => issue(thing, await provenKey(csrPem)),
    revoke: async (serial) => {
      const key = serial.toLowerCase()
      if (!/^[\da-f]{2,40}$/.test(key))
        throw new Error(`serial "${serial}" is not a certificate's; use its hex digits`)
      if (revoked.has(key)) return writing.then(() => undefined)
      revoked.set(key, { serial: key, at: clock.now() })
      replaceFile(path('revoked.json'), JSON.stringify([...revoked.values()]), 0o644)
      return signCrl(clock.now())
    },
    isRevoked: (serial) => revoked.has(serial.toLowerCase()),
    renewIfDue,
    rotateServer: () => rotateServer(),
  }
}

type PathOf = (name: string) => string

/** The certificate is written last: without it nothing was ever issued, and the pair is made anew. */
async function openRoot(path: PathOf, now: EpochMs, days: number): Promise<Issuer> {
  const [key, pem] = [readIfThere(path('root.key')), readIfThere(path('root.pem'))]
  if (pem !== null) {
    if (key === null) throw new Error(`${path('root.key')} is missing; restore it from a backup`)
    return { certificate: parseCertificate(pem), keys: await importKeys(key) }
  }
  const keys = await generateKeys()
  const certificate = await createRoot(keys, 'Telltale device authority', {
    notBefore: now - DAY,
    notAfter: now + days * DAY,
  })
  replaceFile(path('root.key'), await privateKeyPem(keys), 0o600)
  replaceFile(path('root.pem'), certificate.toString('pem'), 0o644)
  return { certificate, keys }
}

function readServer(path: PathOf): ServerIdentity | null {
  const text = readIfThere(path('server.pem'))
  const at = text?.indexOf('-----BEGIN CERTIFICATE-----') ?? -1
  return text === null || at < 0
    ? null
    : { privateKeyPem: text.slice(0, at).trim(), certificatePem: text.slice(at).trim() }
}

function isDue(certificate: X509Certificate, now: EpochMs, hosts: readonly string[]): boolean {
  const [from, to] = [certificate.notBefore.getTime(), certificate.notAfter.getTime()]
  const names = certificate.getExtension('2.5.29.17')?.toString('text') ?? ''
  return (
    now < from ||
    now > to - (to - from) / 3 ||
    hosts.some((host) => !host.includes(':') && !names.includes(host))
  )
}

/** Also due if a crash came between the record of a revocation and the list that tells it. */
function isCrlDue(pem: string, revoked: number, now: EpochMs): boolean {
  const crl = parseCrl(pem)
  const [from, to] = [crl.thisUpdate.getTime(), crl.nextUpdate?.getTime() ?? 0]
  return now < from || now > to - (to - from) / 3 || crl.entries.length !== revoked
}

const parseRevoked = (text: string | null): Revocation[] =>
  text === null ? [] : (JSON.parse(text) as Revocation[])
