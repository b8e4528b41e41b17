import type { Broker } from '../src/adapters/local/broker/broker.ts'
import type { Authority } from '../src/adapters/local/ca/authority.ts'
import type { CorrectedClock } from '../src/adapters/local/corrected-clock.ts'
import type { Audit } from '../src/ports/audit.ts'

const CLOCK_EVERY_MS = 1000
const CERTIFICATES_EVERY_MS = 3_600_000

/** Looks after what changes by itself: a clock that jumps, certificates that run out. Gives the timers. */
export function watchClockAndCertificates(parts: {
  clock: CorrectedClock
  authority: Pick<Authority, 'renewIfDue'>
  broker: Pick<Broker, 'reloadCrl'>
  audit: Pick<Audit, 'record'>
  log(line: string): void
  /** The server has a new certificate. */
  onRenewal(): void
}): NodeJS.Timeout[] {
  const { clock, authority, broker, audit, log, onRenewal } = parts
  const checkClock = (): void => {
    const jump = clock.check()
    if (!jump) return
    log(`the clock ${jump.accepted ? 'was corrected' : 'jumped'} by ${Math.round(jump.byMs / 1000)} s`)
    const detail = JSON.stringify(jump)
    audit.record({ at: clock.now(), actor: 'telltale', action: 'clock_jump', subject: '', detail })
  }
  const renew = async (): Promise<void> => {
    const { root, server, crl } = await authority.renewIfDue(clock.now())
    if (root)
      audit.record({ at: clock.now(), actor: 'telltale', action: 'authority.renew', subject: '', detail: 'a new root beside the old one' }) // prettier-ignore
    if (server || crl) broker.reloadCrl()
    if (server) onRenewal()
  }
  return [
    setInterval(checkClock, CLOCK_EVERY_MS),
    setInterval(() => {
      renew().catch((error: Error) => log(`certificates: ${error.message}`))
    }, CERTIFICATES_EVERY_MS),
  ]
}
