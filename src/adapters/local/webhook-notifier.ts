import { createHmac } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'
import type { Notifier } from '../../ports/notifier.ts'
import { notificationOf } from './notification.ts'

export interface WebhookOptions {
  url: string
  /** Signs every request; without it there is no signature. */
  secret: string | null
  timeoutMs: number
  clock: Pick<Clock, 'now'>
}

/** A redirect that stays on the host is followed this often: more is a loop. */
const MOST_REDIRECTS = 3

/**
 * Posts each transition as JSON. `Telltale-Signature: t=<epoch seconds>,v1=<hex>` is the HMAC-SHA256 of
 * `<t>.<body>`, so that a receiver can refuse forgeries and, by `t`, old requests sent again.
 */
export function webhookNotifier({ url, secret, timeoutMs, clock }: WebhookOptions): Notifier {
  const target = URL.parse(url)
  if (target?.protocol !== 'https:' && target?.protocol !== 'http:')
    throw new Error(`a webhook's address begins with https:// or http://, this one is ${url}`)

  return {
    notify: async (transition) => {
      const body = JSON.stringify(notificationOf(transition))
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        'idempotency-key': transition.id,
        'user-agent': 'telltale',
        ...(secret === null ? {} : { 'telltale-signature': signature(secret, clock.now(), body) }),
      }
      const signal = AbortSignal.timeout(timeoutMs)
      let at = target
      for (let redirects = 0; ; redirects++) {
        const response = await fetch(at, { method: 'POST', headers, body, signal, redirect: 'manual' })
        await response.body?.cancel()
        if (response.ok) return
        const location = response.headers.get('location')
        // 307 and 308 keep method and body (RFC 9110 section 15.4.8); the others would turn this into a GET.
        if ((response.status !== 307 && response.status !== 308) || location === null)
          throw new Error(`${at.host} answered ${response.status}`)
        const next = new URL(location, at)
        // The threat: an alarm and its signature handed to whomever the first host names.
        if (next.origin !== target.origin)
          throw new Error(`${at.host} redirects to ${next.host}; give that address itself`)
        if (redirects === MOST_REDIRECTS) throw new Error(`${at.host} redirects without end`)
        at = next
      }
    },
  }
}

/** The signature header of a body at a moment. */
export function signature(secret: string, now: number, body: string): string {
  const t = Math.floor(now / 1000)
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`
}
