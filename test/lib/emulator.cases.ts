import { describe, expect, it } from 'vitest'
import { emulatorDifferences } from '../../lib/emulator.ts'
import { emulated, everything, ofType, synth, type Resource } from './templates.ts'

const aws = synth(everything)
const emulator = synth(emulated)

const differencesOf = (stack: string) => emulatorDifferences.filter((d) => d.stack === stack)
const begins = (id: string, prefixes: readonly string[] = []): boolean =>
  prefixes.some((p) => id.startsWith(p))

/** Paths of properties that differ, down to `depth` names. */
function changedPaths(a: unknown, b: unknown, path = ''): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return []
  const isPlain = (v: unknown): v is Record<string, unknown> =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
  if (!isPlain(a) || !isPlain(b)) return [path]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    changedPaths(a[key], b[key], path === '' ? key : `${path}.${key}`),
  )
}

/** Every difference between the two templates of a stack that no line of the list names. */
function unexplained(stack: string): string[] {
  const [before, after] = [aws.stacks[stack] ?? {}, emulator.stacks[stack] ?? {}]
  const list = differencesOf(stack)
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((id) => {
    const [a, b] = [before[id], after[id]]
    if (!b) return list.some((d) => begins(id, d.without)) ? [] : [`${stack}/${id} is missing`]
    if (!a) return list.some((d) => begins(id, d.with)) ? [] : [`${stack}/${id} is new`]
    return changed(a, b)
      .filter(
        (path) =>
          !list.some((d) =>
            Object.entries(d.changed ?? {}).some(([p, paths]) => id.startsWith(p) && begins(path, paths)),
          ),
      )
      .map((path) => `${stack}/${id} ${path}`)
  })
}
const changed = (a: Resource, b: Resource): string[] => [
  ...(a.Type === b.Type ? [] : ['Type']),
  ...changedPaths(a.Properties, b.Properties),
]

describe('emulatorDifferences', () => {
  it.each(Object.keys(aws.stacks))('names all that differs in %s', (stack) => {
    expect(unexplained(stack)).toEqual([])
  })

  it('adds no stack of its own', () => {
    expect(Object.keys(aws.stacks)).toEqual(expect.arrayContaining(Object.keys(emulator.stacks)))
  })

  it('names nothing that does not differ', () => {
    const idle = emulatorDifferences.flatMap((d) => {
      const [before, after] = [aws.stacks[d.stack] ?? {}, emulator.stacks[d.stack] ?? {}]
      const gone = (d.without ?? []).filter(
        (p) => !Object.keys(before).some((id) => id.startsWith(p) && !after[id]),
      )
      const come = (d.with ?? []).filter(
        (p) => !Object.keys(after).some((id) => id.startsWith(p) && !before[id]),
      )
      return [...gone, ...come].map((p) => `${d.stack}/${p}`)
    })
    expect(idle).toEqual([])
  })

  it('leaves only resource types that the emulator knows', () => {
    for (const type of [
      'AWS::Kinesis::StreamConsumer',
      'AWS::Timestream::InfluxDBInstance',
      'AWS::WAFv2::WebACLAssociation',
      'AWS::EC2::VPC',
    ])
      expect(ofType(emulator, type)).toEqual([])
  })

  it('puts records through one function a trade', () => {
    const actions = ofType(emulator, 'AWS::IoT::TopicRule').map(
      ([, r]) => Object.keys((r.Properties['TopicRulePayload'] as { Actions: object[] }).Actions[0] ?? {})[0],
    )
    expect(actions.filter((a) => a === 'Lambda')).toHaveLength(6)
    expect(actions).not.toContain('Kinesis')
  })
})
