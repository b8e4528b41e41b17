import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { KeeperOptions } from './keeper.ts'
import type { LakeChange } from './manifest.ts'

/** Publishes what a process wrote; files of a change that came too late are removed again. False where nothing changes. */
export function createPublish({ lakeDir, store }: Pick<KeeperOptions, 'lakeDir' | 'store'>) {
  return async (change: LakeChange): Promise<boolean> => {
    if (change.add.length === 0 && change.remove.length === 0 && change.deletions.length === 0) return false
    try {
      await store.lakePublish(change)
      return true
    } catch (error) {
      for (const { path } of change.add) rmSync(join(lakeDir, path), { force: true })
      throw error
    }
  }
}
