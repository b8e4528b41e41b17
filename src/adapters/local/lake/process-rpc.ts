import type { ChildProcess } from 'node:child_process'
import type { Handlers } from '../rpc.ts'

interface Call {
  id: number
  method: string
  args: unknown[]
}
type Answer = { id: number; value?: unknown; error?: string; name?: string }

export type RemoteProcess<H extends Handlers> = {
  [K in keyof H]: (...args: Parameters<H[K]>) => Promise<Awaited<ReturnType<H[K]>>>
}

/** Calls into a child process that `serveProcess`es. A child that dies refuses what it had not answered. */
export function connectProcess<H extends Handlers>(child: ChildProcess): RemoteProcess<H> {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let nextId = 0
  let dead: Error | null = null
  child.on('message', (message) => {
    const { id, value, error, name = 'Error' } = message as Answer
    const waiter = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) waiter?.resolve(value as never)
    else waiter?.reject(Object.assign(new Error(error), { name }))
  })
  const fail = (error: Error): void => {
    dead ??= error
    for (const waiter of waiting.values()) waiter.reject(dead)
    waiting.clear()
  }
  child.on('error', fail)
  child.on('exit', (code, signal) => fail(new Error(`the lake process ended (${signal ?? code})`)))
  return new Proxy({} as RemoteProcess<H>, {
    get: (_, method) =>
      method === 'then'
        ? undefined
        : (...args: unknown[]) =>
            new Promise((resolve, reject) => {
              if (dead) {
                reject(dead)
                return
              }
              const id = nextId++
              waiting.set(id, { resolve, reject })
              child.send({ id, method: String(method), args } satisfies Call, (error) => error && fail(error))
            }),
  })
}

/** Answers the parent's calls, several at a time; ends when the parent is gone. */
export function serveProcess(handlers: Handlers): void {
  process.on('message', (message) => {
    const { id, method, args } = message as Call
    void (async () => {
      try {
        const value = await handlers[method]!(...(args as never[]))
        process.send?.({ id, value } satisfies Answer)
      } catch (error) {
        const { message, name } = error instanceof Error ? error : new Error(String(error))
        process.send?.({ id, error: message, name } satisfies Answer)
      }
    })()
  })
  process.on('disconnect', () => process.exit(0))
}
