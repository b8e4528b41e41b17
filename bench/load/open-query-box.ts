import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { QueryBoxMessage } from './query-box.ts'

/** A box in a process of its own that is asked one thing at a time. */
export function openQueryBox() {
  const box = fork(fileURLToPath(new URL('./query-box.ts', import.meta.url)), [], {
    serialization: 'advanced',
  })
  return {
    ask: <T>(message: QueryBoxMessage): Promise<T> =>
      new Promise((resolve, reject) => {
        const ended = (): void => reject(new Error('the box ended'))
        box.once('exit', ended)
        box.once('message', (answer) => {
          box.off('exit', ended)
          resolve(answer as T)
        })
        box.send(message)
      }),
    kill: (): void => void box.kill(),
  }
}
