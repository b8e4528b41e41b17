import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDeviceIndex } from '../../local/device-index.ts'
import type { Device } from '../../src/core/device/profile.ts'

const device = (thing: string, over: Partial<Device> = {}): Device => ({ thing, trade: 'plant', type: 'motor', status: 'active', attributes: {}, ...over }) // prettier-ignore

describe('createDeviceIndex', () => {
  it('lists ascending after any puts and removals, page by page', () => {
    const name = fc.stringMatching(/^[a-d]{1,4}$/)
    const step = fc.record({ thing: name, put: fc.boolean(), look: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 5 }), (steps, limit) => {
        const index = createDeviceIndex(() => [])
        const model = new Set<string>()
        for (const { thing, put, look } of steps) {
          if (put) index.put(device(thing))
          else index.remove(thing)
          if (put) model.add(thing)
          else model.delete(thing)
          if (look) index.list({ limit })
        }
        const seen: string[] = []
        for (let cursor: string | undefined; ; cursor = seen.at(-1)) {
          const page = index.list({ limit, ...(cursor !== undefined && { cursor }) })
          seen.push(...page.map(({ thing }) => thing))
          if (page.length < limit) break
        }
        expect(seen).toEqual([...model].sort())
        expect(index.count()).toBe(model.size)
      }),
    )
  })

  it('finds by any word, whatever its case, and not across words', () => {
    const index = createDeviceIndex((group) => (group === 'g' ? ['b', 'gone'] : []))
    index.put(device('a', { site: 'North', attributes: { serial: 'SN-7', hall: 'B' } }))
    index.put(device('b', { attributes: { hall: 'C' } }))
    const found = (query: object) => index.list({ limit: 10, ...query }).map(({ thing }) => thing)
    expect(found({ text: 'north' })).toEqual(['a'])
    expect(found({ text: 'sn-7' })).toEqual(['a'])
    expect(found({ text: 'motorN' })).toEqual([])
    expect(found({ tag: { name: 'hall' } })).toEqual(['a', 'b'])
    expect(found({ tag: { name: 'hall', value: 'C' } })).toEqual(['b'])
    expect(found({ tag: { name: 'constructor' } })).toEqual([])
    expect(found({ group: 'g' })).toEqual(['b'])
  })
})
