import type { EpochMs } from '../telemetry/reading.ts'

/** What a lifecycle event of AWS IoT Core, or of the box's broker, says about a device's connection. */
export interface PresenceNews {
  eventType: 'connected' | 'disconnected'
  sessionIdentifier: string
  timestamp: EpochMs
  versionNumber: number
  disconnectReason?: string
}

/** What is known of a device's connection. `session` is null where only its existence is known. */
export interface Link {
  connected: boolean
  session: string | null
  at: EpochMs
  version: number
  /** Sessions that have ended or were taken over, newest last: their late events mean nothing. */
  ended: readonly string[]
}

/** Late events of older sessions than this many come too late to matter. */
const REMEMBERED = 4
/** Two front ends of one broker may disagree by this much about the time. */
const SKEW_MS = 5_000

/**
 * Takes a presence event in whatever order it comes, once or twice. Events carry a version number that is shared by a
 * connection and its end, skips, and begins again at 0 after an hour away (AWS IoT Core, lifecycle events), so sessions
 * and times decide; a version only breaks a tie within the skew. Gives the same object if nothing changed.
 */
export function applyPresence(link: Link | null, news: PresenceNews): Link {
  return news.eventType === 'connected' ? connect(link, news) : disconnect(link, news)
}

function connect(link: Link | null, news: PresenceNews): Link {
  const { sessionIdentifier: session, timestamp: at, versionNumber: version } = news
  if (!link) return { connected: true, session, at, version, ended: [] }
  if (link.ended.includes(session) || link.session === session) return link
  const older = at < link.at && !(version > link.version && link.at - at < SKEW_MS)
  if (older) return { ...link, ended: remember(link.ended, session) }
  const ended = link.session === null ? link.ended : remember(link.ended, link.session)
  return { connected: true, session, at, version, ended }
}

function disconnect(link: Link | null, news: PresenceNews): Link {
  const { sessionIdentifier: session, timestamp: at, versionNumber: version } = news
  // Another connection of the same client took over, and may be announced only later.
  const replaced = news.disconnectReason === 'DUPLICATE_CLIENTID'
  if (!link) return { connected: replaced, session: null, at: replaced ? 0 : at, version, ended: [session] }
  if (link.ended.includes(session)) return link
  const ended = remember(link.ended, session)
  if (replaced) return { ...link, session: link.session === session ? null : link.session, ended }
  const current = link.session === session || (at >= link.at && (link.session === null || at > link.at))
  if (!current) return { ...link, ended }
  return { connected: false, session: null, at: Math.max(at, link.at), version, ended }
}

const remember = (ended: readonly string[], session: string): readonly string[] =>
  ended.includes(session) ? ended : [...ended.slice(1 - REMEMBERED), session]

export type DeviceCondition = 'never' | 'online' | 'silent' | 'offline'

export interface Vital {
  link: Link | null
  /** Receipt of the newest message, 0 if there never was one. */
  lastDataAt: EpochMs
  /** After this long without a message a device counts as silent; infinite while nothing is expected. */
  silenceMs: number
}

/** A device that comes back this soon was never away. */
export const GRACE_MS = 30_000

/**
 * Silent: connected, or without connections, and nothing came for the silence. Offline: the link went down and neither
 * link nor data came back within the grace. Data outlives a lost presence event: a device that speaks is not offline.
 * `dueAt` is when the condition would next change by itself.
 */
export function conditionOf(
  { link, lastDataAt, silenceMs }: Vital,
  now: EpochMs,
  graceMs: number = GRACE_MS,
): { condition: DeviceCondition; since: EpochMs; dueAt: EpochMs } {
  if (link === null && lastDataAt === 0) return { condition: 'never', since: 0, dueAt: Infinity }
  const spokeSince = link !== null && lastDataAt > link.at + SKEW_MS
  if (link && !link.connected && !spokeSince) {
    const dueAt = link.at + graceMs
    if (now >= dueAt) return { condition: 'offline', since: link.at, dueAt: Infinity }
    return { condition: 'online', since: link.at, dueAt }
  }
  const heard = Math.max(lastDataAt, link?.connected ? link.at : 0)
  const dueAt = heard + silenceMs
  if (now >= dueAt) return { condition: 'silent', since: heard, dueAt: Infinity }
  return { condition: 'online', since: heard, dueAt }
}
