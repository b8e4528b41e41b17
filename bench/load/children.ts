import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** As the command line keeps it: children start in half the time. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url))

/** A child process that is talked to one question at a time. */
export interface Child {
  ask<T>(question: object, answer: string, timeoutMs?: number): Promise<T>
  send(message: object): void
  on(listener: (message: Record<string, unknown>) => void): void
  kill(signal?: NodeJS.Signals): Promise<void>
  pid: number
}

export function child(script: URL, args: string[] = []): Child {
  const process_: ChildProcess = fork(script, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  })
  const exited = new Promise<void>((resolve) => process_.once('exit', () => resolve()))
  let gone = false
  void exited.then(() => (gone = true))
  return {
    pid: process_.pid!,
    send: (message) => void process_.send(message),
    on: (listener) => void process_.on('message', (message) => listener(message as Record<string, unknown>)),
    ask: <T>(question: object, answer: string, timeoutMs = 120_000) =>
      new Promise<T>((resolve, reject) => {
        const timer = setTimeout(() => done(new Error(`no ${answer} within ${timeoutMs} ms`)), timeoutMs)
        const onMessage = (message: unknown): void => {
          if (message !== null && typeof message === 'object' && answer in message)
            done(null, (message as Record<string, T>)[answer])
        }
        const onExit = (): void => done(new Error(`the child ended before it said ${answer}`))
        const done = (error: Error | null, value?: T): void => {
          clearTimeout(timer)
          process_.off('message', onMessage)
          process_.off('exit', onExit)
          if (error) reject(error)
          else resolve(value as T)
        }
        process_.on('message', onMessage)
        process_.on('exit', onExit)
        process_.send(question)
      }),
    kill: async (signal = 'SIGKILL') => {
      if (!gone) process_.kill(signal)
      await exited
    },
  }
}

export const boxScript = new URL('./box-process.ts', import.meta.url)
export const generatorScript = new URL('./generator.ts', import.meta.url)
export const ceilingScript = new URL('../ceiling/ceiling.ts', import.meta.url)
