import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { exitCodes } from '../../src/cli/exit-codes.ts'
import { createProgram } from '../../src/cli/program.ts'

const docs = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')

describe('exitCodes', () => {
  it('are the ones that docs/cli.md lists, with the same words', () => {
    const listed = [...docs.matchAll(/^\| (\d+)\s*\| (\w+)\s*\| (.*?)\s*\|$/gm)].map(([, ...row]) => row)
    expect(listed).toEqual(
      Object.entries(exitCodes).map(([name, { code, meaning }]) => [String(code), name, meaning]),
    )
  })

  it('differ from each other', () => {
    const codes = Object.values(exitCodes).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
  })
})

describe('createProgram', () => {
  it('says of every command what it does and offers --json', async () => {
    const { commands } = await createProgram()
    const leaves = commands.flatMap((c) => (c.commands.length > 0 ? c.commands : [c]))
    for (const command of leaves.flatMap((c) => (c.commands.length > 0 ? c.commands : [c]))) {
      expect(command.description(), command.name()).not.toBe('')
      expect(
        command.options.map(({ long }) => long),
        command.name(),
      ).toContain('--json')
    }
  })
})
