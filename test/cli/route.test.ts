import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { routeCommand } from '../../src/cli/route.ts'

const file = fileURLToPath(new URL('../fixtures/vrp/P-n16-k8.vrp', import.meta.url))
afterEach(() => vi.restoreAllMocks())

function run(...args: string[]): string {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const program = new Command().exitOverride()
  routeCommand(program)
  program.parse(['node', 'telltale', 'route', ...args])
  return String(log.mock.calls[0]![0])
}

describe('routeCommand', () => {
  it('prints vehicles, distance and routes as JSON', () => {
    const answer = JSON.parse(run(file, '--seconds', '0.2', '--json')) as Record<string, unknown>
    expect(answer).toMatchObject({ vehicles: 8 })
    expect((answer['routes'] as number[][]).flat().sort((a, b) => a - b)).toEqual(
      Array.from({ length: 15 }, (_, i) => i + 1),
    )
  })

  it('prints a line a route for people', () => {
    expect(run(file, '--seconds', '0.1').split('\n')).toHaveLength(9)
  })
})
