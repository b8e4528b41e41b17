import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

/** The machine that a figure was measured on. */
export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}`

/** The commit that was measured; with a plus where the code differs from it. */
export function commit(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()
    return (
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'src', 'local') ? '+' : '')
    )
  } catch {
    return 'unknown'
  }
}
