import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/device/json.ts'
import type { DeviceLink } from '../../src/ports/device-link.ts'
import type { ShadowDesk } from '../../src/ports/shadow-desk.ts'

export interface ConnectedDevice {
  publish(topic: string, payload: string): Promise<void>
  /** What it has heard since, in order. Resolves once the subscription holds. */
  hear(filter: string): Promise<{ topic: string; body: JsonObject }[]>
  close(): Promise<void>
}

export interface LinkUnderTest {
  link: Pick<DeviceLink, 'publish'>
  shadows: ShadowDesk
  /** Registers a plant device of this name and connects it. */
  connect(thing: string): Promise<ConnectedDevice>
}

const eventually = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** What every way to devices promises, seen from both of its ends. */
export function deviceLinkContract(name: string, make: () => Promise<LinkUnderTest>): void {
  describe(`device link: ${name}`, () => {
    let under: LinkUnderTest
    beforeAll(async () => {
      under = await make()
    })

    it('brings a command to the device that it is for, and to no other', async () => {
      const [one, other] = [await under.connect('contract-l1'), await under.connect('contract-l2')]
      const [heard, overheard] = [await one.hear('cmd/plant/contract-l1/+/request'), await other.hear('cmd/plant/contract-l2/+/request')] // prettier-ignore
      await under.link.publish('cmd/plant/contract-l1/blink/request', bytes({ id: '1' }), 1)
      await eventually(() => heard.length === 1)
      expect(heard).toEqual([{ topic: 'cmd/plant/contract-l1/blink/request', body: { id: '1' } }])
      expect(overheard).toEqual([])
      await Promise.all([one.close(), other.close()])
    })

    it('answers a device for its shadow, and tells it what the platform wishes', async () => {
      const thing = 'contract-l3'
      const device = await under.connect(thing)
      const base = `$aws/things/${thing}/shadow`
      const accepted = await device.hear(`${base}/update/accepted`)
      const delta = await device.hear(`${base}/update/delta`)
      await device.publish(
        `${base}/update`,
        JSON.stringify({ state: { reported: { level: 1 } }, clientToken: 'c' }),
      )
      await eventually(() => accepted.length === 1)
      expect(accepted[0]!.body).toMatchObject({
        version: 1,
        clientToken: 'c',
        state: { reported: { level: 1 } },
      })
      await under.shadows.update(thing, '', { state: { desired: { level: 4 } } })
      await eventually(() => delta.length === 1)
      expect(delta[0]!.body).toMatchObject({ version: 2, state: { level: 4 } })
      expect(await under.shadows.get(thing, '')).toMatchObject({
        state: { desired: { level: 4 }, reported: { level: 1 }, delta: { level: 4 } },
        version: 2,
      })
      await device.close()
    })

    it('refuses a stale version, a missing shadow and one that is too large', async () => {
      const thing = 'contract-l4'
      const device = await under.connect(thing)
      expect(await under.shadows.get(thing, '')).toMatchObject({ code: 404 })
      await under.shadows.update(thing, '', { state: { desired: { a: 1 } } })
      expect(
        await under.shadows.update(thing, '', { state: { desired: { a: 2 } }, version: 7 }),
      ).toMatchObject({ code: 409 })
      expect(await under.shadows.update(thing, '', { state: { desired: { a: 'x'.repeat(9000) } } })).toMatchObject({ code: 413 }) // prettier-ignore
      await device.close()
    })

    it('keeps named shadows apart', async () => {
      const thing = 'contract-l5'
      const device = await under.connect(thing)
      await under.shadows.update(thing, '', { state: { desired: { a: 1 } } })
      await under.shadows.update(thing, 'config', { state: { desired: { b: 1 } } })
      expect(await under.shadows.names(thing)).toEqual(['', 'config'])
      await under.shadows.remove(thing, 'config')
      expect(await under.shadows.names(thing)).toEqual([''])
      expect(await under.shadows.get(thing, 'config')).toMatchObject({ code: 404 })
      await device.close()
    })
  })
}
