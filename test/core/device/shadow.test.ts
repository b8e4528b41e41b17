import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/device/json.ts'
import {
  deltaOf,
  isShadowError,
  parseShadowUpdate,
  shadowView,
  updateShadow,
  type ShadowChange,
  type ShadowDocument,
  type ShadowUpdate,
} from '../../../src/core/device/shadow.ts'

const NOW = 1_795_341_600_000
const SECOND = NOW / 1000

function applied(before: ShadowDocument | null, state: ShadowUpdate['state'], now = NOW): ShadowChange {
  const change = updateShadow(before, before?.version ?? 0, { state }, now)
  if (isShadowError(change)) throw new Error(change.message)
  return change
}

describe('parseShadowUpdate', () => {
  it.each([
    ['a text', 'x', 'Invalid JSON'],
    ['no state', {}, 'Missing required node: state'],
    ['a state that is no object', { state: 1 }, 'State node must be an object'],
    ['a desired that is no object', { state: { desired: 1 } }, 'Desired node must be an object'],
    ['a section of its own', { state: { wished: {} } }, "State contains an invalid node: 'wished'"],
    ['a version that is no number', { state: {}, version: 'x' }, 'Invalid version'],
    ['a long token', { state: {}, clientToken: 'x'.repeat(65) }, 'Invalid clientToken'],
  ])('refuses %s', (_, body, message) => {
    expect(parseShadowUpdate(body)).toEqual({ code: 400, message })
  })

  it('allows eight levels and refuses nine', () => {
    const nested = (levels: number): JsonObject => (levels === 1 ? { leaf: 1 } : { in: nested(levels - 1) })
    expect(parseShadowUpdate({ state: { desired: nested(8) } })).toMatchObject({ state: {} })
    expect(parseShadowUpdate({ state: { desired: nested(9) } })).toMatchObject({ code: 400 })
    let deep: JsonObject = {}
    for (let i = 0; i < 50_000; i++) deep = { in: deep }
    expect(parseShadowUpdate({ state: { desired: deep } })).toMatchObject({ code: 400 })
  })
})

describe('updateShadow', () => {
  it('merges objects, replaces everything else, and lets null delete', () => {
    const first = applied(null, { desired: { light: { on: true, level: 3 }, tags: [1, 2], old: 1 } })
    const second = applied(first.document, { desired: { light: { level: 5 }, tags: [3], old: null } })
    expect(second.document.state.desired).toEqual({ light: { on: true, level: 5 }, tags: [3] })
    expect(second.document.version).toBe(2)
    expect(applied(second.document, { desired: null }).document.state).toEqual({})
  })

  it('stamps each leaf with the second in which it was set', () => {
    const first = applied(null, { reported: { a: 1, list: [1, 2] } })
    const second = applied(first.document, { reported: { a: 2 } }, NOW + 5000)
    expect(second.document.metadata.reported).toEqual({
      a: { timestamp: SECOND + 5 },
      list: [{ timestamp: SECOND }, { timestamp: SECOND }],
    })
  })

  it('answers with what was asked, and tells what is still to be done', () => {
    const { document } = applied(null, { reported: { level: 1, mode: 'eco' } })
    const change = updateShadow(
      document,
      1,
      { state: { desired: { level: 4, mode: 'eco' } }, clientToken: 't' },
      NOW,
    )
    expect(change).toMatchObject({
      accepted: {
        state: { desired: { level: 4, mode: 'eco' } },
        version: 2,
        timestamp: SECOND,
        clientToken: 't',
      },
      delta: {
        state: { level: 4 },
        metadata: { level: { timestamp: SECOND } },
        version: 2,
        clientToken: 't',
      },
      documents: { previous: { version: 1 }, current: { version: 2 }, clientToken: 't' },
    })
  })

  it('refuses another version than the last, even of a deleted shadow', () => {
    const { document } = applied(null, { desired: { a: 1 } })
    const conflict = { code: 409, message: 'Version conflict' }
    expect(updateShadow(document, 1, { state: {}, version: 2 }, NOW)).toEqual(conflict)
    expect(updateShadow(null, 7, { state: {}, version: 0 }, NOW)).toEqual(conflict)
    expect(updateShadow(null, 7, { state: {} }, NOW)).toMatchObject({ document: { version: 8 } })
  })

  it('takes 8 KB of state and refuses a byte more', () => {
    const fill = (bytes: number) => ({
      desired: { a: 'x'.repeat(bytes - JSON.stringify({ desired: { a: '' } }).length) },
    })
    expect(updateShadow(null, 0, { state: fill(8192) }, NOW)).toMatchObject({ document: { version: 1 } })
    expect(updateShadow(null, 0, { state: fill(8193) }, NOW)).toMatchObject({ code: 413 })
  })

  it('treats __proto__ as a key like any other', () => {
    const hostile = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    ) as JsonObject
    const { document } = applied(applied(null, { desired: hostile }).document, { desired: hostile })
    expect(JSON.parse(JSON.stringify(document.state.desired))).toEqual(hostile)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  const value = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      fc.integer(),
      fc.string({ maxLength: 4 }),
      fc.boolean(),
      fc.array(fc.integer(), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('tree'), { maxKeys: 3 }),
    ),
  })).tree
  const section = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, {
    maxKeys: 3,
  }) as fc.Arbitrary<JsonObject>

  it('leaves no difference once the device reports what is desired', () => {
    fc.assert(
      fc.property(section, section, (desired, reported) => {
        const start = applied(applied(null, { reported }).document, { desired })
        const difference = deltaOf(start.document)
        if (difference === null) return
        const cleared = applied(start.document, { reported: null })
        expect(deltaOf(applied(cleared.document, { reported: desired }).document)).toBeNull()
      }),
    )
  })

  it('asks for exactly what reporting the difference settles, where nothing changes its kind', () => {
    const flat = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 3 }))
    fc.assert(
      fc.property(flat, flat, (desired, reported) => {
        const { document } = applied(applied(null, { reported }).document, { desired })
        const difference = deltaOf(document)?.['state'] as JsonObject | undefined
        const next = applied(document, { reported: difference ?? {} })
        expect(deltaOf(next.document)).toBeNull()
        expect(shadowView(next.document)['state']).not.toHaveProperty('delta')
      }),
    )
  })

  it('is idempotent but for the version', () => {
    fc.assert(
      fc.property(section, (desired) => {
        const once = applied(null, { desired }).document
        const twice = applied(once, { desired }).document
        expect({ ...twice, version: 1 }).toEqual(once)
      }),
    )
  })
})
