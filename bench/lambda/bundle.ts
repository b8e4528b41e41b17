import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'
import { aliasesOf } from '../../lib/bundle-aliases.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const out = `${root}.cache/lambda-bench/`

export const handlerNames = readdirSync(`${root}lambdas`, { withFileTypes: true })
  .filter(
    (entry) => entry.isDirectory() && readdirSync(`${root}lambdas/${entry.name}`).includes('handler.ts'),
  )
  .map((entry) => entry.name)

export interface Bundle {
  file: string
  bundleBytes: number
  packages: string[]
}

/** Bundles a handler as its construct does (lib/constructs/node-function.ts): minified, the SDK left to the runtime. */
export const bundleOptions = (name: string) =>
  ({
    entryPoints: [`${root}lambdas/${name}/handler.ts`],
    bundle: true,
    platform: 'node',
    format: 'esm',
    minify: true,
    target: 'node24',
    mainFields: ['module', 'main'],
    external: ['@aws-sdk/*', './ucum.mjs'],
    alias: aliasesOf(name),
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    metafile: true,
    logLevel: 'error',
  }) as const satisfies BuildOptions

export async function bundle(name: string): Promise<Bundle> {
  mkdirSync(out, { recursive: true })
  const file = `${out}${name}.mjs`
  const { metafile } = await build({ ...bundleOptions(name), outfile: file })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  const packages = [
    ...new Set(imports.map(({ path }) => path).filter((path) => path.startsWith('@aws-sdk/'))),
  ]
  return { file, bundleBytes: statSync(file).size, packages }
}

/** Milliseconds that a fresh process takes to load a bundle with the real SDK; the middle of three. */
export function coldImportMs(file: string, env: Record<string, string>): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - t); process.exit(0)`
  const times = Array.from({ length: 3 }, () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, ...env },
        encoding: 'utf8',
      }),
    ),
  )
  return Math.round(times.sort((a, b) => a - b)[1]!)
}
