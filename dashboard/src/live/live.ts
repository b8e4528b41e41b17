import { signal } from '@preact/signals'
import type { Latest, LatestValue } from '../api/types.ts'
import { now } from '../data/clock.ts'
import { openStream } from './stream.ts'
import { openPolling } from './poll.ts'

export interface AlarmNews {
  thing: string
  alarm: string
  change: 'active' | 'clear' | 'acknowledged'
}

/** What a page wants to hear of as it happens. */
export interface Follower {
  /** Their readings; none for a page that is only interested in alarms. */
  things: readonly string[]
  onValues?: (thing: string, values: readonly LatestValue[]) => void
  onAlarm?: (news: AlarmNews) => void
  /** Something may have been missed: fetch the present anew. */
  onGap?: () => void
}

/** What a way of hearing gives. The stream and the polling are two of them; pages cannot tell them apart. */
export interface Wire {
  onLatest(latest: Latest): void
  onAlarm(news: AlarmNews): void
  onGap(): void
  onState(state: LiveState): void
  onSign(): void
}
export type LiveState = 'live' | 'polling' | 'connecting' | 'lost'
export type OpenWire = (things: readonly string[], wire: Wire) => () => void

export const liveState = signal<LiveState>('connecting')
/** When the platform was last heard of, by its own clock. */
export const lastHeardAt = signal(0)

/** More names than this do not fit into one request: such pages poll by themselves. */
export const MOST_THINGS = 150

const followers = new Set<Follower>()
let close: (() => void) | null = null
let open = ''
let due: ReturnType<typeof setTimeout> | undefined

const wire: Wire = {
  onLatest: ({ thing, values }) => {
    for (const f of followers) if (f.things.includes(thing)) f.onValues?.(thing, values)
  },
  onAlarm: (news) => {
    for (const f of followers) f.onAlarm?.(news)
  },
  onGap: () => {
    for (const f of followers) f.onGap?.()
  },
  onState: (state) => (liveState.value = state),
  onSign: () => {
    // It is shown to the second.
    if (now() - lastHeardAt.peek() >= 250) lastHeardAt.value = now()
  },
}

/** Follows until the function that it gives is called. One connection serves all followers of this tab. */
export function follow(follower: Follower): () => void {
  followers.add(follower)
  connectSoon()
  return () => {
    followers.delete(follower)
    connectSoon()
  }
}

function connectSoon(): void {
  clearTimeout(due)
  due = setTimeout(connect, 30)
}

function connect(): void {
  const things = [...new Set([...followers].flatMap((f) => f.things))].sort().slice(0, MOST_THINGS)
  const wanted = followers.size === 0 || document.hidden ? '' : `follow ${things.join(',')}`
  if (wanted === open) return
  close?.()
  open = wanted
  close = wanted === '' ? null : openStream(things, wire, openPolling)
}

// A browser allows six connections to one host: tabs that nobody looks at hold none.
document.addEventListener('visibilitychange', connectSoon)
