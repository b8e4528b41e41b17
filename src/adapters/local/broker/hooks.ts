import type { AedesOptions, AuthenticateError, Client, PublishPacket } from 'aedes'
import type { Intake } from './intake.ts'
import type { Interest } from './interest.ts'
import type { Ledger } from './ledger.ts'
import type { BrokerLimits } from './limits.ts'
import type { BrokerOptions } from './options.ts'
import { connectFault, identityFault, peerFault, publishFault, subscribeFault, type Fault } from './rules.ts'
import { isWanted, mayReceive, permissionsOf, routeOf, type Session } from './session.ts'
import { covers } from './topics.ts'

export interface HookContext {
  options: BrokerOptions
  limits: BrokerLimits
  ledger: Ledger
  intake: Intake
  interest: Interest
  sessionOf: (client: Client) => Session | undefined
  /** Called when a CONNECT is granted, before its CONNACK: an older connection of the same client must end. */
  takeOver(session: Session): void
}

/** A publish that nobody but the journal wants: the broker's fan-out is skipped for it. */
export interface MarkedPacket {
  undelivered?: boolean
}

type Hooks = Required<
  Pick<
    AedesOptions,
    'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'
  >
>

/** An error that was already counted and audited. */
const REFUSED = 'TELLTALE_REFUSED'
const refusedError = (detail: string, returnCode: 2 | 5 = 5): AuthenticateError =>
  Object.assign(new Error(detail), { code: REFUSED, returnCode })

export function createHooks(context: HookContext): Hooks {
  const { options, limits, ledger, interest, sessionOf } = context
  const { clock, directory, authority } = options

  const refuse = (session: Session, fault: Fault, subject: string): AuthenticateError => {
    const actor = session.permissions?.identity.thing ?? session.peer?.commonName ?? 'unknown'
    ledger.refuse(fault.reason, actor, subject, fault.detail)
    session.endReason ??= 'AUTH_ERROR'
    return refusedError(fault.detail, fault.returnCode)
  }

  const preConnect: Hooks['preConnect'] = (client, packet, done) => {
    const session = sessionOf(client)
    if (session === undefined) return done(refusedError('unknown connection'), false)
    const { will } = packet
    session.connect = {
      clientId: packet.clientId,
      clean: packet.clean ?? true,
      will: will
        ? {
            topic: will.topic,
            qos: will.qos ?? 0,
            retain: will.retain ?? false,
            payloadBytes: will.payload.length,
          }
        : null,
      keepAliveMs: (packet.keepalive ?? 0) * 1000,
    }
    // aedes would time it itself, and not see what the telemetry lane takes.
    packet.keepalive = 0
    // aedes would take MQTT 3.1 too; an unknown version makes it answer CONNACK 1.
    if (packet.protocolVersion === 3) packet.protocolVersion = 0 as 3
    return done(null, true)
  }

  function connectRefusal(session: Session): Fault | null {
    const { connect } = session
    if (connect === null) return { reason: 'connect_denied', detail: 'no CONNECT' }
    const plain = session.peer === null
    const peer = session.peer ?? {
      principal: connect.clientId,
      commonName: connect.clientId,
      serial: '',
      notAfter: Infinity,
      remoteAddress: '127.0.0.1',
    }
    const revoked = !plain && authority.isRevoked(peer.serial)
    const fault = peerFault(peer, revoked, clock.now())
    if (fault !== null) return fault
    const identity = plain
      ? (directory.identifyPlain?.(connect.clientId) ?? null)
      : directory.identify(peer.principal, peer.commonName)
    const stranger = identityFault(identity, peer)
    if (stranger !== null) return stranger
    const permissions = permissionsOf(identity!, connect.clientId)
    const denied = connectFault(permissions, connect, limits)
    if (denied !== null) return denied
    session.peer = peer
    session.permissions = permissions
    return null
  }

  const authenticate: Hooks['authenticate'] = (client, _user, _password, done) => {
    const session = sessionOf(client)
    if (session === undefined) return done(refusedError('unknown connection'), null)
    const fault = connectRefusal(session)
    if (fault !== null) return done(refuse(session, fault, `client ${session.connect?.clientId ?? ''}`), null)
    context.takeOver(session)
    return done(null, true)
  }

  function reserve(
    client: Client,
    session: Session,
    packet: PublishPacket,
    done: (error?: Error | null) => void,
  ): void {
    if (options.reserved === undefined) {
      const detail = 'nothing answers on this reserved topic'
      return done(refuse(session, { reason: 'publish_denied', detail }, packet.topic))
    }
    const { identity, clientId } = session.permissions!
    const request = {
      identity,
      clientId,
      principal: session.peer!.principal,
      topic: packet.topic,
      payload: packet.payload as Buffer,
      reply: (topic: string, payload: Uint8Array): void => {
        if (client.closed || ![...session.subscriptions].some((filter) => covers(filter, topic))) return
        const answer = {
          cmd: 'publish',
          topic,
          payload: Buffer.from(payload),
          qos: 1,
          retain: false,
          dup: false,
        } as const
        client.publish(answer, () => undefined)
      },
    }
    session.inflight++
    return options.reserved(request, (error) => {
      session.inflight--
      if (error !== undefined) session.endReason ??= 'SERVER_ERROR'
      done(error === undefined ? null : refusedError(error.message))
    })
  }

  const authorizePublish: Hooks['authorizePublish'] = (client, packet, done) => {
    if (client === null) return done(null) // the platform's own
    const session = sessionOf(client)
    const permissions = session?.permissions
    if (!session || !permissions) return done(refusedError('not connected'))
    const route = routeOf(permissions, packet.topic, limits)
    if (
      route.denied !== null ||
      packet.qos > 1 ||
      packet.retain ||
      packet.payload.length > limits.payloadBytes
    ) {
      const message = { qos: packet.qos, retain: packet.retain, payloadBytes: packet.payload.length }
      const fault = publishFault(permissions, route, message, limits)
      if (fault !== null) return done(refuse(session, fault, packet.topic))
    }
    if (route.destination === 'subscribers') return done(null)
    const marked = packet as MarkedPacket
    if (route.destination === 'reserved') {
      marked.undelivered = true
      return reserve(client, session, packet, done)
    }
    marked.undelivered = !isWanted(route, packet.retain, interest)
    const take = (): void =>
      context.intake(session, route, packet.payload as Buffer, packet.qos, (error) =>
        done(error === undefined ? null : refusedError(error.message)),
      )
    return session.throttle === null ? take() : session.throttle.run(take)
  }

  const authorizeSubscribe: Hooks['authorizeSubscribe'] = (client, subscription, done) => {
    const session = sessionOf(client)
    const permissions = session?.permissions
    if (!session || !permissions) return done(null, null)
    const { subscriptions } = session
    const others = subscriptions.size - (subscriptions.has(subscription.topic) ? 1 : 0)
    const fault = subscribeFault(permissions, subscription, others, limits)
    if (fault !== null) {
      ledger.refuse(fault.reason, permissions.identity.thing, subscription.topic, fault.detail)
      return done(null, null) // SUBACK 128
    }
    subscriptions.add(subscription.topic)
    interest.add(subscription.topic)
    return done(null, subscription)
  }

  const authorizeForward: Hooks['authorizeForward'] = (client, packet) => {
    const permissions = sessionOf(client)?.permissions
    if (!permissions || !mayReceive(permissions, packet.topic)) return null
    ledger.stats.delivered++
    return packet
  }

  return { preConnect, authenticate, authorizePublish, authorizeSubscribe, authorizeForward }
}
