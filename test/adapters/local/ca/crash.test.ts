import { X509Certificate } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAuthority } from '../../../../src/adapters/local/ca/authority.ts'

const DAY = 86_400_000
const start = Date.UTC(2026, 0, 1)
const rootDue = start + 15 * 365 * DAY + DAY
const switched = start + 20 * 365 * DAY - 6 * DAY
let now = start
const clock = { now: () => now, elapsed: () => 0 }
let base = ''

beforeEach(() => {
  now = start
  base = mkdtempSync(join(tmpdir(), 'telltale-ca-crash-'))
})
afterEach(() => rmSync(base, { recursive: true }))
const at = (name: string): string => join(base, name)

/** What has to hold wherever the power went. */
async function expectWhole(dir: string, roots: number): Promise<void> {
  const authority = await openAuthority({ dir, clock })
  expect(authority.roots()).toHaveLength(roots)
  const trusted = authority.rootPem().match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)!.map((pem) => new X509Certificate(pem)) // prettier-ignore
  const { certificatePem, privateKeyPem } = authority.server()
  const signers = (pem: string): boolean[] =>
    trusted.map(({ publicKey }) => new X509Certificate(pem).verify(publicKey))
  expect(signers(certificatePem)).toEqual(authority.roots().map(({ signsServer }) => signsServer))
  const device = await authority.issueDevice('m1')
  expect(signers(device.certificatePem)).toEqual(authority.roots().map(({ signsDevices }) => signsDevices))
  expect(
    () =>
    createSecureContext({ ca: authority.rootPem(), cert: certificatePem, key: privateKeyPem, crl: [...authority.crlPems()] }), // prettier-ignore
  ).not.toThrow()
  expect(readFileSync(join(dir, 'trust.pem'), 'utf8')).toBe(authority.rootPem())
}

describe('openAuthority after a crash', () => {
  // In the order in which each change writes its files.
  const changes = [
    { change: 'its first start', before: null, when: start, roots: 1, files: ['root.key', 'root.pem', 'server.pem', 'crl.pem', 'trust.pem'] }, // prettier-ignore
    { change: 'a new root', before: start, when: rootDue, roots: 2, files: ['root-2.key', 'root-2.pem', 'crl.pem', 'crl-2.pem', 'server.pem', 'trust.pem'] }, // prettier-ignore
    { change: 'the switch to the new root', before: rootDue, when: switched, roots: 2, files: ['crl.pem', 'crl-2.pem', 'server.pem'] }, // prettier-ignore
  ]
  it.each(changes)('is whole, wherever $change was cut off', async ({ before, when, roots, files }) => {
    mkdirSync(at('old'))
    for (const time of [start, rootDue].filter((time) => before !== null && time <= before)) {
      now = time
      await openAuthority({ dir: at('old'), clock })
    }
    cpSync(at('old'), at('new'), { recursive: true })
    now = when
    await openAuthority({ dir: at('new'), clock })
    for (let done = 0; done <= files.length; done++)
      for (const torn of [0, 40]) {
        const dir = at(`${done}-${torn}`)
        cpSync(at('old'), dir, { recursive: true })
        for (const name of files.slice(0, done)) cpSync(join(at('new'), name), join(dir, name))
        const next = files[done]
        if (next !== undefined)
          writeFileSync(join(dir, `${next}.new`), readFileSync(join(at('new'), next)).subarray(0, torn))
        await expectWhole(dir, roots)
        await expectWhole(dir, roots)
      }
  })
})

describe('renewRoot', () => {
  it('makes two roots where two ask at the same moment, and the disk knows both', async () => {
    const authority = await openAuthority({ dir: base, clock })
    const made = await Promise.all([authority.renewRoot(), authority.renewRoot()])
    const known = authority.roots().map(({ fingerprint }) => fingerprint)
    expect(known.slice(1)).toEqual(made.map(({ fingerprint }) => fingerprint))
    const again = await openAuthority({ dir: base, clock })
    expect(again.roots().map(({ fingerprint }) => fingerprint)).toEqual(known)
    await expectWhole(base, 3)
  })
})
