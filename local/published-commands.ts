import type { Trade } from '../src/core/telemetry/reading.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { CommandDesk } from '../src/ports/command-desk.ts'

/** Commands that are published as they come and kept nowhere: a device that does not listen misses them. */
export const publishedCommands = (parts: {
  tradeOf(thing: string): Trade | undefined
  clock: Clock
  publish(topic: string, payload: Uint8Array): void
}): CommandDesk => ({
  accept: async (commands) => {
    for (const { thing, name, id, payload, expiresAt } of commands) {
      const trade = parts.tradeOf(thing)
      if (trade === undefined || parts.clock.now() >= expiresAt) continue
      const body = Buffer.from(JSON.stringify({ id, expiresAt, payload }))
      parts.publish(`cmd/${trade}/${thing}/${name}/request`, body)
    }
  },
})
