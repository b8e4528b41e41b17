import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('the built page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-bundle-'))
  beforeAll(async () => {
    await build({
      configFile: new URL('../../dashboard/vite.config.ts', import.meta.url).pathname,
      build: { outDir: folder },
      logLevel: 'error',
    })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('weighs at most 150 kB packed before the map', () => {
    const first = ['index.html', ...[...readFileSync(join(folder, 'index.html'), 'utf8').matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path ?? '')] // prettier-ignore
    expect(first.length).toBeGreaterThan(2)
    const packed = first.reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path))).byteLength, 0)
    expect(packed).toBeLessThan(150 * 1024)
  })

  it('names no other host to load from', () => {
    const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => /\.(js|css|html)$/.test(name) && !name.includes('map-view') && !name.includes('worker'),
      )
      .map((name) => readFileSync(join(folder, name), 'utf8'))
    for (const text of texts) expect(text).not.toMatch(/(?:src|href|url|import|fetch)\W{1,4}https?:\/\//)
  })
})
