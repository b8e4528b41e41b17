import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/device/json.ts'
import { evaluateTemplate, templateFault } from '../../../src/core/device/provisioning-template.ts'

const template = (thing: JsonObject, more: JsonObject = {}): JsonObject => ({
  Parameters: {
    SerialNumber: { Type: 'String' },
    Region: { Type: 'String', Default: 'eu' },
    'AWS::IoT::Certificate::Id': { Type: 'String' },
  },
  Resources: {
    thing: { Type: 'AWS::IoT::Thing', Properties: { ThingTypeName: 'plant', ...thing } },
    certificate: { Type: 'AWS::IoT::Certificate', Properties: {} },
  },
  ...more,
})
const named = (ThingName: JsonObject | string, more: JsonObject = {}) =>
  evaluateTemplate(template({ ThingName }, more), { SerialNumber: 'SN-7' }, 'abc').thing

describe('evaluateTemplate', () => {
  it.each([
    ['Ref', { Ref: 'SerialNumber' }, 'SN-7'],
    ['a default', { Ref: 'Region' }, 'eu'],
    ['the certificate', { Ref: 'AWS::IoT::Certificate::Id' }, 'abc'],
    ['Join', { 'Fn::Join': ['-', ['pump', { Ref: 'SerialNumber' }]] }, 'pump-SN-7'],
    ['Select of Split', { 'Fn::Select': [1, { 'Fn::Split': ['-', { Ref: 'SerialNumber' }] }] }, '7'],
    ['Sub', { 'Fn::Sub': 'p:${SerialNumber}' }, 'p:SN-7'],
    ['Sub with its own', { 'Fn::Sub': ['${a}-${SerialNumber}', { a: { Ref: 'Region' } }] }, 'eu-SN-7'],
  ])('knows %s', (_, expression, thing) => {
    expect(named(expression as JsonObject)).toBe(thing)
  })

  it('looks up maps', () => {
    expect(named({ 'Fn::FindInMap': ['site', { Ref: 'Region' }, 'name'] }, { Mappings: { site: { eu: { name: 'bonn' } } } })).toBe('bonn') // prettier-ignore
  })

  it('gives attributes and configuration', () => {
    const made = evaluateTemplate(
      template(
        { ThingName: 'm', AttributePayload: { serial: { Ref: 'SerialNumber' } } },
        { DeviceConfiguration: { every: { Ref: 'Region' } } },
      ),
      { SerialNumber: 'SN-7' },
      'abc',
    )
    expect(made).toMatchObject({ attributes: { serial: 'SN-7' }, deviceConfiguration: { every: 'eu' } })
  })

  it.each([
    ['a name with a slash', { Ref: 'SerialNumber' }, { SerialNumber: 'a/b' }],
    ['a parameter that is not declared', { Ref: 'SerialNumber' }, { SerialNumber: 'a', __proto__x: 'b' }],
    ['a missing parameter', { Ref: 'SerialNumber' }, {}],
    ['a long parameter', { Ref: 'SerialNumber' }, { SerialNumber: 'x'.repeat(3000) }],
    ['an unknown function', { 'Fn::GetAtt': ['a'] }, { SerialNumber: 'a' }],
  ])('refuses %s', (_, expression, parameters) => {
    expect(() => evaluateTemplate(template({ ThingName: expression }), parameters, 'abc')).toThrow()
  })

  it('gives up on expressions nested for ever', () => {
    let expression: JsonObject = { Ref: 'SerialNumber' }
    for (let i = 0; i < 10_000; i++) expression = { 'Fn::Join': ['', [expression]] }
    expect(() => named(expression)).toThrow('nested too deeply')
  })
})

describe('templateFault', () => {
  it('wants one thing and a certificate', () => {
    expect(templateFault(template({ ThingName: 'x' }))).toBeNull()
    expect(templateFault({ Resources: {} })).toBe('there must be one AWS::IoT::Thing')
    expect(templateFault('x')).toBe('the template must be a JSON object')
  })
})
