import { beforeAll, describe, expect, it } from 'vitest'
import type { ShadowDesk } from '../../src/ports/shadow-desk.ts'

/** What every keeper of shadows promises. `make` gives one that knows things of these names, without shadows. */
export function shadowDeskContract(
  name: string,
  make: (things: readonly string[]) => Promise<ShadowDesk>,
): void {
  describe(`shadow desk: ${name}`, () => {
    let shadows: ShadowDesk
    beforeAll(async () => {
      shadows = await make(['sd-1', 'sd-2', 'sd-3', 'sd-4', 'sd-5'])
    })

    it('merges what is reported and desired, and says what is still to be done', async () => {
      expect(await shadows.get('sd-1', '')).toMatchObject({ code: 404 })
      const first = await shadows.update('sd-1', '', { state: { reported: { level: 1, deep: { a: 1, b: 2 } } }, clientToken: 't' }) // prettier-ignore
      expect(first).toMatchObject({ state: { reported: { level: 1, deep: { a: 1, b: 2 } } }, version: 1, clientToken: 't' }) // prettier-ignore
      await shadows.update('sd-1', '', { state: { desired: { level: 4, deep: { a: 1, c: 3 } } } })
      expect(await shadows.get('sd-1', '', 'again')).toMatchObject({
        state: {
          reported: { level: 1, deep: { a: 1, b: 2 } },
          desired: { level: 4, deep: { a: 1, c: 3 } },
          delta: { level: 4, deep: { c: 3 } },
        },
        metadata: { reported: { level: { timestamp: expect.any(Number) as number } } },
        version: 2,
        clientToken: 'again',
      })
      await shadows.update('sd-1', '', { state: { reported: { level: 4, deep: { c: 3 } } } })
      const done = (await shadows.get('sd-1', '')) as { state: object }
      expect(done.state).not.toHaveProperty('delta')
      expect(done.state).toMatchObject({ reported: { level: 4, deep: { a: 1, b: 2, c: 3 } } })
    })

    it('takes what is null away: a key, and a whole section', async () => {
      await shadows.update('sd-2', '', {
        state: { desired: { a: 1, b: { c: 2, d: 3 } }, reported: { a: 1 } },
      })
      await shadows.update('sd-2', '', { state: { desired: { a: null, b: { c: null } } } })
      expect(await shadows.get('sd-2', '')).toMatchObject({ state: { desired: { b: { d: 3 } } } })
      await shadows.update('sd-2', '', { state: { desired: null } })
      const found = (await shadows.get('sd-2', '')) as { state: object }
      expect(found.state).toEqual({ reported: { a: 1 } })
    })

    it('refuses a stale version, and takes the present one', async () => {
      await shadows.update('sd-3', '', { state: { desired: { a: 1 } } })
      expect(await shadows.update('sd-3', '', { state: { desired: { a: 2 } }, version: 7 })).toMatchObject({ code: 409 }) // prettier-ignore
      expect(await shadows.update('sd-3', '', { state: { desired: { a: 2 } }, version: 1 })).toMatchObject({ version: 2 }) // prettier-ignore
    })

    it.each([
      ['no object', [], 400],
      ['no state', { version: 1 }, 400],
      ['a state that is none', { state: 7 }, 400],
      ['a section that is none', { state: { wished: {} } }, 400],
      ['more than 8 KB', { state: { desired: { a: 'x'.repeat(8200) } } }, 413],
    ])('refuses %s', async (_, body, code) => {
      expect(await shadows.update('sd-3', 'faults', body)).toMatchObject({ code })
      expect(await shadows.get('sd-3', 'faults')).toMatchObject({ code: 404 })
    })

    it('keeps named shadows apart, and goes on counting where one was deleted', async () => {
      await shadows.update('sd-4', '', { state: { desired: { a: 1 } } })
      await shadows.update('sd-4', 'config', { state: { desired: { b: 1 } } })
      await shadows.update('sd-4', 'alarm', { state: { desired: { c: 1 } } })
      expect(await shadows.names('sd-4')).toEqual(['', 'alarm', 'config'])
      expect(await shadows.remove('sd-4', 'config')).toMatchObject({ version: 1 })
      expect(await shadows.names('sd-4')).toEqual(['', 'alarm'])
      expect(await shadows.get('sd-4', 'config')).toMatchObject({ code: 404 })
      expect(await shadows.remove('sd-4', 'config')).toMatchObject({ code: 404 })
      const again = (await shadows.update('sd-4', 'config', { state: { desired: { b: 2 } } })) as { version: number } // prettier-ignore
      expect(again.version).toBeGreaterThan(1)
      expect(await shadows.names('sd-5')).toEqual([])
    })
  })
}
