import { spawn, type ChildProcess } from 'node:child_process'
import { getPriority, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { connectProcess, type RemoteProcess } from './process-rpc.ts'
import type { Handlers } from '../rpc.ts'

export interface LakeProcessOptions {
  /** The program that serves. */
  module: URL
  job: object
  heapMb: number
  /** Memory that it may hold at most; where the system can, it is refused more. */
  mostMb: number
  /** Niceness beyond its parent's, where the system allows it: sealing gives way to devices. */
  nice?: number
}

/**
 * Writable memory that Node and DuckDB reserve before they do anything, nearly all of it stacks of threads that are
 * never touched: RLIMIT_DATA counts what is reserved, so the limit lies above this (VmData of an idle child: 633 MB).
 */
const RESERVED_MB = 640

/** Starts a lake process; its calls wait until it listens. */
export function startLakeProcess<H extends Handlers>(
  options: LakeProcessOptions,
): RemoteProcess<H> & {
  end(): Promise<void>
  pid: number
} {
  const child = launch(options)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const remote = connectProcess<H>(child)
  const end = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(timer)
  }
  return new Proxy(remote, {
    get: (target, key) => (key === 'end' ? end : key === 'pid' ? (child.pid ?? 0) : target[key as string]),
  }) as RemoteProcess<H> & { end(): Promise<void>; pid: number }
}

function launch({ module, job, heapMb, mostMb, nice }: LakeProcessOptions): ChildProcess {
  const node = [
    process.execPath,
    `--max-old-space-size=${heapMb}`,
    '--max-semi-space-size=4', // V8's own choice is fifty megabytes of garbage
    fileURLToPath(module),
    JSON.stringify(job),
  ]
  // setrlimit(2): since Linux 4.7 RLIMIT_DATA holds for every private writable mapping; the shell is replaced by Node.
  const limited = ['sh', '-c', `ulimit -d ${(RESERVED_MB + mostMb) * 1024}; exec "$0" "$@"`, ...node]
  const [program, ...args] = process.platform === 'linux' ? limited : node
  const child = spawn(program!, args, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  if (nice !== undefined && child.pid !== undefined)
    try {
      setPriority(child.pid, Math.min(19, getPriority() + nice))
    } catch {
      // not allowed here: it runs like everybody else
    }
  return child
}
