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
    expect(again.crlPems()).toEqual(first.crlPems())
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
    const authority = await open({ hosts: () => ['edge.example', '10.0.0.7'] })
    const server = new X509Certificate(authority.server().certificatePem)
    expect(server.checkHost('localhost')).toBe('localhost')
    expect(server.checkHost('edge.example')).toBe('edge.example')
    for (const address of ['127.0.0.1', '::1', '10.0.0.7']) expect(server.checkIP(address)).toBeDefined()
    const more = await open({ hosts: () => ['edge.example', '10.0.0.7', 'edge.local'] })
    expect(new X509Certificate(more.server().certificatePem).checkHost('edge.local')).toBe('edge.local')
  })

  it('names the server anew when the machine has another address, whatever else is like it', async () => {
    let hosts = ['edge', '10.0.0.77', 'fd00::2']
    const authority = await open({ hosts: () => hosts })
    expect(await authority.renewIfDue(start)).toMatchObject({ server: false })
    for (const next of [['edge', '10.0.0.7'], ['edg'], ['fd00::3']]) {
      hosts = next
      expect(await authority.renewIfDue(start), next.join()).toMatchObject({ server: true })
      expect(await authority.renewIfDue(start), next.join()).toMatchObject({ server: false })
    }
  })

  it('agrees with OpenSSL about issued and revoked certificates', async () => {
    const authority = await open()
    const [good, evil] = [await authority.issueDevice('good'), await authority.issueDevice('evil')]
    await authority.revoke(evil)
    writeFileSync(join(dir, 'chain.pem'), `${authority.rootPem()}\n${authority.crlPems()[0]}\n`)
    const verify = (pem: string): string => {
      writeFileSync(join(dir, 'device.pem'), pem)
      const files = ['-CAfile', join(dir, 'chain.pem'), '-crl_check', join(dir, 'device.pem')]
      const when = ['-purpose', 'sslclient', '-attime', String(start / 1000)]
      return spawnSync('openssl', ['verify', ...when, ...files], { encoding: 'utf8' }).stderr
    }
    // Node carries OpenSSL's parser everywhere; the command may be missing.
    expect(() =>
      createSecureContext({ ca: authority.rootPem(), crl: [...authority.crlPems()] }),
    ).not.toThrow()
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
    await Promise.all(
      devices.map((device) => authority.revoke({ ...device, serial: device.serial.toUpperCase() })),
    )
    await authority.revoke(devices[0]!)
    rmSync(join(dir, 'crl.pem'))
    const again = await open()
    expect(devices.every(({ serial }) => again.isRevoked(serial))).toBe(true)
    expect(parseCrl(again.crlPems()[0]!).entries).toHaveLength(3)
    expect(again.crlPems()[0]).toContain('-----BEGIN X509 CRL-----')
    await expect(again.revoke({ serial: 'no serial', notAfter: 0 })).rejects.toThrow('hex digits')
  })

  it('renews the revocation list and the server certificate before they expire, not earlier', async () => {
    const authority = await open()
    expect(await authority.renewIfDue(start + DAY)).toEqual({ root: false, server: false, crl: false })
    const [crl, server] = [authority.crlPems()[0], authority.server()]
    expect(await authority.renewIfDue(start + 25 * DAY)).toEqual({ root: false, server: false, crl: true })
    expect(authority.crlPems()[0]).not.toBe(crl)
    expect(await authority.renewIfDue(start + 300 * DAY)).toEqual({ root: false, server: true, crl: true })
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

  it('makes a new root while the old one still outlives every device, and serves by the old one to its end', async () => {
    const authority = await open()
    const old = await authority.issueDevice('old')
    expect(authority.roots()).toHaveLength(1)
    now = start + 15 * 365 * DAY + 2 * DAY
    expect(await authority.renewIfDue(now)).toMatchObject({ root: true, server: true, crl: true })
    const [first, second] = authority.roots()
    expect([first!.signsServer, first!.signsDevices, second!.signsServer, second!.signsDevices]).toEqual([true, false, false, true]) // prettier-ignore
    expect(old.notAfter).toBeLessThan(first!.notAfter)
    const device = new X509Certificate((await authority.issueDevice('new')).certificatePem)
    expect(device.validToDate.getTime()).toBe(now + 5 * 365 * DAY)
    const roots = authority.rootPem().match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)!.map((pem) => new X509Certificate(pem)) // prettier-ignore
    expect(roots.map((root) => device.verify(root.publicKey))).toEqual([false, true])
    const server = () => new X509Certificate(authority.server().certificatePem)
    expect(server().verify(roots[0]!.publicKey)).toBe(true)

    now = first!.switchesAt - 1
    await authority.renewIfDue(now)
    expect(server().verify(roots[0]!.publicKey)).toBe(true)
    now = first!.switchesAt
    await authority.renewIfDue(now)
    expect(server().verify(roots[1]!.publicKey)).toBe(true)
    now = first!.notAfter
    await authority.renewIfDue(now)
    expect(authority.roots().map(({ fingerprint }) => fingerprint)).toEqual([second!.fingerprint])
    const again = await open()
    expect(again.rootPem()).toBe(authority.rootPem())
    expect(readFileSync(join(dir, 'trust.pem'), 'utf8')).toBe(authority.rootPem())
  })

  it('is not led astray by a root that was made while the clock was wrong', async () => {
    const first = await open()
    now = start + 40 * 365 * DAY
    await open()
    now = start + DAY
    const again = await open()
    expect(again.rootPem()).toBe(first.rootPem())
    const device = new X509Certificate((await again.issueDevice('m1')).certificatePem)
    expect(device.verify(new X509Certificate(first.rootPem()).publicKey)).toBe(true)
    expect(new X509Certificate(again.server().certificatePem).validFromDate.getTime()).toBeLessThan(now)
  })

  it('drops a certificate from the lists once it has expired by itself', async () => {
    const authority = await open({ validityDays: { device: 10 } })
    const [short, other] = [await authority.issueDevice('a'), await authority.issueDevice('b')]
    await authority.revoke(short)
    now = start + 12 * DAY
    await authority.revoke({ ...other, notAfter: now + DAY })
    expect(parseCrl(authority.crlPems()[0]!).entries.map(({ serialNumber }) => serialNumber)).toEqual([other.serial]) // prettier-ignore
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
