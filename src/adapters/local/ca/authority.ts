import { X509Certificate as NodeCertificate } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { X509Certificate } from '@peculiar/x509'
import { isThingName } from '../../../core/telemetry/limits.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { TrustRoot } from '../../../ports/device-credentials.ts'
import { authorityFiles } from './authority-files.ts'
import { readIfThere, replaceFile } from '../whole-file.ts'
import {
  createCrl,
  createLeaf,
  fingerprintOf,
  generateKeys,
  parseCertificate,
  parseCrl,
  privateKeyPem,
  provenKey,
  type PublicKey,
  type Revocation,
} from './x509.ts'
import { holding, makeRoot, openRoots, rootDue, serverRoot, switchesAt, type Root } from './roots.ts'

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
  /** Further names and addresses in the server's certificate, beside localhost, as they are now. */
  hosts?: () => readonly string[]
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

/** What a renewal has changed. */
export interface Renewed {
  root: boolean
  server: boolean
  crl: boolean
}

/** The box's own certificate authority. Device keys pass through it once and are never stored. */
export interface Authority {
  /** Every root that holds: what devices are to trust, and what the box trusts of theirs. */
  rootPem(): string
  roots(): TrustRoot[]
  server(): ServerIdentity
  /** A list of each root. */
  crlPems(): readonly string[]
  issueDevice(thing: string): Promise<IssuedCertificate & { privateKeyPem: string }>
  /** Signs the request's key for this thing; nothing else that the request says is taken over. */
  signCsr(csrPem: string, thing: string): Promise<IssuedCertificate>
  /** On disk and in `crlPems()` when it returns. Revoking twice changes nothing. The lists name it until it expires. */
  revoke(certificate: { serial: string; notAfter: EpochMs }): Promise<void>
  isRevoked(serial: string): boolean
  /**
   * Renews the server's certificate and the revocation lists in the last third of their time, and the root while the
   * old one still outlives every device's certificate; says what it renewed.
   */
  renewIfDue(now: EpochMs): Promise<Renewed>
  /** A new key and certificate for the server at once. */
  rotateServer(): Promise<void>
  /** A new root beside the others at once. */
  renewRoot(): Promise<TrustRoot>
}

