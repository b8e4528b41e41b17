import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { unknownUnit } from '../../src/api/routes/register-devices.ts'
import { ruleSchema } from '../../src/api/rule-schema.ts'
import { deviceTypeInputSchema } from '../../src/api/type-schema.ts'

const folder = (name: string): string => fileURLToPath(new URL(`../../examples/${name}/`, import.meta.url))
const files = (name: string): [string, unknown][] =>
  readdirSync(folder(name))
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file, JSON.parse(readFileSync(folder(name) + file, 'utf8')) as unknown])

describe('examples', () => {
  it.each(files('types'))('types/%s is a device type', async (_, body) => {
    const type = deviceTypeInputSchema.parse(body)
    expect(await unknownUnit(type.measures)).toBeNull()
  })

  it.each(files('rules'))('rules/%s is a rule', (_, body) => {
    expect(ruleSchema.parse(body)).toMatchObject(body as object)
  })
})

describe('ruleSchema', () => {
  const rule = { when: { measure: 't', above: 1 }, severity: 'minor' }
  it('fills in a minute of delay each way', () => {
    expect(ruleSchema.parse(rule)).toEqual({ ...rule, forMinutes: 1, clearAfterMinutes: 1 })
  })

  it.each([
    { ...rule, when: {} },
    { ...rule, when: { measure: 't' } },
    { ...rule, when: { measure: 't', above: 1, below: 0 } },
    { ...rule, when: { measure: 't', missing: false } },
    { ...rule, when: { all: [] } },
    { ...rule, when: { all: [{ any: [rule.when] }] } },
    { ...rule, when: { measure: '__proto__', above: 1 } },
    { ...rule, when: { measure: 't', above: Number.NaN } },
    { ...rule, forMinutes: 0 },
    { ...rule, forMinutes: 1441 },
    { ...rule, severity: 'loud' },
    { ...rule, notify: 'email' },
  ])('refuses %j', (body) => {
    expect(ruleSchema.safeParse(body).success).toBe(false)
  })
})
