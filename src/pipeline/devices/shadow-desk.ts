import type { JsonObject } from '../../core/device/json.ts'
import { shadowTopic } from '../../core/device/reserved-topic.ts'
import {
  isShadowError,
  parseShadowUpdate,
  shadowRefusal,
  shadowView,
  type ShadowError,
} from '../../core/device/shadow.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ShadowDesk, ShadowStore } from '../../ports/shadow-desk.ts'

export interface ShadowDeskPorts {
  store: ShadowStore
  clock: Clock
  /** To whoever has subscribed; never waits. */
  publish(topic: string, body: JsonObject): void
}

/**
 * Answers for shadows over MQTT and REST alike: whoever asks, the answer, the delta and the whole change are published
 * on the shadow's topics, as AWS IoT Core does. An answer follows the change onto disk.
 */
export function createShadowDesk({ store, clock, publish }: ShadowDeskPorts): ShadowDesk {
  const missing = (shadow: string): ShadowError => ({
    code: 404,
    message: shadow === '' ? 'No shadow exists' : `No shadow exists with name: '${shadow}'`,
  })

  function answer(
    thing: string,
    shadow: string,
    verb: 'get' | 'update' | 'delete',
    result: JsonObject | ShadowError,
    token: string | undefined,
  ): typeof result {
    const base = `${shadowTopic(thing, shadow)}/${verb}`
    if (isRefusal(result)) publish(`${base}/rejected`, shadowRefusal(result, clock.now(), token))
    else publish(`${base}/accepted`, result)
    return result
  }

  return {
    get: async (thing, shadow, token) => {
      const document = await store.read(thing, shadow)
      return answer(thing, shadow, 'get', document ? shadowView(document, token) : missing(shadow), token)
    },
    update: async (thing, shadow, body) => {
      const update = parseShadowUpdate(body)
      if (isShadowError(update)) return answer(thing, shadow, 'update', update, tokenIn(body))
      const change = await store.apply(thing, shadow, update, clock.now())
      if (isShadowError(change)) return answer(thing, shadow, 'update', change, update.clientToken)
      const topic = `${shadowTopic(thing, shadow)}/update`
      publish(`${topic}/accepted`, change.accepted)
      if (change.delta) publish(`${topic}/delta`, change.delta)
      publish(`${topic}/documents`, change.documents)
      return change.accepted
    },
    remove: async (thing, shadow, token) => {
      const version = await store.erase(thing, shadow)
      const timestamp = Math.floor(clock.now() / 1000)
      const gone = { version: version ?? 0, timestamp, ...(token !== undefined && { clientToken: token }) }
      return answer(thing, shadow, 'delete', version === null ? missing(shadow) : gone, token)
    },
    names: store.names,
  }
}

/** A refusal has nothing but its code and message; an answer never has a code. */
export const isRefusal = (result: object): result is ShadowError => 'code' in result && 'message' in result

/** A token can be echoed even from a request that is refused. */
const tokenIn = (body: unknown): string | undefined => {
  const token = typeof body === 'object' && body !== null ? (body as JsonObject)['clientToken'] : undefined
  return typeof token === 'string' && token.length <= 64 ? token : undefined
}
