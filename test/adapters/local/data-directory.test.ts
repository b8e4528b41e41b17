import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { lockDataDirectory } from '../../../src/adapters/local/data-directory.ts'

describe('lockDataDirectory', () => {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-lock-'))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('lets one process have a directory, names it to the next, and is free once it has ended', () => {
    const unlock = lockDataDirectory(dir)
    expect(() => lockDataDirectory(dir)).toThrow(`is in use by process ${process.pid};`)
    unlock()
    lockDataDirectory(dir)()
  })

  it('is free after a process that was killed, whoever has its number by now', async () => {
    const module = new URL('../../../src/adapters/local/data-directory.ts', import.meta.url).href
    const script = `const { lockDataDirectory } = await import(${JSON.stringify(module)})
      lockDataDirectory(${JSON.stringify(dir)}); console.log('held'); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script])
    await once(child.stdout, 'data')
    expect(() => lockDataDirectory(dir)).toThrow(`is in use by process ${child.pid};`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    lockDataDirectory(dir)()
  })

  it('makes a directory with its parents, and says so where none can be made', () => {
    lockDataDirectory(join(dir, 'a/b'))()
    expect(() => lockDataDirectory('/proc/telltale/data')).toThrow('ENOENT')
  })

  it('takes no notice of a lock file that is torn, or holds the number of a living process', () => {
    lockDataDirectory(dir)()
    writeFileSync(join(dir, 'lock'), '1')
    lockDataDirectory(dir)()
  })
})
