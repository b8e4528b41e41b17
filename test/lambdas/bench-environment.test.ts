import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { env } from '../../bench/lambda/environment.ts'

interface Environment {
  parseEnv(source: NodeJS.ProcessEnv): unknown
}

const root = new URL('../../', import.meta.url)
const modules = globSync('lambdas/*/env.ts', { cwd: root })

describe('the bench `lambda`', () => {
  it.each(modules)('gives %s every variable that it asks for', async (path) => {
    const { parseEnv } = (await import(new URL(path, root).href)) as Environment
    expect(() => parseEnv(env)).not.toThrow()
  })
})
