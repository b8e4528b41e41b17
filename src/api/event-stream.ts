import { boundedQueue } from './bounded-queue.ts'
import { apiLimits } from './limits.ts'
import type { LiveHub, Numbered } from './live-hub.ts'
import type { LiveEvent } from './ports.ts'

export interface EventStreamOptions {
  hub: LiveHub
  /** Id of the last event that the reader has, from an earlier stream. */
  after: string | undefined
  wants: (event: LiveEvent) => Promise<boolean>
  /** Asked before every heartbeat; the stream ends once it says no. */
  stillAllowed: () => Promise<boolean>
  heartbeatMs: number
  elapsed: () => number
  onEnd: () => void
}

/**
 * Server-sent events (WHATWG HTML section 9.2) of one reader. It pulls: a reader who does not read costs one bounded
 * queue, and learns by a `dropped` event how much it missed. The first event is `hello`, which says whether the
 * reader goes on where it was; if not, it has to fetch the present anew.
 */
export function eventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { hub, after, wants, stillAllowed, heartbeatMs, elapsed, onEnd } = options
  const queue = boundedQueue<Numbered>(apiLimits.queuedEvents)
  const missed = missedSince(hub, after)
  const unsubscribe = hub.subscribe((numbered) => queue.push(numbered))
  const encoder = new TextEncoder()
  let pending = frame(missed ? (after ?? '') : idOf(hub, hub.newest()), 'hello', {
    resumed: missed !== null,
    heartbeatMs,
  })
  for (const numbered of missed ?? []) queue.push(numbered)
  let checkedAt = elapsed()
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    unsubscribe()
    queue.close()
    onEnd()
  }

  const next = async (): Promise<string | null> => {
    for (;;) {
      if (elapsed() - checkedAt >= heartbeatMs) {
        checkedAt = elapsed()
        if (!(await stillAllowed())) return null
      }
      const { items, dropped } = queue.take()
      let text = pending
      pending = ''
      if (dropped > 0) text += `event: dropped\ndata: ${JSON.stringify({ count: dropped })}\n\n`
      for (const numbered of items) if (await wants(numbered.event)) text += eventFrame(hub, numbered)
      if (text !== '') return text
      if (!(await queue.wait(heartbeatMs))) return ended || !(await stillAllowed()) ? null : ': heartbeat\n\n'
    }
  }
  return new ReadableStream(
    {
      async pull(controller) {
        const text = await next()
        if (text !== null) controller.enqueue(encoder.encode(text))
        else if (!ended) {
          end()
          controller.close()
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}

const idOf = (hub: LiveHub, number: number): string => `${hub.run}-${number}`

/** What the reader missed, null if it is new here or if too much has happened since. */
function missedSince(hub: LiveHub, after: string | undefined): Numbered[] | null {
  const match = /^(\w+)-(\d{1,15})$/.exec(after ?? '')
  return match?.[1] === hub.run ? hub.since(Number(match[2])) : null
}

/** Many readers get the same event, so its text is made once. */
const frames = new WeakMap<Numbered, string>()
function eventFrame(hub: LiveHub, numbered: Numbered): string {
  let text = frames.get(numbered)
  if (text === undefined) {
    const { kind, ...data } = numbered.event
    text = frame(idOf(hub, numbered.number), kind, data)
    frames.set(numbered, text)
  }
  return text
}

const frame = (id: string, event: string, data: object): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
