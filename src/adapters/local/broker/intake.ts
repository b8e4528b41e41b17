import type { Ledger } from './ledger.ts'
import type { BrokerOptions } from './options.ts'
import type { Route, Session } from './session.ts'

/** Takes one publish of a device to the journal; `done` comes once it may be acknowledged, or with why it may not. */
export type Intake = (
  session: Session,
  route: Route,
  payload: Buffer,
  qos: number,
  done: (error?: Error) => void,
) => void

export function createIntake(
  { clock, ingest, pressure }: Pick<BrokerOptions, 'clock' | 'ingest' | 'pressure'>,
  { stats }: Ledger,
): Intake {
  return (session, { topic }, payload, qos, done) => {
    if (qos === 0 && pressure?.() === true) {
      stats.shed++
      return done()
    }
    session.inflight++
    const message = { topic, client: session.permissions!.identity.thing, receivedAt: clock.now(), payload }
    return ingest(message, (error) => {
      session.inflight--
      if (error === undefined) {
        stats.published++
        stats.publishedBytes += payload.length
        return done()
      }
      stats.failed++
      if (qos === 0) return done()
      session.endReason ??= 'SERVER_ERROR'
      return done(error)
    })
  }
}
