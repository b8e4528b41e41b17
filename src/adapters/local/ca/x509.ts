import 'reflect-metadata'
import { createHash, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { EpochMs } from '../../../core/telemetry/reading.ts'

x509.cryptoProvider.set(webcrypto)

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const { subtle } = webcrypto

export type KeyPair = webcrypto.CryptoKeyPair
export type PublicKey = webcrypto.CryptoKey | x509.PublicKey

export interface Validity {
  notBefore: EpochMs
  notAfter: EpochMs
}

/** Who signs: the root's key and certificate. */
export interface Issuer {
  certificate: x509.X509Certificate
  keys: KeyPair
}

export interface Revocation {
  serial: string
  at: EpochMs
  /** When the certificate expires by itself. */
  notAfter?: EpochMs
}

export const generateKeys = (): Promise<KeyPair> => subtle.generateKey(P256, true, ['sign', 'verify'])

export async function privateKeyPem(keys: KeyPair): Promise<string> {
  return x509.PemConverter.encode(await subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
}

/** A P-256 key pair out of its private half's PEM. */
export async function importKeys(pem: string): Promise<KeyPair> {
  const pkcs8 = x509.PemConverter.decodeFirst(pem)
  const privateKey = await subtle.importKey('pkcs8', pkcs8, P256, true, ['sign'])
  const { kty, crv, x, y } = await subtle.exportKey('jwk', privateKey)
  if (!kty || !crv || !x || !y) throw new Error('the key file holds no elliptic curve key')
  const publicKey = await subtle.importKey('jwk', { kty, crv, x, y }, P256, true, ['verify'])
  return { privateKey, publicKey }
}

// Others must not import the library themselves: the polyfill has to come first.
export const parseCertificate = (pem: string): x509.X509Certificate => new x509.X509Certificate(pem)
export const parseCrl = (pem: string): x509.X509Crl => new x509.X509Crl(pem)

/** RFC 5280, 4.1.2.2: positive, at most 20 octets. The leading digits keep the sign bit clear and the length fixed. */
const randomSerial = (): string => `4${randomBytes(16).toString('hex').slice(1)}`

/** SHA-256 of the DER form in lower-case hex, which is what AWS IoT calls a certificate's id. */
export const fingerprintOf = (der: Uint8Array | ArrayBuffer): string =>
  createHash('sha256').update(new Uint8Array(der)).digest('hex')

export async function createRoot(
  keys: KeyPair,
  name: string,
  validity: Validity,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: [{ CN: [name] }],
    ...dates(validity),
    signingAlgorithm: P256,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
}

export async function createLeaf(
  issuer: Issuer,
  leaf: Validity & {
    name: string
    publicKey: PublicKey
    use: 'client' | 'server'
    hosts?: readonly string[]
  },
): Promise<x509.X509Certificate> {
  const usage = leaf.use === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage], false),
    await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate),
    await x509.SubjectKeyIdentifierExtension.create(leaf.publicKey),
  ]
  if (leaf.hosts) extensions.push(new x509.SubjectAlternativeNameExtension(leaf.hosts.map(generalName)))
  return x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: [{ CN: [leaf.name] }],
    issuer: issuer.certificate.subjectName,
    ...dates(leaf),
    signingAlgorithm: P256,
    publicKey: leaf.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions,
  })
}

const generalName = (host: string): { type: 'ip' | 'dns'; value: string } => ({
  type: isIP(host) === 0 ? 'dns' : 'ip',
  value: host,
})

/** The revocation list. OpenSSL and Node take the label of RFC 7468, 6 only; the library writes another. */
export async function createCrl(
  issuer: Issuer,
  revoked: readonly Revocation[],
  dates: { thisUpdate: EpochMs; nextUpdate: EpochMs },
): Promise<string> {
  const crl = await x509.X509CrlGenerator.create({
    issuer: issuer.certificate.subject,
    thisUpdate: new Date(dates.thisUpdate),
    nextUpdate: new Date(dates.nextUpdate),
    entries: revoked.map(({ serial, at }) => ({
      serialNumber: serial,
      revocationDate: new Date(at),
      reason: x509.X509CrlReason.unspecified,
    })),
    signingAlgorithm: P256,
    signingKey: issuer.keys.privateKey,
  })
  return x509.PemConverter.encode(crl.rawData, 'X509 CRL')
}

/** A request as a device makes it; for the simulator and for tests. */
export async function signRequest(keys: KeyPair, name: string): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: P256,
  })
  return request.toString('pem')
}

/** The public key of a request whose sender proved to hold the private one; anything else throws. */
export async function provenKey(csrPem: string): Promise<PublicKey> {
  let request: x509.Pkcs10CertificateRequest
  try {
    request = new x509.Pkcs10CertificateRequest(csrPem)
  } catch {
    throw new Error('the certificate signing request cannot be read; send PKCS #10 in PEM')
  }
  const verified = await request.verify().catch(() => false)
  if (!verified) throw new Error('the certificate signing request is not signed by its own key')
  assertStrong(request.publicKey.algorithm)
  return request.publicKey
}

/** A factorable or exotic device key makes its certificate worthless (AWS IoT Device Defender: key quality). */
function assertStrong(algorithm: unknown): void {
  const { name, namedCurve, modulusLength } = algorithm as webcrypto.EcKeyAlgorithm &
    webcrypto.RsaKeyAlgorithm
  if (namedCurve === 'P-256' || namedCurve === 'P-384') return
  if (name.startsWith('RSA') && modulusLength >= 2048) return
  throw new Error(`key ${name} is refused; use ECDSA P-256, ECDSA P-384 or RSA from 2048 bits`)
}

const dates = ({ notBefore, notAfter }: Validity) => ({
  notBefore: new Date(notBefore),
  notAfter: new Date(notAfter),
})
