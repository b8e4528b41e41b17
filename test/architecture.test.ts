import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** Who may import whom: DESIGN section 2. A layer may always import itself. */
const allowed: Record<string, readonly string[]> = {
  'src/core': [],
  'src/ports': ['src/core'],
  'src/pipeline': ['src/core', 'src/ports'],
  'src/api': ['src/core', 'src/ports', 'src/pipeline'],
  'src/adapters/local': ['src/core', 'src/ports'],
  'src/adapters/aws': ['src/core', 'src/ports'],
  // What needs nothing of either runtime: an HTTP forecast, a model file scored in this process, tables as files.
  'src/adapters/portable': ['src/core', 'src/ports'],
  local: ['src/core', 'src/ports', 'src/pipeline', 'src/api', 'src/adapters/local', 'src/adapters/portable'],
  lambdas: ['src/core', 'src/ports', 'src/pipeline', 'src/api', 'src/adapters/aws', 'src/adapters/portable'],
  simulator: ['src/core', 'src/ports'],
  'src/cli': [
    'src/core',
    'src/ports',
    'src/pipeline',
    'src/api',
    'src/adapters/local',
    'src/adapters/portable',
    'local',
    'simulator',
  ],
  lib: ['lambdas'],
  bin: ['src/cli', 'lib'],
  dashboard: [],
}

/** Exceptions, each with its reason. */
const exceptions: readonly { from: string; to: string; why: string }[] = [
  { from: 'lib', to: 'src/core/scaling', why: 'the scaler and its alarm share one formula' },
  { from: 'lib', to: 'src/core/cost', why: 'the cost widget shows what telltale cost prints' },
  { from: 'src/pipeline/history', to: 'src/pipeline', why: 'same layer' },
]

/** Packages that core may import: none. */
const corePackages: readonly string[] = []

interface Import {
  file: string
  target: string
  typeOnly: boolean
}

function filesUnder(dir: string): string[] {
  return readdirSync(join(root, dir), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const pattern =
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
  return [...text.matchAll(pattern)].map((m) => ({
    file,
    target: m[2] ?? m[3]!,
    typeOnly: m[1] !== undefined,
  }))
}

const layers = Object.keys(allowed).sort((a, b) => b.length - a.length)
const layerOf = (path: string): string | undefined =>
  layers.find((layer) => path === layer || path.startsWith(`${layer}/`))

function violations(): string[] {
  const found: string[] = []
  for (const layer of Object.keys(allowed)) {
    let files: string[]
    try {
      files = filesUnder(layer)
    } catch {
      continue
    }
    for (const { file, target, typeOnly } of files.filter((f) => layerOf(f) === layer).flatMap(importsOf)) {
      if (!target.startsWith('.')) {
        if (layer === 'src/core' && !corePackages.includes(target))
          found.push(`${file} imports the package ${target}`)
        continue
      }
      const to = relative(root, resolve(root, dirname(file), target))
      const toLayer = layerOf(to)
      if (toLayer === layer) continue
      if (toLayer === undefined) found.push(`${file} imports ${to}, which nobody may`)
      else if (exceptions.some((e) => file.startsWith(e.from) && to.startsWith(e.to))) continue
      else if (layer === 'lib' && (!typeOnly || !to.endsWith('env.ts')))
        found.push(`${file} imports more than types from ${to}`)
      else if (!allowed[layer]!.includes(toLayer)) found.push(`${file} imports ${to}`)
    }
  }
  return found
}

describe('architecture', () => {
  it('lets imports go one way', () => {
    expect(violations()).toEqual([])
  })

  it('keeps clocks and randomness out of the domain', () => {
    const files = [...filesUnder('src/core'), ...filesUnder('src/pipeline')]
    const guilty = files.filter((file) =>
      /Math\.random\(|Date\.now\(|new Date\(\)/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(guilty).toEqual([])
  })

  it('keeps files short enough to read', () => {
    const dirs = ['src', 'local', 'lambdas', 'lib', 'simulator', 'bench', 'bin', 'dashboard/src'].filter(
      (dir) => {
        try {
          return readdirSync(join(root, dir)).length > 0
        } catch {
          return false
        }
      },
    )
    const long = dirs
      .flatMap(filesUnder)
      .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 301)
    expect(long).toEqual([])
  })
})
