import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Refusal } from './ledger.ts'
import type { BrokerLimits } from './limits.ts'
import { routeOf, type Connect, type Identity, type Peer, type Permissions, type Route } from './session.ts'
import { filterFault } from './topics.ts'

export interface Fault {
  reason: Refusal
  detail: string
  /** CONNACK return code, MQTT 3.1.1, 3.2.2.3. */
  returnCode?: 2 | 5
}

/** Whether a certificate may be used now. Asked on every connection: a resumed TLS session was verified long ago. */
export function peerFault(peer: Peer, revoked: boolean, now: EpochMs): Fault | null {
  if (revoked) return { reason: 'certificate_revoked', detail: `serial ${peer.serial}` }
  if (peer.notAfter <= now) return { reason: 'certificate_expired', detail: `serial ${peer.serial}` }
  return null
}

export function identityFault(identity: Identity | null, peer: Peer): Fault | null {
  if (identity === null)
    return { reason: 'certificate_unknown', detail: `certificate ${peer.principal}`, returnCode: 5 }
  if (identity.status !== 'active')
    return { reason: 'device_not_active', detail: `the device is ${identity.status}`, returnCode: 5 }
  if (identity.policy === undefined && identity.thing !== peer.commonName)
    return { reason: 'connect_denied', detail: `the certificate names ${peer.commonName}`, returnCode: 5 }
  return null
}

/** Whether this CONNECT is allowed to this device: its own name, and a last will that it could publish itself. */
export function connectFault(permissions: Permissions, connect: Connect, limits: BrokerLimits): Fault | null {
  const { clientId, will } = connect
  if (clientId === '')
    return { reason: 'connect_denied', detail: 'the client id is empty; use the thing name', returnCode: 2 }
  const admitted = permissions.identity.admits?.(clientId) ?? true
  if (!admitted || !permissions.allows('iot:Connect', `client/${clientId}`))
    return { reason: 'connect_denied', detail: `client id "${clientId}"; use the thing name`, returnCode: 5 }
  if (will === null) return null
  const route = routeOf(permissions, will.topic, limits)
  const fault = publishFault(permissions, route, will, limits)
  return fault && { reason: 'connect_denied', detail: `last will: ${fault.detail}`, returnCode: 5 }
}

export function publishFault(
  permissions: Permissions,
  route: Route,
  message: { qos: number; retain: boolean; payloadBytes: number },
  limits: BrokerLimits,
): Fault | null {
  if (route.denied !== null) return { reason: 'publish_denied', detail: route.denied }
  if (message.payloadBytes > limits.payloadBytes)
    return {
      reason: 'payload_too_large',
      detail: `${message.payloadBytes} bytes, at most ${limits.payloadBytes}`,
    }
  if (message.qos > 1) return { reason: 'publish_denied', detail: 'QoS 2; use 0 or 1' }
  if (message.retain && !permissions.allows('iot:RetainPublish', `topic/${route.topic}`))
    return { reason: 'publish_denied', detail: 'the policy does not allow a retained message' }
  return null
}

export function subscribeFault(
  permissions: Permissions,
  subscription: { topic: string; qos: number },
  others: number,
  limits: BrokerLimits,
): Fault | null {
  const fault = filterFault(subscription.topic, limits)
  if (fault !== null) return { reason: 'subscribe_denied', detail: fault }
  if (subscription.qos > 1) return { reason: 'subscribe_denied', detail: 'QoS 2; use 0 or 1' }
  if (others >= limits.subscriptions)
    return { reason: 'subscribe_denied', detail: `more than ${limits.subscriptions} subscriptions` }
  return permissions.allows('iot:Subscribe', `topicfilter/${subscription.topic}`)
    ? null
    : { reason: 'subscribe_denied', detail: 'the policy does not allow it' }
}
