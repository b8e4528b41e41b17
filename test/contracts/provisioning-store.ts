import { beforeAll, describe, expect, it } from 'vitest'
import type { Claim, ProvisioningStore } from '../../src/ports/device-desk-store.ts'

/** What every store of provisioning promises. `make` gives an empty one. */
export function provisioningStoreContract(
  name: string,
  make: () => Promise<ProvisioningStore> | ProvisioningStore,
): void {
  describe(`provisioning store: ${name}`, () => {
    let store: ProvisioningStore
    beforeAll(async () => {
      store = await make()
    })

    it('keeps templates by name, the last one put', async () => {
      const template = { name: 'batch', body: { Resources: { thing: { Type: 'x' } } }, type: 'motor', allowListed: true, enabled: true } // prettier-ignore
      expect(await store.templates()).toEqual([])
      await store.putTemplate(template)
      await store.putTemplate({ ...template, name: 'a', enabled: false })
      await store.putTemplate({ ...template, type: 'pump' })
      expect(await store.templates()).toEqual([{ ...template, name: 'a', enabled: false }, { ...template, type: 'pump' }]) // prettier-ignore
    })

    it('keeps claims by their certificate', async () => {
      const claim: Claim = { fingerprint: 'ab'.repeat(32), name: 'line 4', template: 'batch', serial: '01', status: 'active', notAfter: 9 } // prettier-ignore
      await store.putClaim(claim)
      await store.putClaim({ ...claim, status: 'revoked' })
      expect(await store.claims()).toEqual([{ ...claim, status: 'revoked' }])
    })

    it('keeps an allow-list a template, ascending and page by page', async () => {
      await store.allow('batch', ['m3', 'm1', 'm2'])
      await store.allow('batch', ['m1'])
      await store.allow('batc', ['other'])
      expect(await store.allowed('batch', { limit: 2 })).toEqual(['m1', 'm2'])
      expect(await store.allowed('batch', { cursor: 'm2', limit: 2 })).toEqual(['m3'])
      expect([await store.isAllowed('batch', 'm1'), await store.isAllowed('batc', 'm1')]).toEqual([
        true,
        false,
      ])
      expect([await store.disallow('batch', 'm1'), await store.disallow('batch', 'm1')]).toEqual([
        true,
        false,
      ])
      expect([await store.isAllowed('batch', 'm1'), await store.isAllowed('batch', 'm2')]).toEqual([
        false,
        true,
      ])
    })
  })
}
