import { generateKeyPairSync, sign } from 'node:crypto'

/** A fresh P-256 key and a PKCS #10 request (RFC 2986) for it whose subject is the thing's name. */
export function keyAndRequest(commonName: string): { privateKeyPem: string; csrPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const info = der(
    0x30,
    der(0x02, Buffer.from([0])), // version 1
    name(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa0), // no attributes
  )
  const signature = sign('sha256', info, privateKey)
  const request = der(0x30, info, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature))
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    csrPem: `-----BEGIN CERTIFICATE REQUEST-----\n${lines(request.toString('base64'))}\n-----END CERTIFICATE REQUEST-----\n`,
  }
}

/** X.690 section 8.1: tag, length, contents. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const body = Buffer.concat(contents)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = Buffer.from([body.length >> 8, body.length & 0xff])
  const long =
    body.length < 0x100 ? Buffer.from([0x81, body.length]) : Buffer.concat([Buffer.from([0x82]), length])
  return Buffer.concat([Buffer.from([tag]), long, body])
}

/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758 section 3.2). */
const ECDSA_WITH_SHA256 = der(0x30, der(0x06, Buffer.from('2a8648ce3d040302', 'hex')))

/** CN, 2.5.4.3, as UTF8String. */
const name = (commonName: string): Buffer =>
  der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(commonName)))))

const lines = (text: string): string => text.replaceAll(/.{64}(?=.)/g, '$&\n')
