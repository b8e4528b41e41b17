import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { routeCommand } from '../../src/cli/route.ts'

const file = fileURLToPath(new URL('../fixtures/vrp/P-n16-k8.vrp', import.meta.url))
const impossible = fileURLToPath(new URL('../fixtures/vrp/impossible.txt', import.meta.url))
afterEach(() => vi.restoreAllMocks())

async function run(...args: string[]): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const program = new Command().exitOverride()
  routeCommand(program)
  await program.parseAsync(['node', 'telltale', 'route', ...args])
  return String(log.mock.calls[0]![0])
}

describe('routeCommand', () => {
  it('plans the rest where some stops are impossible, says which and why, and fails', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const answer = JSON.parse(await run(impossible, '--seconds', '0.1', '--json')) as Record<string, unknown>
    expect(answer).toMatchObject({ vehicles: 1, routes: [[1]], unassigned: [2] })
    expect(error.mock.calls).toEqual([
      ['stop 2 is left out: its demand of 60 is more than any vehicle carries'],
    ])
    expect(process.exitCode).toBe(1)
    process.exitCode = 0
  })

  it('prints vehicles, distance and routes as JSON', async () => {
    const answer = JSON.parse(await run(file, '--seconds', '0.2', '--json')) as Record<string, unknown>
    expect(answer).toMatchObject({ vehicles: 8 })
    expect((answer['routes'] as number[][]).flat().sort((a, b) => a - b)).toEqual(
      Array.from({ length: 15 }, (_, i) => i + 1),
    )
  })

  it('prints a line a route for people', async () => {
    expect((await run(file, '--seconds', '0.1')).split('\n')).toHaveLength(9)
  })
})
