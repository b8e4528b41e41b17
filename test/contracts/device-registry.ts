import { X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { keyAndRequest } from '../../src/adapters/aws/iot/csr.ts'
import type { Device } from '../../src/core/device/profile.ts'
import type { CredentialDesk } from '../../src/ports/device-desk.ts'
import type { DeviceCredentials } from '../../src/ports/device-credentials.ts'
import type { DeviceDirectory } from '../../src/ports/device-directory.ts'

export interface RegistryUnderTest {
  directory: DeviceDirectory
  credentials: DeviceCredentials
  rotation: CredentialDesk & { sweep(): Promise<void> }
  /** Time of the rotation's clock goes on. */
  pass(ms: number): void
}

/** Always the same, so that what is asked for is, too. */
const csrPem = keyAndRequest('contract-csr').csrPem
const HOUR = 3_600_000

const device = (thing: string, over: Partial<Device> = {}): Device => ({
  thing,
  trade: 'plant',
  type: 'contract-motor',
  status: 'active',
  attributes: {},
  ...over,
})

/** What every registry promises. `make` gives an empty one, or one whose other devices do not begin with `contract-`. */
export function deviceRegistryContract(name: string, make: () => Promise<RegistryUnderTest>): void {
  describe(`device registry: ${name}`, () => {
    let directory: DeviceDirectory
    let credentials: DeviceCredentials
    let rotation: RegistryUnderTest['rotation']
    let pass: RegistryUnderTest['pass']
    beforeAll(async () => {
      ;({ directory, credentials, rotation, pass } = await make())
      await directory.putType(
        { name: 'contract-motor', trade: 'plant', measures: { temperature: { unit: 'Cel' } } },
        'test',
      )
    })

    it('gives a device as it was put, and null for one that is not there', async () => {
      const put = device('contract-a', {
        site: 'north',
        location: { latitude: 50.7, longitude: 7.1 },
        attributes: { line: '1' },
        measures: { temperature: { high: 80 } },
      })
      await directory.put(put, 'test')
      expect(await directory.get('contract-a')).toEqual(put)
      expect(await directory.get('contract-nobody')).toBeNull()
    })

    it('holds a later change no earlier than the one before', async () => {
      const first = await directory.put(device('contract-b'), 'test')
      const second = await directory.put(device('contract-b', { site: 'north' }), 'test')
      expect(second.effectiveFrom).toBeGreaterThanOrEqual(first.effectiveFrom)
      expect(await directory.get('contract-b')).toMatchObject({ site: 'north' })
    })

    it('replaces as a whole', async () => {
      await directory.put(device('contract-c', { attributes: { a: '1' }, site: 'north' }), 'test')
      await directory.put(device('contract-c', { attributes: { b: '2' } }), 'test')
      expect(await directory.get('contract-c')).toEqual(device('contract-c', { attributes: { b: '2' } }))
    })

    it('lists ascending, page by page, each device once', async () => {
      for (const n of [3, 1, 5, 2, 4])
        await directory.put(device(`contract-page-${n}`, { site: 'pages' }), 'test')
      const seen: string[] = []
      for (let cursor: string | undefined; ;) {
        const page = await directory.list({
          site: 'pages',
          limit: 2,
          ...(cursor !== undefined && { cursor }),
        })
        seen.push(...page.map(({ thing }) => thing))
        if (page.length < 2) break
        cursor = page.at(-1)!.thing
      }
      expect(seen).toEqual([1, 2, 3, 4, 5].map((n) => `contract-page-${n}`))
    })

    it('filters by trade, site, type, status, gateway and attribute', async () => {
      await directory.put(device('contract-gw', { site: 'filter' }), 'test')
      await directory.put(device('contract-child', { site: 'filter', gateway: 'contract-gw', status: 'suspended', attributes: { hall: 'B' } }), 'test') // prettier-ignore
      const found = async (query: object): Promise<string[]> =>
        (await directory.list({ site: 'filter', limit: 10, ...query })).map(({ thing }) => thing)
      expect(await found({})).toEqual(['contract-child', 'contract-gw'])
      expect(await found({ status: 'suspended' })).toEqual(['contract-child'])
      expect(await found({ gateway: 'contract-gw' })).toEqual(['contract-child'])
      expect(await found({ tag: { name: 'hall', value: 'B' } })).toEqual(['contract-child'])
      expect(await found({ tag: { name: 'hall', value: 'C' } })).toEqual([])
      expect(await found({ type: 'contract-motor', trade: 'plant' })).toHaveLength(2)
      expect(await found({ trade: 'fleet' })).toEqual([])
    })

    it('forgets a device once', async () => {
      await directory.put(device('contract-gone'), 'test')
      expect(await directory.remove('contract-gone', 'test')).toBe(true)
      expect(await directory.get('contract-gone')).toBeNull()
      expect(await directory.remove('contract-gone', 'test')).toBe(false)
    })

    it('counts the versions of a type', async () => {
      const type = { name: 'contract-type', trade: 'plant', measures: {} } as const
      const first = await directory.putType(type, 'test')
      const second = await directory.putType({ ...type, expectedIntervalMs: 1000 }, 'test')
      expect(second.type.version).toBe(first.type.version + 1)
      expect((await directory.types()).find(({ name }) => name === type.name)).toEqual(second.type)
    })

    it('issues certificates side by side, and revokes one of them for good', async () => {
      await directory.put(device('contract-keys'), 'test')
      const first = await credentials.issue('contract-keys')
      const second = await credentials.issue('contract-keys')
      expect(first.privateKeyPem).toContain('PRIVATE KEY')
      expect(first.fingerprint).toMatch(/^[\da-f]{64}$/)
      const revoked = await credentials.revoke('contract-keys', first.fingerprint)
      expect(revoked).toMatchObject({ status: 'revoked', thing: 'contract-keys' })
      expect(await credentials.revoke('contract-keys', first.fingerprint)).toMatchObject({
        status: 'revoked',
      })
      const states = new Map((await credentials.list('contract-keys')).map((c) => [c.fingerprint, c.status]))
      expect(states).toEqual(new Map([[first.fingerprint, 'revoked'], [second.fingerprint, 'active']])) // prettier-ignore
    })

    it('revokes nothing that belongs to another device', async () => {
      await directory.put(device('contract-other'), 'test')
      const { fingerprint } = await credentials.issue('contract-other')
      expect(await credentials.revoke('contract-keys', fingerprint)).toBeNull()
      expect(await credentials.list('contract-other')).toMatchObject([{ status: 'active' }])
    })

    const statesOf = async (thing: string) => new Map((await credentials.list(thing)).map((c) => [c.fingerprint, c.status])) // prettier-ignore

    it('signs the key of a device that keeps it to itself, and refuses what is no request', async () => {
      await directory.put(device('contract-csr'), 'test')
      const signed = await rotation.sign('contract-csr', csrPem)
      expect(new X509Certificate(signed.certificatePem).fingerprint256.replaceAll(':', '').toLowerCase()).toBe(signed.fingerprint) // prettier-ignore
      expect(signed).not.toHaveProperty('privateKeyPem')
      expect(await statesOf('contract-csr')).toEqual(new Map([[signed.fingerprint, 'active']]))
      await expect(rotation.sign('contract-csr', 'no request')).rejects.toThrow(/request/)
    })

    it('lets the old certificate hold through the overlap of a rotation, and no longer', async () => {
      await directory.put(device('contract-turn'), 'test')
      const first = await credentials.issue('contract-turn')
      const second = await rotation.rotate('contract-turn', { overlapMs: HOUR })
      expect(second.privateKeyPem).toContain('PRIVATE KEY')
      expect(second.retires.map(({ fingerprint }) => fingerprint)).toEqual([first.fingerprint])
      pass(HOUR / 2)
      // Whoever rotates again does not put off the end of the first.
      const third = await rotation.rotate('contract-turn', { overlapMs: HOUR, csrPem })
      expect(third.privateKeyPem).toBeNull()
      await rotation.sweep()
      expect([...(await statesOf('contract-turn')).values()]).toEqual(['active', 'active', 'active'])
      pass(HOUR / 2)
      await rotation.sweep()
      expect(await statesOf('contract-turn')).toEqual(new Map([[first.fingerprint, 'revoked'], [second.fingerprint, 'active'], [third.fingerprint, 'active']])) // prettier-ignore
      expect((await rotation.retirements('contract-turn')).map(({ fingerprint }) => fingerprint)).toEqual([second.fingerprint]) // prettier-ignore
    })

    it('ends the old certificate at once where there is to be no overlap', async () => {
      await directory.put(device('contract-now'), 'test')
      const first = await credentials.issue('contract-now')
      const second = await rotation.rotate('contract-now', { overlapMs: 0 })
      expect(second.retires).toEqual([])
      expect(await statesOf('contract-now')).toEqual(new Map([[first.fingerprint, 'revoked'], [second.fingerprint, 'active']])) // prettier-ignore
    })
  })
}
