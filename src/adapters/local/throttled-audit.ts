import type { Audit, AuditEntry } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'

const EVERY_MS = 1_000
/** Distinct entries remembered: an attacker chooses the subjects. */
const REMEMBERED = 1_000

/** Leaves a minor audit line; a flood of equal actions of one actor leaves one line a second with their number. */
export function throttledAudit(
  audit: Pick<Audit, 'record'>,
  clock: Clock,
): (entry: Omit<AuditEntry, 'at'>) => void {
  const recent = new Map<string, { at: number; suppressed: number }>()
  return ({ actor, action, subject, detail }) => {
    const key = `${action} ${actor}`
    const last = recent.get(key)
    const elapsed = clock.elapsed()
    if (last && elapsed - last.at < EVERY_MS) {
      last.suppressed++
      return
    }
    if (recent.size >= REMEMBERED) recent.clear()
    recent.set(key, { at: elapsed, suppressed: 0 })
    const more = last && last.suppressed > 0 ? ` (and ${last.suppressed} more before)` : ''
    const entry = { at: clock.now(), actor, action, subject: cut(subject), detail: cut(detail) + more }
    audit.record(entry, { minor: true })
  }
}

/** What a stranger sends must not fill the audit log. */
const cut = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text)
