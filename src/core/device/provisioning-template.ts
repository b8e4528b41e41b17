import { trades, type Trade } from '../telemetry/reading.ts'
import { isThingName } from '../telemetry/limits.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'

/** What a template makes of a request: a device to be, without what the registry alone decides. */
export interface ProvisionedThing {
  thing: string
  trade: Trade
  attributes: Record<string, string>
  /** What an existing device's differing fields do. */
  onExisting: { attributes: Override; trade: Override }
  /** Handed back to the device as it is. */
  deviceConfiguration: Record<string, string>
}

type Override = 'DO_NOTHING' | 'REPLACE' | 'MERGE' | 'FAIL'

export class TemplateFault extends Error {
  readonly fault: 'template' | 'parameters'
  constructor(fault: 'template' | 'parameters', message: string) {
    super(message)
    this.name = 'TemplateFault'
    this.fault = fault
  }
}

/** A template that refers to itself for ever, or a parameter of megabytes. */
const MAX_TEXT = 2_048
const MAX_DEPTH = 12

/**
 * Evaluates an AWS IoT fleet provisioning template (JSON, with Ref, Fn::Join, Fn::Select, Fn::Split, Fn::Sub and
 * Fn::FindInMap) over a device's parameters. The same file serves `AWS::IoT::ProvisioningTemplate`. Throws TemplateFault.
 */
export function evaluateTemplate(
  template: JsonObject,
  parameters: Readonly<Record<string, string>>,
  certificateId: string,
): ProvisionedThing {
  const values = parameterValues(template, parameters, certificateId)
  const mappings = isJsonObject(template['Mappings']) ? template['Mappings'] : {}
  const text = (value: Json): string => textOf(value, values, mappings, 0)
  const resources = Object.values(objectAt(template, 'Resources'))
  const thing = resources.find((r) => isJsonObject(r) && r['Type'] === 'AWS::IoT::Thing')
  if (!isJsonObject(thing)) throw new TemplateFault('template', 'the template has no AWS::IoT::Thing')
  const properties = objectAt(thing, 'Properties')
  const name = text(properties['ThingName'] ?? null)
  if (!isThingName(name)) throw new TemplateFault('parameters', `"${name.slice(0, 64)}" is no thing name`)
  const trade = text(properties['ThingTypeName'] ?? null)
  if (!(trades as readonly string[]).includes(trade))
    throw new TemplateFault('parameters', `"${trade.slice(0, 64)}" is no trade; use ${trades.join(', ')}`)
  const payload = isJsonObject(properties['AttributePayload']) ? properties['AttributePayload'] : {}
  const attributes = Object.entries(payload).map(([key, value]): [string, string] => [key, text(value)])
  const override = isJsonObject(thing['OverrideSettings']) ? thing['OverrideSettings'] : {}
  const configuration = isJsonObject(template['DeviceConfiguration']) ? template['DeviceConfiguration'] : {}
  return {
    thing: name,
    trade: trade as Trade,
    attributes: Object.fromEntries(attributes),
    onExisting: {
      attributes: overrideOf(override['AttributePayload']),
      trade: overrideOf(override['ThingTypeName']),
    },
    deviceConfiguration: Object.fromEntries(
      Object.entries(configuration).map(([key, value]) => [key, text(value)]),
    ),
  }
}

/** What is wrong with a template's form, null if nothing; its expressions show their faults only with parameters. */
export function templateFault(template: Json): string | null {
  if (!isJsonObject(template)) return 'the template must be a JSON object'
  const parameters = template['Parameters']
  if (parameters !== undefined && !isJsonObject(parameters)) return 'Parameters must be an object'
  const resources = template['Resources']
  if (!isJsonObject(resources)) return 'Resources is missing'
  const kinds = Object.values(resources).map((r) => (isJsonObject(r) ? r['Type'] : undefined))
  if (kinds.filter((kind) => kind === 'AWS::IoT::Thing').length !== 1)
    return 'there must be one AWS::IoT::Thing'
  if (!kinds.includes('AWS::IoT::Certificate')) return 'there must be an AWS::IoT::Certificate'
  return null
}

