import type { DurableCommandDesk } from '../../src/pipeline/devices/command-desk.ts'

export interface DeviceEventParts {
  /** Gives the thing if it is connected now. */
  settle(body: string): Promise<string | null>
  commands: Pick<DurableCommandDesk, 'answered' | 'listening'>
}

/** One message of the queue: a connect or disconnect, after which what waits is sent; or an answer to a command. */
export function deviceEvent({ settle, commands }: DeviceEventParts) {
  return async (body: string): Promise<void> => {
    const { topic, data } = JSON.parse(body) as { topic?: unknown; data?: unknown }
    if (typeof topic === 'string' && typeof data === 'string') {
      // The policy of a certificate lets a thing speak under its own name only.
      const [kind, , thing] = topic.split('/')
      if (kind === 'cmd' && thing !== undefined) await commands.answered(thing, Buffer.from(data, 'base64'))
      return
    }
    const thing = await settle(body)
    if (thing !== null) await commands.listening(thing)
  }
}
