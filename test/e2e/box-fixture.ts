import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import { runProgram } from '../../src/cli/program.ts'
import type { Notifier } from '../../src/ports/notifier.ts'

const bin = fileURLToPath(new URL('../../bin/telltale.js', import.meta.url))

export interface TestBox {
  box: Box
  dir: string
  /** Runs a command line against this box. */
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

/** Runs a command line in this process: what a process of its own costs is not what its tests are about. */
export async function runTelltale(args: readonly string[]): Promise<Ended> {
  const { log, error } = console
  const before = process.exitCode
  let stdout = ''
  let stderr = ''
  console.log = (line: string) => void (stdout += `${line}\n`)
  console.error = (line: string) => void (stderr += `${line}\n`)
  process.exitCode = undefined
  try {
    const code = await runProgram(args)
    return { code, stdout, stderr, json: jsonOf(stdout) }
  } finally {
    process.exitCode = before
    Object.assign(console, { log, error })
  }
}

/** The same as a process of its own. */
export function spawnTelltale(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], (error, stdout, stderr) => {
      const code = error ? Number(error.code ?? 1) : 0
      resolve({ code, stdout, stderr, json: jsonOf(stdout) })
    })
  })
}

const jsonOf = (stdout: string): unknown => (stdout.startsWith('{') ? (JSON.parse(stdout) as unknown) : null)
