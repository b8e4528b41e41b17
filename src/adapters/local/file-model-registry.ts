import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyLine } from '../../core/maintenance/model-versions.ts'
import type { ModelRegistry, StoredLine } from '../../ports/model-registry.ts'

/**
 * Models as files in one folder a name. Files appear whole or not at all: written aside, synced, then renamed. One process
 * owns the folder (the box's lock on its data directory), so saves are put in line here.
 */
export function fileModelRegistry(directory: string): ModelRegistry {
  let turn: Promise<unknown> = Promise.resolve()

  const folderOf = (name: string): string => {
    // Threat: a name with a path in it would leave the folder.
    if (!/^[\w-][\w.-]{0,63}$/.test(name))
      throw new Error(`model name ${name} must be up to 64 letters, digits, dots, dashes and underscores`)
    return join(directory, name)
  }
  const fileOf = (name: string, version: number): string => join(folderOf(name), `v${version}.json`)

  const readLine = async (name: string): Promise<StoredLine> => {
    const text = await readText(join(folderOf(name), 'line.json'))
    return text === null ? { line: emptyLine, revision: 0 } : (JSON.parse(text) as StoredLine)
  }

  return {
    line: readLine,
    saveLine: (name, line, revision) => {
      const save = turn.then(async () => {
        const stored = await readLine(name)
        if (stored.revision !== revision) return false
        await mkdir(folderOf(name), { recursive: true })
        const part = join(folderOf(name), 'line.json.part')
        await writeSynced(part, JSON.stringify({ line, revision: revision + 1 }))
        await rename(part, join(folderOf(name), 'line.json'))
        return true
      })
      turn = save.catch(() => undefined)
      return save
    },
    putModel: async (name, version, text) => {
      await mkdir(folderOf(name), { recursive: true })
      const part = `${fileOf(name, version)}.${process.pid}.part`
      await writeSynced(part, text)
      try {
        await link(part, fileOf(name, version)) // unlike rename, fails where the version exists
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
        throw error
      } finally {
        await unlink(part)
      }
    },
    getModel: async (name, version) => readText(fileOf(name, version)),
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
