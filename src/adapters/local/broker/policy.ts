import document from './device-policy.json' with { type: 'json' }

/** The actions of AWS IoT Core that a device's policy may name. */
export type PolicyAction =
  'iot:Connect' | 'iot:Publish' | 'iot:Subscribe' | 'iot:Receive' | 'iot:RetainPublish'

export interface PolicyStatement {
  Effect: string
  Action: string | readonly string[]
  Resource: string | readonly string[]
}

/** A policy document of AWS IoT Core: variables in `${…}`, wildcards `*` and `?`, everything denied unless allowed. */
export interface PolicyDocument {
  Version: string
  Statement: readonly PolicyStatement[]
}

export interface PolicyVariables {
  thing: string
  trade: string
  clientId: string
}

/** Whether an action on a resource such as `topic/dt/plant/m1/telemetry` is allowed. An explicit denial wins. */
export type Policy = (action: PolicyAction, resource: string) => boolean

/** What every device may do; the CDK app attaches the same file. */
export const devicePolicy: PolicyDocument = document

/** Code units of a pattern; the negative ones are wildcards, so a variable's value can never act as one. */
type Pattern = readonly number[]
const ANY_RUN = -1
const ANY_ONE = -2
/** A pattern before its variables have values; a text is a variable's name. */
type Template = readonly (number | string)[]

interface Rule {
  allow: boolean
  actions: readonly Pattern[]
  resources: readonly Template[]
}

/** One document serves a whole fleet: it is parsed once, and nothing of it is kept for each device. */
const parsed = new WeakMap<PolicyDocument, readonly Rule[]>()

export function compilePolicy(policy: PolicyDocument, { thing, trade, clientId }: PolicyVariables): Policy {
  const rules = parsed.get(policy) ?? policy.Statement.map(parseStatement)
  parsed.set(policy, rules)
  const values: Readonly<Record<string, string>> = {
    'iot:Connection.Thing.ThingName': thing,
    'iot:Connection.Thing.ThingTypeName': trade,
    'iot:ClientId': clientId,
  }
  const covers = (template: Template, resource: string): boolean => {
    const pattern = fill(template, values)
    return pattern !== null && matches(pattern, resource)
  }
  return (action, resource) => {
    let allowed = false
    for (const rule of rules) {
      if (!rule.actions.some((pattern) => matches(pattern, action))) continue
      if (!rule.resources.some((template) => covers(template, resource))) continue
      if (!rule.allow) return false
      allowed = true
    }
    return allowed
  }
}

const parseStatement = (statement: PolicyStatement): Rule => ({
  allow: statement.Effect === 'Allow',
  actions: list(statement.Action).map((action) => fill(parseTemplate(action), {}) ?? []),
  resources: list(statement.Resource).map((resource) => parseTemplate(withoutArn(resource))),
})

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value

/** `arn:partition:iot:region:account:resource`: the box has one region and one account. */
function withoutArn(resource: string): string {
  if (!resource.startsWith('arn:')) return resource
  return resource.split(':').slice(5).join(':')
}

function parseTemplate(text: string): Template {
  const template: (number | string)[] = []
  for (let i = 0; i < text.length; i++) {
    const end = text.startsWith('${', i) ? text.indexOf('}', i) : -1
    if (end > 0) {
      template.push(text.slice(i + 2, end))
      i = end
    } else if (text[i] === '*') template.push(ANY_RUN)
    else if (text[i] === '?') template.push(ANY_ONE)
    else template.push(text.charCodeAt(i))
  }
  return template
}

/** Null where a variable has no value here: AWS lets such a resource match nothing. */
function fill(template: Template, values: Readonly<Record<string, string>>): Pattern | null {
  const pattern: number[] = []
  for (const part of template) {
    if (typeof part === 'number') pattern.push(part)
    else {
      const value = Object.hasOwn(values, part) ? values[part]! : ''
      if (value === '') return null
      for (let k = 0; k < value.length; k++) pattern.push(value.charCodeAt(k))
    }
  }
  return pattern
}

/** Glob matching that remembers only the last run: at worst pattern × text steps, whatever the pattern. */
function matches(pattern: Pattern, text: string): boolean {
  let p = 0
  let t = 0
  let run = -1
  let resume = 0
  while (t < text.length) {
    const unit = pattern[p]
    if (unit === ANY_RUN) {
      run = p++
      resume = t
    } else if (unit === ANY_ONE || unit === text.charCodeAt(t)) {
      p++
      t++
    } else if (run >= 0) {
      p = run + 1
      t = ++resume
    } else return false
  }
  while (pattern[p] === ANY_RUN) p++
  return p === pattern.length
}