function parameterValues(
  template: JsonObject,
  given: Readonly<Record<string, string>>,
  certificateId: string,
): Map<string, string> {
  const declared = isJsonObject(template['Parameters']) ? template['Parameters'] : {}
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(declared, name)) throw new TemplateFault('parameters', `parameter ${name.slice(0, 64)} is not declared`) // prettier-ignore
    if (value.length > MAX_TEXT) throw new TemplateFault('parameters', `parameter ${name} is too long`)
    values.set(name, value)
  }
  for (const [name, declaration] of Object.entries(declared)) {
    if (values.has(name) || name.startsWith('AWS::IoT::')) continue
    const fallback = isJsonObject(declaration) ? declaration['Default'] : undefined
    if (typeof fallback !== 'string') throw new TemplateFault('parameters', `parameter ${name} is missing`)
    values.set(name, fallback)
  }
  return values.set('AWS::IoT::Certificate::Id', certificateId)
}

function textOf(
  value: Json,
  values: ReadonlyMap<string, string>,
  mappings: JsonObject,
  depth: number,
): string {
  const result = evaluate(value, values, mappings, depth)
  if (typeof result !== 'string') throw new TemplateFault('template', 'a text is expected, not a list')
  if (result.length > MAX_TEXT) throw new TemplateFault('parameters', 'a text becomes too long')
  return result
}

function evaluate(
  value: Json,
  values: ReadonlyMap<string, string>,
  mappings: JsonObject,
  depth: number,
): string | string[] {
  if (depth > MAX_DEPTH) throw new TemplateFault('template', 'expressions are nested too deeply')
  const text = (inner: Json): string => textOf(inner, values, mappings, depth + 1)
  const listOf = (inner: Json | undefined): string[] => {
    if (Array.isArray(inner)) return inner.map(text)
    const list = inner === undefined ? [] : evaluate(inner, values, mappings, depth + 1)
    if (typeof list === 'string') throw new TemplateFault('template', 'a list is expected, not a text')
    return list
  }
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const entries = isJsonObject(value) ? Object.entries(value) : []
  if (entries.length !== 1)
    throw new TemplateFault('template', 'an expression is missing or has no one function')
  const [name, argument] = entries[0]!
  const list: Json[] = Array.isArray(argument) ? argument : []
  switch (name) {
    case 'Ref':
      return parameter(values, typeof argument === 'string' ? argument : '')
    case 'Fn::Join':
      return listOf(list[1]).join(text(list[0] ?? ''))
    case 'Fn::Split':
      return text(list[1] ?? '').split(text(list[0] ?? ''))
    case 'Fn::Select': {
      const chosen = listOf(list[1])[Number(text(list[0] ?? ''))]
      if (chosen === undefined) throw new TemplateFault('parameters', 'Fn::Select finds nothing at its index')
      return chosen
    }
    case 'Fn::Sub':
      return substitute(argument, values, text)
    case 'Fn::FindInMap': {
      const [map, key, inner] = list.map(text)
      const found = ownOf(ownOf(ownOf(mappings, map), key), inner)
      if (typeof found !== 'string')
        throw new TemplateFault('parameters', `${map}.${key}.${inner} is not mapped`)
      return found
    }
    default:
      throw new TemplateFault('template', `function ${name} is not known`)
  }
}

function substitute(
  argument: Json,
  values: ReadonlyMap<string, string>,
  text: (value: Json) => string,
): string {
  const [pattern, own] = Array.isArray(argument) ? argument : [argument]
  if (typeof pattern !== 'string') throw new TemplateFault('template', 'Fn::Sub needs a text')
  return pattern.replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => {
    const inner = ownOf(own, name)
    return inner === undefined ? parameter(values, name) : text(inner)
  })
}

const ownOf = (from: Json | undefined, key: string | undefined): Json | undefined =>
  isJsonObject(from) && key !== undefined && Object.hasOwn(from, key) ? from[key] : undefined

function parameter(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name)
  if (value === undefined)
    throw new TemplateFault('template', `parameter ${name.slice(0, 64)} is not declared`)
  return value
}

function objectAt(from: JsonObject, key: string): JsonObject {
  const value = from[key]
  if (!isJsonObject(value)) throw new TemplateFault('template', `${key} is missing`)
  return value
}

function overrideOf(value: Json | undefined): Override {
  return value === 'REPLACE' || value === 'MERGE' || value === 'DO_NOTHING' ? value : 'FAIL'
}
