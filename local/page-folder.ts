import { spawn } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PageFolder } from '../src/api/page-files.ts'

const root = fileURLToPath(new URL('../dashboard/', import.meta.url))
const built = join(root, 'dist')

/** The built page as it lies there. */
export const builtPage: PageFolder = () =>
  Promise.resolve(existsSync(join(built, 'index.html')) ? built : null)

/**
 * The built page, built first where it is missing or older than its source and the build tool is installed: a second or
 * two, beside the start of the box, which does not wait. Who asks for the page meanwhile does.
 */
export function freshPage(log: (line: string) => void): PageFolder {
  const ready = (async () => {
    if (!isStale()) return
    const vite = viteScript()
    if (vite === null) return
    await build(vite).catch((error: Error) => log(`the page could not be built: ${error.message}`))
  })()
  return async () => {
    await ready
    return builtPage()
  }
}

function isStale(): boolean {
  const index = statSync(join(built, 'index.html'), { throwIfNoEntry: false })
  if (!index) return true
  const sources = ['src', 'public'].flatMap((dir) =>
    existsSync(join(root, dir))
      ? readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' }).map((name) =>
          join(root, dir, name),
        )
      : [],
  )
  return [join(root, 'index.html'), join(root, 'vite.config.ts'), ...sources].some(
    (file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > index.mtimeMs,
  )
}

/** Null where only what runs is installed (`npm ci --omit=dev`). */
function viteScript(): string | null {
  try {
    const require = createRequire(import.meta.url)
    return join(dirname(require.resolve('vite/package.json')), 'bin/vite.js')
  } catch {
    return null
  }
}

/** Builds aside and then swaps, so that nobody is ever served half a page. */
async function build(vite: string): Promise<void> {
  const aside = join(root, '.cache', String(process.pid))
  const child = spawn(process.execPath, [vite, 'build', root, '--outDir', aside, '--emptyOutDir', '--logLevel', 'error'], { stdio: ['ignore', 'ignore', 'pipe'] }) // prettier-ignore
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  try {
    if (code !== 0) throw new Error(said.trim().slice(-500) || `vite ended with ${code}`)
    rmSync(built, { recursive: true, force: true })
    renameSync(aside, built)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}
