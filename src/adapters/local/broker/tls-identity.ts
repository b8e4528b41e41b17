import type { X509Certificate } from 'node:crypto'
import type { TlsOptions, TLSSocket } from 'node:tls'
import type { Authority } from '../ca/authority.ts'
import type { BrokerLimits } from './limits.ts'
import type { Peer } from './session.ts'

/** The part of the TLS options that changes when a certificate is revoked or renewed. */
export function secureContextOptions(
  authority: Pick<Authority, 'rootPem' | 'server' | 'crlPems'>,
): TlsOptions {
  const { certificatePem, privateKeyPem } = authority.server()
  return {
    ca: authority.rootPem(),
    cert: certificatePem,
    key: privateKeyPem,
    crl: [...authority.crlPems()],
    minVersion: 'TLSv1.2',
    sessionIdContext: 'telltale',
    sessionTimeout: 7_200,
  }
}

/**
 * Mutual TLS as AWS IoT Core does it. The ticket keys are ours and stay over a reload of the revocation list, or else
 * every device would pay a full handshake after each; so a resumed session proves nothing, and the certificate is
 * looked at again on every connection.
 */
export const mutualTlsOptions = (
  authority: Pick<Authority, 'rootPem' | 'server' | 'crlPems'>,
  ticketKeys: Buffer,
  limits: BrokerLimits,
): TlsOptions => ({
  ...secureContextOptions(authority),
  requestCert: true,
  rejectUnauthorized: true,
  handshakeTimeout: limits.handshakeMs,
  ticketKeys,
})

type Certified = Omit<Peer, 'remoteAddress'>

/** What certificates that passed TLS say; reading one costs as much as a good part of a resumed handshake. */
const remembered = new Map<string, Certified>()
/** A fleet that rotates for years must not fill the memory. */
const MOST_REMEMBERED = 20_000

/** What the peer's certificate says; null if there is none, which TLS should have refused. */
export function peerOf(socket: TLSSocket): Peer | null {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return null
  const { fingerprint256 } = certificate
  let certified = remembered.get(fingerprint256)
  if (certified === undefined) {
    certified = read(certificate)
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(fingerprint256, certified)
  }
  return { ...certified, remoteAddress: socket.remoteAddress ?? '' }
}

function read(certificate: X509Certificate): Certified {
  const names = certificate.subject.split('\n').filter((line) => line.startsWith('CN='))
  return {
    principal: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    commonName: names.length === 1 ? names[0]!.slice(3) : '',
    serial: certificate.serialNumber.toLowerCase(),
    notAfter: certificate.validToDate.getTime(),
  }
}
