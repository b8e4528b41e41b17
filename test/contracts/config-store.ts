import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/core/device/profile.ts'
import type { ConfigStore } from '../../src/ports/config-store.ts'

/** What configuration relies on in every store of it. */
export function configStoreContract(name: string, make: () => ConfigStore): void {
  const device = (thing: string, effectiveFrom: number, site: string | null): Change => ({
    kind: 'device',
    key: thing,
    effectiveFrom,
    value:
      site === null
        ? null
        : { thing, trade: 'plant', type: 'pump', status: 'active', site, attributes: { a: 'b' } },
  })

  describe(`ConfigStore: ${name}`, () => {
    it('keeps every version and gives them by when they hold', async () => {
      const store = make()
      const changes = [
        device('p', 20, 'north'),
        device('p', 10, 'south'),
        device('p#1', 15, 'west'),
        device('p', 30, null),
      ]
      await store.put(changes)
      expect(await store.all()).toEqual([changes[1], changes[2], changes[0], changes[3]])
    })

    it('replaces the same version of the same thing', async () => {
      const store = make()
      await store.put([device('p', 10, 'south')])
      await store.put([device('p', 10, 'north')])
      expect(await store.all()).toEqual([device('p', 10, 'north')])
    })

    it('keeps types and what was learned beside devices', async () => {
      const store = make()
      const type: Change = { kind: 'type', key: 'pump', effectiveFrom: 1, value: { name: 'pump', trade: 'plant', version: 1, measures: { t: { low: 0 } } } } // prettier-ignore
      const learned: Change = {
        kind: 'learned',
        key: 'p',
        effectiveFrom: 2,
        value: { t: { median: 1.5, spread: 0.25 } },
      }
      await store.put([learned, type])
      expect(await store.all()).toEqual([type, learned])
    })
  })
}
