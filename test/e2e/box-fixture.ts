import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import type { Notifier } from '../../src/ports/notifier.ts'

const bin = fileURLToPath(new URL('../../bin/telltale.js', import.meta.url))

export interface TestBox {
  box: Box
  dir: string
  /** Runs a command line as its own process, against this box unless told otherwise. */
  telltale(...args: string[]): Promise<Ended>
  stop(): Promise<void>
}

export interface Ended {
  code: number
  stdout: string
  stderr: string
  json: unknown
}

/** A box on free ports with a data directory of its own, whose ticks come quickly. */
export async function openTestBox(notifiers: readonly Notifier[] = []): Promise<TestBox> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-'))
  const box = await startBox({
    ...boxDefaults,
    dir,
    mqttPort: 0,
    httpsPort: 0,
    httpPort: 0,
    tickEveryMs: 250,
    notifiers,
    version: 'test',
    log: () => {},
  })
  return {
    box,
    dir,
    telltale: (...args) => runTelltale([...args, '--data', dir]),
    stop: async () => {
      await box.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export function runTelltale(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [bin, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        const code = error ? Number(error.code ?? 1) : 0
        resolve({
          code,
          stdout,
          stderr,
          json: stdout.startsWith('{') ? (JSON.parse(stdout) as unknown) : null,
        })
      },
    )
  })
}
