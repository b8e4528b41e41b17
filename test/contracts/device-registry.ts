import { beforeAll, describe, expect, it } from 'vitest'
import type { Device } from '../../src/core/device/profile.ts'
import type { DeviceCredentials } from '../../src/ports/device-credentials.ts'
import type { DeviceDirectory } from '../../src/ports/device-directory.ts'

export interface RegistryUnderTest {
  directory: DeviceDirectory
  credentials: DeviceCredentials
}

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
    beforeAll(async () => {
      ;({ directory, credentials } = await make())
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
  })
}
