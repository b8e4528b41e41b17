import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compilePolicy,
  devicePolicy,
  type PolicyDocument,
  type PolicyStatement,
} from '../../../../src/adapters/local/broker/policy.ts'

const motor = { thing: 'motor-1', trade: 'plant', clientId: 'motor-1' }
const allow = (Action: string | string[], Resource: string | string[]): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
})
const policyOf = (...Statement: PolicyStatement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })

describe('compilePolicy', () => {
  it('denies what no statement allows', () => {
    expect(compilePolicy(policyOf(), motor)('iot:Publish', 'topic/a')).toBe(false)
  })

  it('lets an explicit denial win in any order', () => {
    const deny = { ...allow('iot:*', 'topic/a/secret'), Effect: 'Deny' }
    for (const policy of [
      policyOf(allow('iot:Publish', 'topic/a/*'), deny),
      policyOf(deny, allow('iot:Publish', 'topic/a/*')),
    ]) {
      const allows = compilePolicy(policy, motor)
      expect(allows('iot:Publish', 'topic/a/b')).toBe(true)
      expect(allows('iot:Publish', 'topic/a/secret')).toBe(false)
    }
  })

  it('takes * for any run and ? for one character, and MQTT wildcards as plain characters', () => {
    const allows = compilePolicy(
      policyOf(allow('iot:Subscribe', ['topicfilter/a/*/c', 'topicfilter/b?'])),
      motor,
    )
    expect(allows('iot:Subscribe', 'topicfilter/a/x/y/c')).toBe(true)
    expect(allows('iot:Subscribe', 'topicfilter/a/+/c')).toBe(true)
    expect(allows('iot:Subscribe', 'topicfilter/a/c')).toBe(false)
    expect(allows('iot:Subscribe', 'topicfilter/b1')).toBe(true)
    expect(allows('iot:Subscribe', 'topicfilter/b')).toBe(false)
    expect(allows('iot:Subscribe', 'topicfilter/#')).toBe(false)
  })

  it('never lets a value act as a wildcard or as a variable', () => {
    const names = fc.string({ minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(names, names, (thing, other) => {
        const resource = 'topic/${iot:Connection.Thing.ThingName}'
        const allows = compilePolicy(policyOf(allow('iot:Publish', resource)), { ...motor, thing })
        expect(allows('iot:Publish', `topic/${other}`)).toBe(other === thing)
        expect(allows('iot:Publish', `topic/${thing}`)).toBe(true)
      }),
    )
  })

  it('matches nothing where a variable has no value', () => {
    const resource = 'topic/${iot:Connection.Thing.Attributes[site]}*'
    expect(compilePolicy(policyOf(allow('iot:Publish', resource)), motor)('iot:Publish', 'topic/x')).toBe(
      false,
    )
  })

  it('agrees with a regular expression on any pattern', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
    const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 })
    fc.assert(
      fc.property(text, plain, (pattern, resource) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        const allows = compilePolicy(policyOf(allow('iot:Publish', pattern)), motor)
        expect(allows('iot:Publish', resource)).toBe(expected.test(resource))
      }),
    )
  })
})

describe('devicePolicy', () => {
  const allows = compilePolicy(devicePolicy, motor)

  it.each([
    ['iot:Connect', 'client/motor-1'],
    ['iot:Publish', 'topic/dt/plant/motor-1/telemetry'],
    ['iot:Publish', 'topic/$aws/rules/telltale_plant/dt/plant/motor-1/backfill/c1'],
    ['iot:Publish', 'topic/cmd/plant/motor-1/set/response'],
    ['iot:Publish', 'topic/spBv1.0/plant/NBIRTH/motor-1'],
    ['iot:Publish', 'topic/spBv1.0/plant/DDATA/motor-1/c1'],
    ['iot:Publish', 'topic/$aws/things/motor-1/shadow/update'],
    ['iot:Subscribe', 'topicfilter/cmd/plant/motor-1/+/request'],
    ['iot:Subscribe', 'topicfilter/cmd/plant/motor-1/#'],
    ['iot:Subscribe', 'topicfilter/spBv1.0/plant/DCMD/motor-1/#'],
    ['iot:Receive', 'topic/$aws/things/motor-1/shadow/update/delta'],
  ] as const)('allows %s on %s', (action, resource) => {
    expect(allows(action, resource)).toBe(true)
  })

  it.each([
    ['iot:Connect', 'client/motor-2'],
    ['iot:Publish', 'topic/dt/plant/motor-10/telemetry'],
    ['iot:Publish', 'topic/dt/fleet/motor-1/telemetry'],
    ['iot:Publish', 'topic/$aws/rules/telltale_fleet/dt/plant/motor-1/telemetry'],
    ['iot:Publish', 'topic/cmd/plant/motor-1/set/request'],
    ['iot:Publish', 'topic/$aws/events/presence/connected/motor-1'],
    ['iot:RetainPublish', 'topic/dt/plant/motor-1/telemetry'],
    ['iot:Subscribe', 'topicfilter/cmd/plant/+/#'],
    ['iot:Subscribe', 'topicfilter/dt/plant/motor-1/#'],
    ['iot:Subscribe', 'topicfilter/#'],
    ['iot:Receive', 'topic/cmd/plant/motor-2/set/request'],
  ] as const)('denies %s on %s', (action, resource) => {
    expect(allows(action, resource)).toBe(false)
  })
})
