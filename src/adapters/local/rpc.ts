import type { MessagePort, Worker } from 'node:worker_threads'

/** What a thread offers: named functions over plain values. */
export type Handlers = Record<string, (...args: never[]) => unknown>

interface Call {
  id: number
  method: string
  args: unknown[]
}
interface Answer {
  id: number
  value?: unknown
  error?: string
  /** The error's name, so that callers can tell kinds apart. */
  name?: string
}

type Remote<H extends Handlers> = {
  [K in keyof H]: (...args: Parameters<H[K]>) => Promise<Awaited<ReturnType<H[K]>>>
}

export interface RemoteThread<H extends Handlers> {
  readonly call: Remote<H>
  /** Like a call, but hands these buffers over instead of copying them. */
  hand<K extends keyof H & string>(
    method: K,
    args: Parameters<H[K]>,
    buffers: ArrayBuffer[],
  ): Promise<Awaited<ReturnType<H[K]>>>
}

/** Calls into a thread that `serve`s. Calls arrive in the order in which they were made. */
export function connect<H extends Handlers>(thread: Worker): RemoteThread<H> {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let nextId = 0
  let dead: Error | null = null

  thread.on('message', (answer: Answer) => {
    const waiter = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.error === undefined) waiter?.resolve(answer.value as never)
    else waiter?.reject(Object.assign(new Error(answer.error), { name: answer.name ?? 'Error' }))
  })
  const fail = (error: Error): void => {
    dead = error
    for (const waiter of waiting.values()) waiter.reject(error)
    waiting.clear()
  }
  thread.on('error', (error) => fail(error as Error))
  thread.on('exit', (code) => fail(new Error(`the thread ended with code ${code}`)))

  const send = (method: string, args: unknown[], buffers: ArrayBuffer[]): Promise<never> =>
    new Promise((resolve, reject) => {
      if (dead) {
        reject(dead)
        return
      }
      const call: Call = { id: nextId++, method, args }
      waiting.set(call.id, { resolve, reject })
      thread.postMessage(call, buffers)
    })

  const call = new Proxy({} as Remote<H>, {
    get: (_, method) =>
      method === 'then' ? undefined : (...args: unknown[]) => send(String(method), args, []),
  })
  return { call, hand: (method, args, buffers) => send(method, args, buffers) }
}

/** Answers calls one after the other; an error's message travels back. */
export function serve(port: MessagePort, handlers: Handlers): void {
  port.on('message', ({ id, method, args }: Call) => {
    const answer = (value: unknown): void => port.postMessage({ id, value } satisfies Answer)
    const refuse = (error: unknown): void => {
      const { message, name } = error instanceof Error ? error : new Error(String(error))
      port.postMessage({ id, error: message, name } satisfies Answer)
    }
    try {
      const value = handlers[method]!(...(args as never[]))
      if (value instanceof Promise) value.then(answer, refuse)
      else answer(value)
    } catch (error) {
      refuse(error)
    }
  })
}
