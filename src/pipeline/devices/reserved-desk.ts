import { isJsonObject, type JsonObject } from '../../core/device/json.ts'
import { parseReservedTopic } from '../../core/device/reserved-topic.ts'
import type { JobsError } from '../../core/device/job-execution.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ShadowDesk } from '../../ports/shadow-desk.ts'
import type { JobTopics } from './job-topics.ts'
import type { ProvisioningDesk } from './provisioning-desk.ts'

/** A publish to one of the platform's own topics. */
export interface ReservedMessage {
  thing: string
  /** The certificate's fingerprint. */
  principal: string
  topic: string
  payload: Uint8Array
  /** Answers this connection alone. */
  reply(topic: string, body: JsonObject): void
}

export interface ReservedPorts {
  shadows: ShadowDesk
  jobs: JobTopics
  provisioning: ProvisioningDesk
  clock: Clock
  publish(topic: string, body: JsonObject): void
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * What AWS IoT Core's reserved topics answer. Resolves once everything that the message asked for is on disk; what
 * cannot be answered is rejected on the topic, and only a failing dependency throws.
 */
export function createReservedDesk(ports: ReservedPorts): (message: ReservedMessage) => Promise<void> {
  const { shadows, jobs, provisioning, clock, publish } = ports

  async function job(
    message: ReservedMessage,
    answer: () => Promise<JsonObject | JobsError>,
    body: JsonObject | null,
  ) {
    const token = tokenOf(body)
    const result: JsonObject | JobsError =
      body === null ? { code: 'InvalidJson', message: 'the payload is no JSON object' } : await answer()
    const refused = 'code' in result
    publish(`${message.topic}/${refused ? 'rejected' : 'accepted'}`, {
      ...result,
      ...(refused && { timestamp: Math.floor(clock.now() / 1000) }),
      ...token,
    })
  }

  return async (message) => {
    const topic = parseReservedTopic(message.topic)
    const body = parsed(message.payload)
    const given = isJsonObject(body) ? body : null
    switch (topic?.kind) {
      case 'shadow': {
        const { thing, shadow, verb } = topic
        const token = tokenOf(given)['clientToken'] as string | undefined
        if (verb === 'update') await shadows.update(thing, shadow, body)
        else if (verb === 'get') await shadows.get(thing, shadow, token)
        else await shadows.remove(thing, shadow, token)
        return
      }
      case 'jobs': {
        const { thing, verb } = topic
        await job(message, async () => (verb === 'get' ? jobs.pending(thing) : jobs.startNext(thing, given!)), given) // prettier-ignore
        return
      }
      case 'job': {
        const { thing, job: id, verb } = topic
        await job(message, async () => (verb === 'get' ? jobs.describe(thing, id, given!) : jobs.update(thing, id, given!)), given) // prettier-ignore
        return
      }
      case 'certificate':
      case 'provision': {
        const { accepted, answer } = await provisioning.answer(topic, given, message)
        message.reply(`${message.topic}/${accepted ? 'accepted' : 'rejected'}`, answer)
        return
      }
      case undefined:
    }
  }
}

/** An empty payload is what many devices send for `get`. Undefined is no JSON. */
function parsed(payload: Uint8Array): unknown {
  try {
    return payload.length === 0 ? {} : (JSON.parse(utf8.decode(payload)) as unknown)
  } catch {
    return undefined
  }
}

const tokenOf = (body: JsonObject | null): JsonObject => {
  const token = body?.['clientToken']
  return typeof token === 'string' && token.length <= 64 ? { clientToken: token } : {}
}