export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const { dir, clock } = options
  const days = { ...defaultValidity, ...options.validityDays }
  const hostsNow = () => [...new Set(['localhost', '127.0.0.1', '::1', ...(options.hosts?.() ?? [])])]
  const path = (name: string) => join(dir, name)
  mkdirSync(dir, { recursive: true, mode: 0o700 })

  let roots = await openRoots(dir, clock.now(), days.root)
  const revoked = new Map<string, Revocation>()
  for (const entry of parseRevoked(readIfThere(path('revoked.json')))) revoked.set(entry.serial, entry)
  let server = readServer(path)
  const crls = new Map(roots.flatMap((root) => readCrl(path, root)))
  /** Writes of the revocation lists, one after the other, so that the newest list is the last on disk. */
  let writing: Promise<unknown> = Promise.resolve()
  /** Changes of roots and server: two new roots at once would take the same number, and one would be lost. */
  let changing: Promise<unknown> = Promise.resolve()
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const next = changing.then(change)
    changing = next.catch(() => undefined)
    return next
  }

  const held = (now = clock.now()) => holding(roots, now)
  const rootPem = (): string => held().map(({ pem }) => pem.trim()).join('\n') + '\n' // prettier-ignore

  // A device whose clock is a little behind must find the certificate valid already.
  const validity = (now: EpochMs, forDays: number, { notAfter }: Root) => ({
    notBefore: now - DAY,
    notAfter: Math.min(now + forDays * DAY, notAfter),
  })

  async function rotateServer(now = clock.now()): Promise<void> {
    const issuer = serverRoot(held(now), now)
    const hosts = hostsNow()
    const keys = await generateKeys()
    const certificate = await createLeaf(issuer, {
      name: hosts.at(3) ?? 'localhost',
      publicKey: keys.publicKey,
      use: 'server',
      hosts,
      ...validity(now, days.server, issuer),
    })
    server = { certificatePem: certificate.toString('pem'), privateKeyPem: await privateKeyPem(keys) }
    // One file, so that key and certificate cannot part.
    replaceFile(path(authorityFiles.server), `${server.privateKeyPem}\n${server.certificatePem}\n`, 0o600)
  }

  function signCrls(now: EpochMs): Promise<void> {
    const next = writing.then(async () => {
      // RFC 5280, 3.3: an entry stays on a list until its certificate has expired.
      for (const { serial, notAfter } of revoked.values())
        if (notAfter !== undefined && notAfter < now - DAY) revoked.delete(serial)
      const dates = { thisUpdate: now - DAY, nextUpdate: now + days.crl * DAY }
      for (const root of held(now)) {
        const pem = await createCrl(root, [...revoked.values()], dates)
        replaceFile(path(crlFile(root)), pem, 0o644)
        crls.set(root.generation, pem)
      }
    })
    writing = next.catch(() => undefined)
    return next
  }

  async function issue(thing: string, publicKey: PublicKey): Promise<IssuedCertificate> {
    if (!isThingName(thing))
      throw new Error(`thing name "${thing}" is not allowed; use letters, digits, _ : -`)
    const issuer = held().at(-1)!
    const period = validity(clock.now(), days.device, issuer)
    const certificate = await createLeaf(issuer, { name: thing, publicKey, use: 'client', ...period })
    return {
      certificatePem: certificate.toString('pem'),
      fingerprint: fingerprintOf(certificate.rawData),
      serial: certificate.serialNumber,
      notAfter: certificate.notAfter.getTime(),
    }
  }

  function serverDue(now: EpochMs): boolean {
    if (server === null) return true
    const certificate = parseCertificate(server.certificatePem)
    return (
      certificate.issuer !== serverRoot(held(now), now).certificate.subject ||
      isDue(certificate, now, hostsNow())
    )
  }

  async function addRoot(now: EpochMs): Promise<void> {
    roots = [...roots, await makeRoot(dir, roots.at(-1)!.generation + 1, now, days.root)]
    await signCrls(now)
  }

  /** For people, and for clients that read their authorities from a file. */
  function tellTrust(): void {
    if (readIfThere(path(authorityFiles.trust)) !== rootPem())
      replaceFile(path(authorityFiles.trust), rootPem(), 0o644)
  }

  async function renewIfDue(now: EpochMs): Promise<Renewed> {
    const root = rootDue(held(now), now, days)
    if (root) await addRoot(now)
    const due = { root, server: serverDue(now), crl: root || crlsDue(now) }
    if (due.server) await rotateServer(now)
    if (due.crl && !root) await signCrls(now)
    tellTrust()
    return due
  }

  const crlsDue = (now: EpochMs): boolean =>
    held(now).some(({ generation }) => {
      const pem = crls.get(generation)
      return pem === undefined || isCrlDue(pem, revoked.size, now)
    })

  const viewOf = (root: Root): TrustRoot => ({
    fingerprint: root.fingerprint,
    madeAt: root.notBefore + DAY,
    notAfter: root.notAfter,
    signsDevices: root === held().at(-1),
    signsServer: root === serverRoot(held(), clock.now()),
    switchesAt: switchesAt(root),
  })

  await renewIfDue(clock.now())
  return {
    rootPem,
    roots: () => held().map(viewOf),
    server: () => server!,
    crlPems: () => held().map(({ generation }) => crls.get(generation)!),
    issueDevice: async (thing) => {
      const keys = await generateKeys()
      return { ...(await issue(thing, keys.publicKey)), privateKeyPem: await privateKeyPem(keys) }
    },
    signCsr: async (csrPem, thing) => issue(thing, await provenKey(csrPem)),
    revoke: async ({ serial, notAfter }) => {
      const key = serial.toLowerCase()
      if (!/^[\da-f]{2,40}$/.test(key))
        throw new Error(`serial "${serial}" is not a certificate's; use its hex digits`)
      if (revoked.has(key)) return writing.then(() => undefined)
      revoked.set(key, { serial: key, at: clock.now(), notAfter })
      replaceFile(path('revoked.json'), JSON.stringify([...revoked.values()]), 0o644)
      return signCrls(clock.now())
    },
    isRevoked: (serial) => revoked.has(serial.toLowerCase()),
    renewIfDue: (now) => inTurn(() => renewIfDue(now)),
    rotateServer: () => inTurn(() => rotateServer()),
    renewRoot: () =>
      inTurn(async () => {
        await addRoot(clock.now())
        tellTrust()
        return viewOf(roots.at(-1)!)
      }),
  }
}

type PathOf = (name: string) => string

const crlFile = ({ generation }: Root): string => (generation === 1 ? 'crl.pem' : `crl-${generation}.pem`)

function readCrl(path: PathOf, root: Root): [number, string][] {
  const pem = readIfThere(path(crlFile(root)))
  return pem === null ? [] : [[root.generation, pem]]
}

function readServer(path: PathOf): ServerIdentity | null {
  const text = readIfThere(path(authorityFiles.server))
  const at = text?.indexOf('-----BEGIN CERTIFICATE-----') ?? -1
  return text === null || at < 0
    ? null
    : { privateKeyPem: text.slice(0, at).trim(), certificatePem: text.slice(at).trim() }
}

function isDue(certificate: X509Certificate, now: EpochMs, hosts: readonly string[]): boolean {
  const [from, to] = [certificate.notBefore.getTime(), certificate.notAfter.getTime()]
  const served = new NodeCertificate(Buffer.from(certificate.rawData))
  const isServed = (host: string) =>
    (isIP(host) === 0 ? served.checkHost(host) : served.checkIP(host)) !== undefined
  return now < from || now > to - (to - from) / 3 || !hosts.every(isServed)
}

/** Also due if a crash came between the record of a revocation and the list that tells it. */
function isCrlDue(pem: string, revoked: number, now: EpochMs): boolean {
  const crl = parseCrl(pem)
  const [from, to] = [crl.thisUpdate.getTime(), crl.nextUpdate?.getTime() ?? 0]
  return now < from || now > to - (to - from) / 3 || crl.entries.length !== revoked
}

const parseRevoked = (text: string | null): Revocation[] =>
  text === null ? [] : (JSON.parse(text) as Revocation[])
