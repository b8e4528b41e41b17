import type { Aedes } from 'aedes'
import type { BrokerLimits } from './limits.ts'

interface Owner {
  id: string
}
interface Stored {
  messageId?: number
}

/** What this module uses of aedes's persistence, whose types the package does not export. */
interface Persistence {
  addSubscriptions(client: Owner, subscriptions: { topic: string; qos: number }[]): Promise<void>
  cleanSubscriptions(client: Owner): Promise<unknown>
  outgoingEnqueue(subscription: { clientId: string }, packet: Stored): Promise<void>
  outgoingEnqueueCombi(subscriptions: { clientId: string }[], packet: Stored): Promise<void>
  outgoingClearMessageId(client: Owner, packet: Stored): Promise<Stored | undefined>
  outgoingStream(client: Owner): AsyncIterable<Stored> | Iterable<Stored>
}

/** Bounds what persistent sessions may keep: messages by number, sessions by time, filters by what was granted. */
export interface SessionStore {
  opened(clientId: string): void
  /** A persistent session's connection ended. */
  away(clientId: string, elapsed: number): void
  expire(elapsed: number): void
}

export function boundSessions(
  aedes: Aedes,
  limits: Pick<BrokerLimits, 'queuedMessages' | 'sessionExpiryMs'>,
  granted: (clientId: string, filter: string) => boolean,
  dropped: () => void,
): SessionStore {
  const { persistence } = aedes as unknown as { persistence: Persistence }
  const add = persistence.addSubscriptions.bind(persistence)
  const clean = persistence.cleanSubscriptions.bind(persistence)
  const enqueue = persistence.outgoingEnqueue.bind(persistence)
  const enqueueAll = persistence.outgoingEnqueueCombi.bind(persistence)
  const clear = persistence.outgoingClearMessageId.bind(persistence)
  const waiting = persistence.outgoingStream.bind(persistence)
  const queued = new Map<string, number>()
  const awaySince = new Map<string, number>()

  function hasRoom({ clientId }: { clientId: string }): boolean {
    const count = queued.get(clientId) ?? 0
    if (count < limits.queuedMessages) queued.set(clientId, count + 1)
    else dropped()
    return count < limits.queuedMessages
  }

  async function purge(client: Owner): Promise<void> {
    if (!queued.has(client.id)) return
    for await (const packet of persistence.outgoingStream(client)) await clear(client, packet)
    queued.delete(client.id)
  }

  // aedes stores every filter of a SUBSCRIBE, also those that it refused: foreign messages would wait in this queue.
  persistence.addSubscriptions = (client, subscriptions) =>
    add(
      client,
      subscriptions.filter(({ topic, qos }) => qos <= 1 && granted(client.id, topic)),
    )
  persistence.outgoingEnqueue = async (subscription, packet) => {
    if (hasRoom(subscription)) await enqueue(subscription, packet)
  }
  persistence.outgoingEnqueueCombi = (subscriptions, packet) =>
    enqueueAll(subscriptions.length > 0 ? subscriptions.filter(hasRoom) : subscriptions, packet)
  // Most clients come back to an empty queue; a stream that says so is a fifth of what a connection costs aedes.
  persistence.outgoingStream = (client) => (queued.has(client.id) ? waiting(client) : [])
  persistence.outgoingClearMessageId = async (client, packet) => {
    const found = await clear(client, packet)
    const count = queued.get(client.id)
    if (found !== undefined && count !== undefined) {
      if (count > 1) queued.set(client.id, count - 1)
      else queued.delete(client.id)
    }
    return found
  }
  persistence.cleanSubscriptions = async (client) => {
    await purge(client)
    return clean(client)
  }

  return {
    opened: (clientId) => {
      awaySince.delete(clientId)
    },
    away: (clientId, elapsed) => {
      awaySince.set(clientId, elapsed)
    },
    expire: (elapsed) => {
      for (const [clientId, since] of awaySince) {
        if (elapsed - since <= limits.sessionExpiryMs) continue
        awaySince.delete(clientId)
        persistence.cleanSubscriptions({ id: clientId }).catch(() => undefined)
      }
    },
  }
}
