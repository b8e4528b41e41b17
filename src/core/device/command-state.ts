import type { EpochMs } from '../telemetry/reading.ts'

export type CommandStatus = 'queued' | 'sent' | 'acknowledged' | 'succeeded' | 'failed' | 'expired'

/** What moves a command on. */
export type CommandEvent =
  { kind: 'sent' } | { kind: 'answered'; status: 'acknowledged' | 'succeeded' | 'failed' } | { kind: 'time' }

/**
 * Open commands of one device: neither finished nor expired. Threat: whoever may order can fill the book of a device that
 * is away (each up to 64 KB for 30 days), and all of it is published to the device at once when it comes back.
 */
export const MOST_OPEN_COMMANDS = 100

export const isFinal = (status: CommandStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'expired'

/**
 * The status after an event; the same status if the event changes nothing. An answer that comes after the expiry still
 * counts, for it says what really happened; a final status that a device gave never changes again.
 */
export function nextStatus(
  status: CommandStatus,
  event: CommandEvent,
  now: EpochMs,
  expiresAt: EpochMs,
): CommandStatus {
  if (status === 'succeeded' || status === 'failed') return status
  switch (event.kind) {
    case 'sent':
      return status === 'queued' && now < expiresAt ? 'sent' : status
    case 'answered':
      if (event.status === 'acknowledged') return status === 'expired' ? status : 'acknowledged'
      return event.status
    case 'time':
      return status !== 'expired' && now >= expiresAt ? 'expired' : status
  }
}

/** Whether to send it now: for the first time, or again because its first sending may have been lost. */
export function maySend(
  command: { status: CommandStatus; atMostOnce: boolean; expiresAt: EpochMs },
  now: EpochMs,
): boolean {
  if (now >= command.expiresAt) return false
  return command.status === 'queued' || (command.status === 'sent' && !command.atMostOnce)
}

/** What a device answers on `cmd/<trade>/<thing>/<name>/response`; null if it is no answer. */
export function parseAnswer(
  body: unknown,
): { id: string; status: 'acknowledged' | 'succeeded' | 'failed'; detail: string | null } | null {
  if (typeof body !== 'object' || body === null) return null
  const { id, status, reason, result } = body as Record<string, unknown>
  if (typeof id !== 'string' || id === '' || id.length > 256) return null
  if (status !== 'acknowledged' && status !== 'succeeded' && status !== 'failed') return null
  const said = reason ?? result
  const detail = said === undefined ? null : typeof said === 'string' ? said : JSON.stringify(said)
  return { id, status, detail: detail === null ? null : detail.slice(0, 1024) }
}
