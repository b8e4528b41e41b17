import { beforeEach, describe, expect, it } from 'vitest'
import { admits, type HookEvent } from '../../lambdas/provision/admits.ts'
import { dynamoProvisioningStore } from '../../src/adapters/aws/dynamo/dynamo-provisioning-store.ts'
import type { Device } from '../../src/core/device/profile.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'
import { T0 } from '../support/harness.ts'

const REQUEST = { claimCertificateId: 'c'.repeat(64), certificateId: 'f'.repeat(64) }
const device = (thing: string, over: Partial<Device> = {}): Device => ({
  thing,
  trade: 'plant',
  type: 'pump',
  status: 'active',
  attributes: {},
  ...over,
})
const body = {
  Parameters: { Serial: { Type: 'String' }, Trade: { Type: 'String', Default: 'plant' } },
  Resources: {
    thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'Serial' }, ThingTypeName: { Ref: 'Trade' }, AttributePayload: { batch: '7' } }, OverrideSettings: { AttributePayload: 'MERGE' } }, // prettier-ignore
    certificate: { Type: 'AWS::IoT::Certificate', Properties: {} },
  },
}

let registry: Map<string, Device>
let held: Map<string, { status: 'active' | 'revoked'; notAfter: number }>
let log: string[]
let erasing: string[]
let store: ReturnType<typeof dynamoProvisioningStore>
beforeEach(() => {
  registry = new Map()
  held = new Map()
  log = []
  erasing = []
  store = dynamoProvisioningStore(dynamoDouble().client, 'Provisioning')
})
const ask = (template: string, parameters: Record<string, string>, over: Partial<HookEvent> = {}) =>
  admits(
    {
      store,
      devices: { get: async (thing) => registry.get(thing) ?? null, put: async (put) => (registry.set(put.thing, put), { effectiveFrom: T0 }) }, // prettier-ignore
      credentials: { list: async (thing) => (held.has(thing) ? [held.get(thing) as never] : []) },
      isErasing: async (thing) => erasing.includes(thing),
      audit: { record: ({ actor, action, subject }) => void log.push(`${actor} ${action} ${subject}`) },
      clock: { now: () => T0 },
    },
    { ...REQUEST, templateArn: `arn:aws:iot:eu-central-1:1:provisioningtemplate/${template}`, parameters: { 'AWS::IoT::Certificate::Id': 'x', ...parameters }, ...over }, // prettier-ignore
  )

describe('admits', () => {
  it('lets only registered devices without a certificate come by the deployment’s own template', async () => {
    for (const one of [device('pump-1'), device('old', { status: 'retired' }), device('child', { gateway: 'pump-1' }), device('busy')]) registry.set(one.thing, one) // prettier-ignore
    held.set('busy', { status: 'active', notAfter: T0 + 1 })
    held.set('pump-1', { status: 'active', notAfter: T0 })
    expect(await ask('own', { Thing: 'pump-1', Trade: 'plant' })).toBe(true)
    const refused = [{ Thing: 'pump-1', Trade: 'fleet' }, ...['nobody', 'old', 'child', 'busy', ''].map((Thing) => ({ Thing, Trade: 'plant' })), {}] // prettier-ignore
    for (const parameters of refused) expect(await ask('own', parameters as never), JSON.stringify(parameters)).toBe(false) // prettier-ignore
    expect(log.filter((line) => line.includes('provision.refuse'))).toHaveLength(refused.length)
  })

  it('registers whom a template’s allow-list names, with the template’s type and attributes', async () => {
    await store.putTemplate({ name: 'batch', body, type: 'pump', allowListed: true, enabled: true })
    await store.putClaim({ fingerprint: REQUEST.claimCertificateId, name: 'line-4', template: 'batch', serial: '1', status: 'active', notAfter: T0 + 1 }) // prettier-ignore
    await store.allow('batch', ['p1', 'old'])
    registry.set('old', device('old', { status: 'retired' }))
    expect(await ask('batch', { Serial: 'p1' })).toBe(true)
    expect(registry.get('p1')).toEqual(device('p1', { attributes: { batch: '7' } }))
    erasing.push('p1')
    expect(await ask('batch', { Serial: 'p1' })).toBe(false)
    expect([await ask('batch', { Serial: 'p2' }), await ask('batch', { Serial: 'old' }), await ask('batch', {}), await ask('batch', { Serial: 'p1', Trade: 'rockets' })]).toEqual([false, false, false, false]) // prettier-ignore
    expect(log).toEqual(['line-4 provision.register p1', 'line-4 provision.refuse p1', 'line-4 provision.refuse p2', 'line-4 provision.refuse old', 'line-4 provision.refuse batch', 'line-4 provision.refuse batch']) // prettier-ignore
  })

  it('refuses a claim that is revoked or another template’s, and a template that is disabled', async () => {
    await store.putTemplate({ name: 'batch', body, type: 'pump', allowListed: false, enabled: true })
    await store.putTemplate({ name: 'off', body, type: 'pump', allowListed: false, enabled: false })
    const claim = { fingerprint: REQUEST.claimCertificateId, name: 'line-4', template: 'batch', serial: '1', status: 'active', notAfter: T0 + 1 } as const // prettier-ignore
    expect([await ask('batch', { Serial: 'p1' }), await ask('off', { Serial: 'p2' })]).toEqual([true, false])
    await store.putClaim({ ...claim, template: 'other' })
    expect(await ask('batch', { Serial: 'p3' })).toBe(false)
    await store.putClaim({ ...claim, status: 'revoked' })
    expect(await ask('batch', { Serial: 'p4' })).toBe(false)
    expect([...registry.keys()]).toEqual(['p1'])
  })
})
