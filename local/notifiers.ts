import { smtpNotifier } from '../src/adapters/local/smtp-notifier.ts'
import { webhookNotifier } from '../src/adapters/local/webhook-notifier.ts'
import type { Notifier } from '../src/ports/notifier.ts'

export interface NotifierSettings {
  webhook?: { url: string; secret: string | null }
  smtp?: { url: string; from: string; to: readonly string[] }
}

/** Shorter than the box waits for a notifier. */
const TIMEOUT_MS = 8000

/** Everyone who is told of alarms: the terminal always, others as set. */
export function createNotifiers(settings: NotifierSettings, print: (line: string) => void): Notifier[] {
  const { webhook, smtp } = settings
  return [
    consoleNotifier(print),
    ...(webhook ? [webhookNotifier({ ...webhook, timeoutMs: TIMEOUT_MS, clock: { now: Date.now } })] : []),
    ...(smtp ? [smtpNotifier({ ...smtp, timeoutMs: TIMEOUT_MS })] : []),
  ]
}

/** Tells whoever looks at the terminal. */
export const consoleNotifier = (print: (line: string) => void): Notifier => ({
  notify: async ({ to, severity, thing, at, why }) =>
    print(
      `${new Date(at).toISOString()} ${to === 'active' ? severity.toUpperCase() : 'cleared'} ${thing}: ${why.text}`,
    ),
})
