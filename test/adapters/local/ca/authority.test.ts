import { X509Certificate } from 'node:crypto'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPrivateKey } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAuthority } from '../../../../src/adapters/local/ca/authority.ts'
import { generateKeys, parseCrl, signRequest } from '../../../../src/adapters/local/ca/x509.ts'

const DAY = 86_400_000
const start = Date.UTC(2026, 0, 1)
let now = start
const clock = { now: () => now, elapsed: () => 0 }
let dir = ''

beforeEach(() => {
  now = start
  dir = mkdtempSync(join(tmpdir(), 'telltale-ca-'))
})
afterEach(() => rmSync(dir, { recursive: true }))
const open = (options = {}) => openAuthority({ dir, clock, ...options })

describe('openAuthority', () => {
  it('makes its keys once, readable by their owner only, and finds them again', async () => {
    const first = await open()
    const again = await open()
    expect(again.rootPem()).toBe(first.rootPem())
    expect(again.server()).toEqual(first.server())
    expect(again.crlPem()).toBe(first.crlPem())
    for (const name of ['root.key', 'server.pem']) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
  })

  it('issues device certificates that its root verifies, and keeps no device key', async () => {
    const authority = await open()
    const device = await authority.issueDevice('motor-1')
    const certificate = new X509Certificate(device.certificatePem)
    const root = new X509Certificate(authority.rootPem())
    expect(certificate.verify(root.publicKey)).toBe(true)
    expect(certificate.checkIssued(root)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(device.privateKeyPem))).toBe(true)
    expect(certificate.subject).toBe('CN=motor-1')
    expect(certificate.ca).toBe(false)
    expect(certificate.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(device.fingerprint)
    expect(certificate.serialNumber.toLowerCase()).toBe(device.serial)
    expect(certificate.validToDate.getTime()).toBe(device.notAfter)
    const kept = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'))
    expect(kept.some((text) => text.includes(device.privateKeyPem.split('\n')[1]!))).toBe(false)
  })

  it('names the server as localhost and as it is told', async () => {
    const authority = await open({ hosts: ['edge.example', '10.0.0.7'] })
    const server = new X509Certificate(authority.server().certificatePem)
    expect(server.checkHost('localhost')).toBe('localhost')
    expect(server.checkHost('edge.example')).toBe('edge.example')
    for (const address of ['127.0.0.1', '::1', '10.0.0.7']) expect(server.checkIP(address)).toBeDefined()
    const more = await open({ hosts: ['edge.example', '10.0.0.7', 'edge.local'] })
    expect(new X509Certificate(more.server().certificatePem).checkHost('edge.local')).toBe('edge.local')
  })

  it('agrees with OpenSSL about issued and revoked certificates', async () => {
    const authority = await open()
    const [good, evil] = [await authority.issueDevice('good'), await authority.issueDevice('evil')]
    await authority.revoke(evil.serial)
    writeFileSync(join(dir, 'chain.pem'), `${authority.rootPem()}\n${authority.crlPem()}\n`)
    const verify = (pem: string): string => {
      writeFileSync(join(dir, 'device.pem'), pem)
      const files = ['-CAfile', join(dir, 'chain.pem'), '-crl_check', join(dir, 'device.pem')]
      const when = ['-purpose', 'sslclient', '-attime', String(start / 1000)]
      return spawnSync('openssl', ['verify', ...when, ...files], { encoding: 'utf8' }).stderr
    }
    // Node carries OpenSSL's parser everywhere; the command may be missing.
    expect(() => createSecureContext({ ca: authority.rootPem(), crl: authority.crlPem() })).not.toThrow()
    if (!hasOpenSsl()) return
    expect(verify(good.certificatePem)).toBe('')
    expect(verify(evil.certificatePem)).toContain('certificate revoked')
  })

  it('signs a request for its key and for nothing else that it says', async () => {
    const authority = await open()
    const keys = await generateKeys()
    const issued = await authority.signCsr(await signRequest(keys, 'somebody-else'), 'motor-1')
    expect(new X509Certificate(issued.certificatePem).subject).toBe('CN=motor-1')
  })

  it('refuses a request that its sender cannot have signed, and one it cannot read', async () => {
    const authority = await open()
    const [honest, thief] = [await generateKeys(), await generateKeys()]
    const stolen = await signRequest({ publicKey: honest.publicKey, privateKey: thief.privateKey }, 'motor-1')
    await expect(authority.signCsr(stolen, 'motor-1')).rejects.toThrow('not signed by its own key')
    await expect(authority.signCsr('nonsense', 'motor-1')).rejects.toThrow('cannot be read')
  })

  it.each(['', 'a/b', 'a b', 'a+', '#', 'x'.repeat(129), 'a,CN=b'])(
    'refuses the thing name "%s"',
    async (thing) => {
      await expect((await open()).issueDevice(thing)).rejects.toThrow('is not allowed')
    },
  )

  it('remembers what was revoked, whatever the case of the serial, and even if the list was lost', async () => {
    const authority = await open()
    const devices = await Promise.all(['a', 'b', 'c'].map((thing) => authority.issueDevice(thing)))
    await Promise.all(devices.map(({ serial }) => authority.revoke(serial.toUpperCase())))
    await authority.revoke(devices[0]!.serial)
    rmSync(join(dir, 'crl.pem'))
    const again = await open()
    expect(devices.every(({ serial }) => again.isRevoked(serial))).toBe(true)
    expect(parseCrl(again.crlPem()).entries).toHaveLength(3)
    expect(again.crlPem()).toContain('-----BEGIN X509 CRL-----')
    await expect(again.revoke('no serial')).rejects.toThrow('hex digits')
  })

  it('renews the revocation list and the server certificate before they expire, not earlier', async () => {
    const authority = await open()
    expect(await authority.renewIfDue(start + DAY)).toEqual({ server: false, crl: false })
    const [crl, server] = [authority.crlPem(), authority.server()]
    expect(await authority.renewIfDue(start + 25 * DAY)).toEqual({ server: false, crl: true })
    expect(authority.crlPem()).not.toBe(crl)
    expect(await authority.renewIfDue(start + 300 * DAY)).toEqual({ server: true, crl: true })
    expect(authority.server().certificatePem).not.toBe(server.certificatePem)
  })

  it('renews at opening what expired while the box was off', async () => {
    await open()
    now = start + 800 * DAY
    const { validFromDate, validToDate } = new X509Certificate((await open()).server().certificatePem)
    expect(validFromDate.getTime()).toBeLessThan(now)
    expect(validToDate.getTime()).toBeGreaterThan(now)
  })

  it('never lets a certificate outlive the root', async () => {
    const authority = await open({ validityDays: { root: 100 } })
    const device = await authority.issueDevice('motor-1')
    expect(device.notAfter).toBe(new X509Certificate(authority.rootPem()).validToDate.getTime())
  })

  it('says so when the root key is gone, and never makes another in its place', async () => {
    await open()
    rmSync(join(dir, 'root.key'))
    await expect(open()).rejects.toThrow('restore it from a backup')
  })
})

function hasOpenSsl(): boolean {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
}
