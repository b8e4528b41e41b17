import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { refusalCodes } from '../src/core/device/request-refusal.ts'
import { reasons } from '../src/core/telemetry/errors.ts'
import { limits } from '../src/core/telemetry/limits.ts'
import { decodeMessage } from '../src/pipeline/decode/decode.ts'

const read = (file: string): string => readFileSync(new URL(`../docs/${file}`, import.meta.url), 'utf8')
/** First and second cell of every table row whose first cell is code. */
const codeRows = (markdown: string): [string, string][] =>
  [...markdown.matchAll(/^\| `([^`]+)` *\| (.+?) *\|/gm)].map(([, code, cell]) => [
    code!,
    cell!.replaceAll('\\', ''),
  ])
const receivedAt = 1_763_806_800_000

describe('docs/errors.md', () => {
  it('lists the reasons for quarantine, each with its sentence', () => {
    expect(codeRows(read('errors.md'))).toEqual(Object.entries(reasons))
  })
})

describe('docs/fleet.md', () => {
  it('lists the codes of a refused request, each with its sentence', () => {
    const page = read('fleet.md')
    const section = page.slice(page.indexOf('## A vehicle asks'), page.indexOf('## API'))
    expect(codeRows(section)).toEqual(Object.entries(refusalCodes))
  })
})

describe('docs/wire-format.md', () => {
  const page = read('wire-format.md')

  it('lists the limits', () => {
    const rows = codeRows(page.slice(page.indexOf('## Limits'), page.indexOf('## Errors')))
    expect(rows.map(([name, value]) => [name, Number(value)])).toEqual(Object.entries(limits))
  })

  const examples = [...page.matchAll(/```json\n(.+?)```/gs)].map(([, json]) => json!)

  it('has an example of each form', () => {
    expect(examples).toHaveLength(4)
  })

  it.each(examples)('shows a message that is accepted: %s', (json) => {
    const columns = decodeMessage(new TextEncoder().encode(json), receivedAt)
    expect(columns.length).toBeGreaterThan(0)
    for (const { at } of columns) expect(at[0]).toBeGreaterThan(receivedAt - 10_000)
  })
})

describe('docs/health.md', () => {
  it('lists the conditions that a box may report', () => {
    const sources = ['box-health', 'history', 'box-devices'].map((name) =>
      readFileSync(new URL(`../local/${name}.ts`, import.meta.url), 'utf8'),
    )
    const reported = sources.flatMap((source) =>
      [...source.matchAll(/^ *\[?'([a-z]+_[a-z]+)',$|\['([a-z]+_[a-z]+)', /gm)].map(([, a, b]) => a ?? b),
    )
    const listed = codeRows(read('health.md')).map(([code]) => code)
    expect(listed.toSorted()).toEqual([...new Set(reported)].toSorted())
  })
})
