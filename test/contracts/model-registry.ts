import { describe, expect, it } from 'vitest'
import { addVersion, emptyLine } from '../../src/core/maintenance/model-versions.ts'
import type { ModelRegistry } from '../../src/ports/model-registry.ts'

/** What every model registry promises. `make` gives an empty one. */
export function modelRegistryContract(adapter: string, make: () => Promise<ModelRegistry>): void {
  describe(`model registry: ${adapter}`, () => {
    it('lets only the first of two savers win, also when they come together', async () => {
      const registry = await make()
      expect(await registry.line('m')).toEqual({ line: emptyLine, revision: 0 })
      const saves = await Promise.all(
        [1, 2].map(async (at) => registry.saveLine('m', addVersion(emptyLine, at, {}), 0)),
      )
      expect(saves.toSorted()).toEqual([false, true])
      const { line, revision } = await registry.line('m')
      expect(revision).toBe(1)
      expect(line.versions).toHaveLength(1)
      expect(await registry.saveLine('m', addVersion(line, 3, { f1: 0.5 }), 1)).toBe(true)
      expect((await registry.line('m')).line.versions[1]).toEqual({
        version: 2,
        createdAt: 3,
        metrics: { f1: 0.5 },
      })
      expect((await registry.line('n')).revision).toBe(0)
    })

    it('never changes a version', async () => {
      const registry = await make()
      expect(await registry.putModel('m', 1, 'one')).toBe(true)
      expect(await registry.putModel('m', 1, 'two')).toBe(false)
      expect(await registry.getModel('m', 1)).toBe('one')
      expect(await registry.getModel('m', 2)).toBeNull()
      expect(await registry.getModel('n', 1)).toBeNull()
    })

    it('refuses a name that would leave its folder', async () => {
      const registry = await make()
      await expect(registry.getModel('../etc', 1)).rejects.toThrow(/model name/)
      await expect(registry.putModel('a/b', 1, '')).rejects.toThrow(/model name/)
    })
  })
}
