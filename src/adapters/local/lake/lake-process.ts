import { fork } from 'node:child_process'
import { connectProcess, type RemoteProcess } from './process-rpc.ts'
import type { Handlers } from '../rpc.ts'

export interface LakeProcessOptions {
  /** The program that serves. */
  module: URL
  job: object
  heapMb: number
  /** Runs at this niceness where the system allows it: sealing gives way to devices. */
  nice?: number
}

/** Starts a lake process; its calls wait until it listens. */
export function startLakeProcess<H extends Handlers>({
  module,
  job,
  heapMb,
}: LakeProcessOptions): RemoteProcess<H> & {
  end(): Promise<void>
  pid: number
} {
  const child = fork(module, [JSON.stringify(job)], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${heapMb}`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
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
