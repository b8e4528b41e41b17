import type { EpochMs } from '../src/core/telemetry/reading.ts'
import type { SimulatedEvent, SimulatedMessage } from './message.ts'
import type { Random } from './random.ts'

/** What goes wrong on the way, each by its name. Shares are probabilities of a message, for skew of a device. */
export interface Disorder {
  loss?: number
  duplicates?: number
  /** Messages that arrive up to `byS` seconds after they should. */
  late?: { share: number; byS: number }
  /** Devices whose clock is up to `byS` seconds off, either way. */
  skew?: { share: number; byS: number }
  /** Every `everyS` seconds all devices lose their connection for `lastsS`, buffer, and come back at once. */
  reconnectStorms?: { everyS: number; lastsS: number }
}

/** What a run really did to its messages. */
export interface DisorderTally {
  messages: number
  lost: number
  duplicated: number
  late: number
  skewed: number
  buffered: number
  disconnects: number
}

export const noTally = (): DisorderTally => ({ messages: 0, lost: 0, duplicated: 0, late: 0, skewed: 0, buffered: 0, disconnects: 0 }) // prettier-ignore

/** The stream with this disorder put on it, still ascending by `sendAt`. What was done is counted in `tally`. */
export function* disordered(
  stream: Iterable<SimulatedMessage>,
  disorder: Disorder,
  random: Random,
  start: EpochMs,
  tally: DisorderTally = noTally(),
): Generator<SimulatedEvent> {
  const { loss = 0, duplicates = 0, late, skew, reconnectStorms: storms } = disorder
  const draws = random.fork('disorder')
  const skews = new Map<string, number>()
  const cut = new Map<string, number>()
  const waiting = eventQueue()

  for (const original of stream) {
    tally.messages++
    while (waiting.size() > 0 && waiting.first() <= original.sendAt) yield waiting.take()
    let event = skewed(original)
    if (draws.uniform() < loss) {
      tally.lost++
      continue
    }
    if (late && draws.uniform() < late.share) {
      tally.late++
      event = delayed(event, event.sendAt + Math.ceil(draws.uniform() * late.byS * 1000), 'late')
    }
    place(event)
    if (draws.uniform() < duplicates) {
      tally.duplicated++
      place(delayed(event, event.sendAt + Math.floor(draws.uniform() * 2000), 'duplicate'))
    }
    // What is due at this very moment may go: later originals are never earlier than this one.
    while (waiting.size() > 0 && waiting.first() <= original.sendAt) yield waiting.take()
  }
  while (waiting.size() > 0) yield waiting.take()

  /** Into the queue, or into the buffer of a device that has no connection at that time. */
  function place(event: SimulatedMessage): void {
    const end = stormEnd(event.sendAt)
    if (end === null) return waiting.add(event)
    if (cut.get(event.thing) !== end) {
      cut.set(event.thing, end)
      tally.disconnects++
      waiting.add({ kind: 'disconnect', thing: event.thing, sendAt: event.sendAt, until: end })
    }
    tally.buffered++
    waiting.add(delayed(event, end, 'buffered'))
  }

  function stormEnd(at: EpochMs): EpochMs | null {
    if (!storms) return null
    const since = at - start
    const into = since % (storms.everyS * 1000)
    // The first storm comes after one whole period.
    return since >= storms.everyS * 1000 && into < storms.lastsS * 1000
      ? at - into + storms.lastsS * 1000
      : null
  }

  function skewed(event: SimulatedMessage): SimulatedMessage {
    if (!skew) return event
    let byMs = skews.get(event.thing)
    if (byMs === undefined) {
      const own = random.fork(`skew/${event.thing}`)
      byMs = own.uniform() < skew.share ? Math.round((own.uniform() * 2 - 1) * skew.byS * 1000) : 0
      skews.set(event.thing, byMs)
    }
    if (byMs === 0) return event
    tally.skewed++
    const message = { ...event.message, at: event.message.at + byMs }
    return { ...event, message, disorder: [...event.disorder, 'skewed'] }
  }
}

const delayed = (
  event: SimulatedMessage,
  sendAt: EpochMs,
  name: SimulatedMessage['disorder'][number],
): SimulatedMessage => ({ ...event, sendAt, disorder: [...event.disorder, name] })

/** Ascending by time, equal times in the order they came: a binary heap with a counter. */
function eventQueue() {
  const heap: { event: SimulatedEvent; order: number }[] = []
  let count = 0
  const before = (a: number, b: number): boolean => {
    const [x, y] = [heap[a]!, heap[b]!]
    return x.event.sendAt < y.event.sendAt || (x.event.sendAt === y.event.sendAt && x.order < y.order)
  }
  const swap = (a: number, b: number): void => {
    ;[heap[a], heap[b]] = [heap[b]!, heap[a]!]
  }
  return {
    size: () => heap.length,
    first: () => heap[0]!.event.sendAt,
    add: (event: SimulatedEvent) => {
      heap.push({ event, order: count++ })
      for (let i = heap.length - 1; i > 0;) {
        const parent = (i - 1) >> 1
        if (!before(i, parent)) break
        swap(i, parent)
        i = parent
      }
    },
    take: (): SimulatedEvent => {
      const { event } = heap[0]!
      const last = heap.pop()!
      if (heap.length === 0) return event
      heap[0] = last
      for (let i = 0; ;) {
        let least = i
        for (const child of [2 * i + 1, 2 * i + 2])
          if (child < heap.length && before(child, least)) least = child
        if (least === i) return event
        swap(i, least)
        i = least
      }
    },
  }
}
