import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** What only somebody who looks at the map fetches. */
const ofTheMap = /^(map-view|maplibre-gl-worker|land-50m)/

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

  it('weighs at most 150 kB packed before the map, every page together', () => {
    const files = readdirSync(join(folder, 'assets')).filter((name) => !ofTheMap.test(name))
    const packed = ['index.html', ...files.map((name) => `assets/${name}`)].reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path))).byteLength, 0) // prettier-ignore
    console.log(`the page weighs ${(packed / 1024).toFixed(1)} kB packed before the map`)
    expect(files.length).toBeGreaterThan(10)
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
